using System.Text.Json;
using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>Makes a recorded decision once more, from the recorded inputs and the model version that made it.</summary>
public sealed class DecisionReplay(ApplicationStore applications, ModelRegistry registry)
{
    /// <summary>How far the probability may differ on another kind of processor.</summary>
    public const double Tolerance = 1e-6;

    /// <summary>Replays; rejected when there is no such application, or its inputs no longer give a decision.</summary>
    /// <exception cref="InvalidModelException">The model version is gone or was changed.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<Outcome<ReplayedDecision>> RunAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        if (await applications.FindAsync(portfolio, applicationId, cancel) is not { } record)
            return Outcome<ReplayedDecision>.Reject($"There is no decision on application '{applicationId}' in portfolio '{portfolio}'.");
        if (record.Case is not { } made) return new ReplayedDecision(ReplayResult.Erased, null, null, []);
        var bundle = await registry.OpenAsync(CreditContract.FamilyName, portfolio, made.Decision.ModelVersion, cancel);
        using var model = CreditScorer.Load(bundle);
        var application = new LoanApplication(applicationId, portfolio, made.Inputs.SubmittedAt, made.Inputs.Fields, made.Inputs.PayloadHash);
        return DecisionRules.Decide(application, model, made.Decision.DecidedAt).Then<ReplayedDecision>(now => Compare(made.Decision, AsThen(made.Decision, DecisionRules.WithDocuments(now, made.Inputs.Documents))));
    }

    // Every program that tells the rules tells them always: a decision without them is of one that told neither them nor what reasons would gain.
    private static Decision AsThen(Decision recorded, Decision replayed) =>
        recorded.Rules is not null ? replayed : replayed with { Rules = null, Reasons = [.. replayed.Reasons.Select(r => r with { Gain = null })] };

    private static ReplayedDecision Compare(Decision recorded, Decision replayed)
    {
        if (Bytes(recorded).AsSpan().SequenceEqual(Bytes(replayed))) return new(ReplayResult.Identical, recorded, replayed, []);
        var near = Math.Abs(recorded.Probability - replayed.Probability) <= Tolerance;
        string[] differences =
        [
            .. recorded.Verdict == replayed.Verdict ? [] : new[] { $"the verdict was {recorded.Verdict} and is {replayed.Verdict}" },
            .. near ? [] : new[] { "the probability differs by more than 1e-6" },
            .. Math.Abs(recorded.Points - replayed.Points) <= 0.01m ? [] : new[] { "the points differ" },
            .. recorded.Reasons.Select(r => r.Column).SequenceEqual(replayed.Reasons.Select(r => r.Column)) ? [] : new[] { "the reasons differ" },
            .. (recorded.Rules ?? []).SequenceEqual(replayed.Rules ?? []) ? [] : new[] { "the rules that fired differ" },
            .. recorded.Unseen.SequenceEqual(replayed.Unseen) ? [] : new[] { "the unseen values differ" },
            .. recorded.DecisionId == replayed.DecisionId && recorded.ContractVersion == replayed.ContractVersion ? [] : new[] { "the ids differ: the record was changed" },
        ];
        return new(differences.Length == 0 ? ReplayResult.Equivalent : ReplayResult.Different, recorded, replayed, differences);
    }

    private static byte[] Bytes(Decision decision) => JsonSerializer.SerializeToUtf8Bytes(decision, Json.Options);
}

/// <summary>How a replay compares with what was recorded.</summary>
public enum ReplayResult
{
    /// <summary>Byte for byte the same: what the same kind of processor gives.</summary>
    Identical,

    /// <summary>The same verdict and reasons, the probability within 1e-6: what another kind of processor gives.</summary>
    Equivalent,

    /// <summary>Something else: the record, the model or the program was changed.</summary>
    Different,

    /// <summary>The inputs were erased, so there is nothing to replay.</summary>
    Erased,
}

/// <summary>A decision made once more.</summary>
/// <param name="Result">How it compares.</param>
/// <param name="Recorded">The decision of then; null when it was erased.</param>
/// <param name="Replayed">The decision of now; null when it was erased.</param>
/// <param name="Differences">What differs, in words.</param>
public sealed record ReplayedDecision(ReplayResult Result, Decision? Recorded, Decision? Replayed, IReadOnlyList<string> Differences);
