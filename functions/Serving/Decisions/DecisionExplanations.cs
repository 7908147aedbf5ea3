using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>
/// Explains recorded decisions when they are asked for, from their inputs and by the model version that made them: what would have led to approval,
/// and what each column gave. Nothing of it is recorded, so that an erased application has none.
/// </summary>
/// <remarks>The live model is used where it is that version; of the others the last one stays loaded, and they are used one at a time.</remarks>
public sealed class DecisionExplanations(ModelRegistry registry, LiveModels? live = null) : IDisposable
{
    private const int MostSimilar = 5;
    private const string DocumentsAlone = "Nothing else speaks against approval: a document says otherwise than the application, and a person compares both.";

    private readonly SemaphoreSlim _turn = new(1);
    private (string Portfolio, CreditScorer Model)? _earlier;

    /// <summary>Explains a decision; where its model cannot be read any more, the decision alone, with the reason.</summary>
    public async Task<ExplainedDecision> ExplainAsync(DecidedCase made, CancellationToken cancel)
    {
        var (portfolio, version) = (made.Decision.Portfolio, made.Decision.ModelVersion);
        try
        {
            using (var lease = await LiveAsync(portfolio, cancel))
            {
                if (lease?.Version == version) return Explain(made, lease.Model);
            }

            await _turn.WaitAsync(cancel);
            try
            {
                if (_earlier is not { } kept || kept.Portfolio != portfolio || kept.Model.Bundle.Version != version)
                {
                    var bundle = await registry.OpenAsync(CreditContract.FamilyName, portfolio, version, cancel);
                    var model = CreditScorer.Load(bundle);
                    _earlier?.Model.Dispose();
                    _earlier = (portfolio, model);
                }

                return Explain(made, _earlier.Value.Model);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (InvalidModelException)
        {
            return new(With(made, made.Decision.Verdict == DecisionVerdict.Approve ? null : new([], false, $"Model version {version}, which decided, is gone or was changed: it takes its bundle in the registry to tell.")), null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _earlier?.Model.Dispose();
        _turn.Dispose();
    }

    // A champion that cannot be served says nothing of the version that decided.
    private async Task<ModelLease<CreditScorer>?> LiveAsync(string portfolio, CancellationToken cancel)
    {
        try
        {
            return live is null ? null : await live.RentAsync<CreditScorer>(CreditContract.FamilyName, portfolio, cancel);
        }
        catch (InvalidModelException)
        {
            return null;
        }
    }

    internal static ExplainedDecision Explain(DecidedCase made, CreditScorer model)
    {
        var fields = made.Inputs.Fields;
        var decision = With(made, made.Decision.Verdict == DecisionVerdict.Approve ? null
            : made.Inputs.Documents is not null && DecisionRules.Objections(model, fields).Count == 0 ? new([], false, DocumentsAlone)
            : new CounterfactualFinder(model, changed => DecisionRules.Objections(model, changed)).Find(fields));
        return model.Read(fields) is Outcome<BinnedApplication>.Done { Value: var read }
            ? new(decision, new(ColumnShape.Of(model, fields, read.Bins), PairShape.Of(model.Card, read.Bins), model.Contract, model.Card.Kind, model.SimilarCases(read, MostSimilar)))
            : new(decision, null);
    }

    private static Decision With(DecidedCase made, Counterfactuals? counterfactuals) => made.Decision with { Counterfactuals = counterfactuals, Review = made.Review };
}

/// <summary>A decision with what explains it.</summary>
/// <param name="Decision">The recorded decision, with counterfactuals where it was not approval, and what a person made of it.</param>
/// <param name="Shapes">What the columns gave; null where the model that decided cannot be read any more, or no longer reads the inputs.</param>
public sealed record ExplainedDecision(Decision Decision, DecisionShapes? Shapes);

/// <summary>What the columns of a decision's model gave.</summary>
/// <param name="Columns">The columns, those that cost most first.</param>
/// <param name="Pairs">The pairs of a glass box.</param>
/// <param name="Contract">The contract that the model was trained under.</param>
/// <param name="Kind">The kind of model.</param>
/// <param name="Similar">The past loans that are nearest to the application; none where the model keeps none.</param>
public sealed record DecisionShapes(IReadOnlyList<ColumnShape> Columns, IReadOnlyList<PairShape> Pairs, CreditContract Contract, ModelKind Kind, IReadOnlyList<SimilarCase> Similar);
