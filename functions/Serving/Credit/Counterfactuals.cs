using System.Text.Json;

namespace Serverless.Serving.Credit;

/// <summary>What would have led to approval.</summary>
/// <param name="Found">The smallest changes, of different columns each, smallest first; none contains the columns of another.</param>
/// <param name="Exact">
/// Whether these are proven to be the smallest of those that steps and bounds allow, and that there is none where none is found. Else the search was
/// bounded, as for scores that do not add up, and a smaller one may exist.
/// </param>
/// <param name="Why">Why there is none, in a sentence; null where there are some.</param>
public sealed record Counterfactuals(IReadOnlyList<Counterfactual> Found, bool Exact, string? Why = null);

/// <summary>One way to approval: all changes together, everything else as it is. It was decided again with them, and approved.</summary>
/// <param name="Changes">What changes.</param>
/// <param name="Points">The score with them.</param>
/// <param name="Probability">Probability of a bad loan with them, 0 to 1.</param>
/// <param name="Distance">How far they go, after <see cref="LeverDistance"/>: of two of as many columns the smaller is nearer.</param>
public sealed record Counterfactual(IReadOnlyList<ChangedValue> Changes, decimal Points, double Probability, double Distance);

/// <summary>One changed value.</summary>
/// <param name="Column">The contract's column.</param>
/// <param name="From">As the application says it.</param>
/// <param name="To">What it would be: a number, a text or a date as <c>yyyy-MM-dd</c>.</param>
public sealed record ChangedValue(string Column, JsonElement From, JsonElement To);

/// <summary>
/// Finds counterfactuals (Wachter, Mittelstadt and Russell 2018): the smallest changes of the columns that an applicant can change which lead to
/// approval. Fewer columns come first, then less distance (<see cref="LeverDistance"/>). Of scores that add up the smallest ones are found and proven by
/// branch and bound over the bins (actionable recourse, Ustun, Spangher and Liu 2019); of all others, and where several changeable columns
/// enter one computed column, by a beam search with a fixed budget. They are diverse in that no answer's columns contain another's
/// (as multi-objective counterfactuals are, Dandl et al. 2020). What is missing or a special code is left as it is: it has no value to change from.
/// </summary>
/// <param name="scorer">The model.</param>
/// <param name="objections">The decision on changed fields, with all rules of the policy: what speaks against approval, in sentences; nothing where it is approval.</param>
public sealed class CounterfactualFinder(CreditScorer scorer, Func<IReadOnlyDictionary<string, JsonElement>, IReadOnlyList<string>> objections)
{
    /// <summary>Finds them for one application that was scored without a fault and not approved.</summary>
    /// <param name="fields">The fields of the application.</param>
    public Counterfactuals Find(IReadOnlyDictionary<string, JsonElement> fields)
    {
        var rules = scorer.Contract.Counterfactuals;
        if (scorer.Read(fields) is not Outcome<BinnedApplication>.Done { Value: var present }) return None("The recorded inputs can no longer be read under the model's contract.", false);
        if (rules.Most == 0) return None("The contract asks for none.", false);
        if (objections(fields).Count == 0) return None("The application is approved as it stands.", true);
        var levers = new LeverFinder(scorer, fields, present).Find();
        if (levers.Count == 0) return None("The application has no value that the applicant can change within the contract's bounds.", true);

        var start = new CounterfactualStart(scorer, fields, present.Bins, levers, objections);
        var exact = scorer.Model is AdditiveModel && !start.Coupled;
        var trials = exact ? new ExactSearch(start, rules).Find() : new BeamSearch(start, rules).Find();
        exact &= !start.GivenUp;
        return trials.Count > 0
            ? new([.. trials.Select(Told)], exact)
            : None(start.Objections is { } against ? $"The score could be raised enough, but no such change removes what else speaks against approval: {string.Join(' ', against)}" : $"No change of up to {rules.MaxColumns} columns within the contract's bounds leads to approval.", exact);

        Counterfactual Told(Trial trial)
        {
            var changed = start.Fields(trial);
            var score = ((Outcome<CreditScore>.Done)scorer.Score(changed)).Value;
            return new(
                [.. trial.Changes.Select(c => levers[c.Lever].Column.Name).Select(name => new ChangedValue(name, fields[name], changed[name]))],
                score.Points, score.Probability, Math.Round(trial.Distance, 4));
        }
    }

    private static Counterfactuals None(string why, bool exact) => new([], exact, why);
}
