using System.Text.Json;

namespace Serverless.Serving.Credit;

/// <summary>Some levers, each with one of its options.</summary>
/// <param name="Changes">Places of levers, ascending, and of their options.</param>
/// <param name="Distance">The sum of the options' distances.</param>
internal sealed record Trial((int Lever, int Option)[] Changes, double Distance)
{
    public static Trial None { get; } = new([], 0);

    /// <summary>Whether it changes every lever that another one changes.</summary>
    public bool Contains(Trial other) => other.Changes.All(c => Has(c.Lever));

    /// <summary>Whether it changes a lever.</summary>
    public bool Has(int lever) => Array.Exists(Changes, c => c.Lever == lever);
}

/// <summary>What a search for counterfactuals starts from.</summary>
internal sealed class CounterfactualStart
{
    // Each is a whole decision, of some 20 microseconds.
    private const int MostRefused = 500;

    private readonly Func<IReadOnlyDictionary<string, JsonElement>, IReadOnlyList<string>> _objections;
    private readonly IReadOnlyDictionary<string, JsonElement> _fields;
    private int _refused;

    public CounterfactualStart(
        CreditScorer scorer, IReadOnlyDictionary<string, JsonElement> fields, long[] bins, IReadOnlyList<Lever> levers, Func<IReadOnlyDictionary<string, JsonElement>, IReadOnlyList<string>> objections)
    {
        (Scorer, _fields, Bins, Levers, _objections) = (scorer, fields, bins, levers, objections);
        Coupled = Shared(levers.SelectMany(l => l.Places)) || Shared(levers.SelectMany(l => l.Rules));

        static bool Shared(IEnumerable<int> places) => places.GroupBy(p => p).Any(g => g.Skip(1).Any());
    }

    public CreditScorer Scorer { get; }

    /// <summary>The application's bins.</summary>
    public long[] Bins { get; }

    /// <summary>What can be changed.</summary>
    public IReadOnlyList<Lever> Levers { get; }

    /// <summary>Whether two levers move the same column of the model or one rule looks at both, so that the effect of one depends on the other.</summary>
    public bool Coupled { get; }

    /// <summary>What spoke against the first trial whose score suffices but that was not approved; null where there was none.</summary>
    public IReadOnlyList<string>? Objections { get; private set; }

    /// <summary>Whether so many were refused that no more are tried.</summary>
    public bool GivenUp => _refused >= MostRefused;

    /// <summary>The application with the changes of a trial.</summary>
    public IReadOnlyDictionary<string, JsonElement> Fields(Trial trial)
    {
        var changed = new Dictionary<string, JsonElement>(_fields);
        foreach (var (lever, option) in trial.Changes) changed[Levers[lever].Column.Name] = Levers[lever].Options[option].Value;
        return changed;
    }

    /// <summary>Writes the bins of a trial; false where the changed application cannot be read.</summary>
    public bool TryBins(Trial trial, Span<long> bins)
    {
        if (Coupled && trial.Changes.Length > 1)
        {
            if (Scorer.Read(Fields(trial)) is not Outcome<BinnedApplication>.Done { Value: var read }) return false;
            read.Bins.CopyTo(bins);
            return true;
        }

        Bins.CopyTo(bins);
        foreach (var (lever, option) in trial.Changes)
        {
            foreach (var place in Levers[lever].Places) bins[place] = Levers[lever].Options[option].Bins[place];
        }

        return true;
    }

    /// <summary>Whether a score of this probability can be approved; what else the policy asks for, <see cref="Approves"/> tells.</summary>
    public bool Suffices(double probability) => Scorer.Contract.Policy is var policy && probability < policy.ApproveBelow && !(policy.ApproveBelow - probability < policy.CloseToCutOff);

    /// <summary>Decides again with the changes of a trial whose score suffices.</summary>
    public bool Approves(Trial trial)
    {
        if (GivenUp) return false;
        var objections = _objections(Fields(trial));
        if (objections.Count == 0) return true;
        Objections ??= objections;
        _refused++;
        return false;
    }
}
