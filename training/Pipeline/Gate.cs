using System.Globalization;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>Whether a new model goes live: a pure function of rules and figures.</summary>
public static class Gate
{
    /// <summary>Decides; every check that was made is listed with its figure and limit.</summary>
    /// <param name="rules">The contract's rules.</param>
    /// <param name="metrics">The new model's figures on its holdout; a floor on a metric that is not there fails.</param>
    /// <param name="goldenAnswered">Whether the new model answers its golden inputs.</param>
    /// <param name="comparison">Against the champion on fresh rows; null when there is none, then golden inputs and floors decide.</param>
    public static GateVerdict Decide(GateRules rules, IReadOnlyDictionary<string, double> metrics, bool goldenAnswered, Comparison? comparison)
    {
        List<GateCheck> alone =
        [
            Check("golden inputs", goldenAnswered ? 1 : 0, 1),
            .. rules.Floors.OrderBy(f => f.Key, StringComparer.Ordinal)
                .Select(f => Check($"{f.Key} floor", metrics.TryGetValue(f.Key, out var figure) ? figure : double.NaN, f.Value)),
        ];
        if (comparison is null) return Verdict(alone);
        List<GateCheck> evidence = [Check("fresh rows", comparison.Rows, rules.MinRows), Check("fresh rows of the rarest class", comparison.Rare, rules.MinRare)];
        if (!alone.TrueForAll(c => c.Passed)) return new(GateDecision.Keep, [.. alone, .. evidence]);
        if (!evidence.TrueForAll(c => c.Passed)) return new(GateDecision.NotEnoughEvidence, [.. alone, .. evidence]);

        // A champion that cannot be measured leaves nothing to be no worse than: a person has to look.
        var measured = double.IsFinite(comparison.Champion);
        var against = Check($"{comparison.Metric} against the champion", measured ? comparison.Challenger : double.NaN, measured ? comparison.Champion - rules.Tolerance : 0);
        return Verdict([.. alone, .. evidence, against]);
    }

    /// <summary>What failed, for people.</summary>
    public static IReadOnlyList<string> Reasons(GateVerdict verdict) =>
    [
        .. verdict.Checks.Where(c => !c.Passed).Select(c => c.Figure is { } figure
            ? string.Create(CultureInfo.InvariantCulture, $"{c.Name}: {figure:0.####} is below {c.Limit:0.####}.")
            : string.Create(CultureInfo.InvariantCulture, $"{c.Name}: could not be measured, {c.Limit:0.####} is needed.")),
    ];

    private static GateVerdict Verdict(List<GateCheck> checks) =>
        new(checks.TrueForAll(c => c.Passed) ? GateDecision.Promote : GateDecision.Keep, checks);

    private static GateCheck Check(string name, double figure, double limit) =>
        new(name, double.IsFinite(figure) ? figure : null, limit, figure >= limit);
}
