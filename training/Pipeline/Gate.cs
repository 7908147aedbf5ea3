using System.Globalization;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>Whether a new model goes live: a pure function of rules and figures.</summary>
public static class Gate
{
    private const int Named = 20;

    /// <summary>Decides; every check that was made is listed with its figure and limit.</summary>
    /// <param name="rules">The contract's rules. A floor on a metric that was not measured fails; a family without a figure has no check of it.</param>
    /// <param name="evidence">What was measured.</param>
    /// <param name="comparison">Against the champion on fresh rows; null when there is none, then the other checks decide.</param>
    public static GateVerdict Decide(GateRules rules, GateEvidence evidence, Comparison? comparison)
    {
        List<GateCheck> alone = [Least("golden inputs", evidence.GoldenAnswered ? 1 : 0, 1), .. OfFigures(rules, evidence), .. evidence.Served is { } served ? OfServed(rules, served) : []];
        if (comparison is null) return Verdict(alone);
        List<GateCheck> fresh = [Least("fresh rows", comparison.Rows, rules.MinRows), Least("fresh rows of the rarest class", comparison.Rare, rules.MinRare)];
        if (!Pass(alone)) return new(GateDecision.Keep, [.. alone, .. fresh]);
        if (!Pass(fresh)) return new(GateDecision.NotEnoughEvidence, [.. alone, .. fresh]);
        return Verdict([.. alone, .. fresh, .. Against(rules, comparison)]);
    }

    /// <summary>What failed or warns, for people.</summary>
    public static IReadOnlyList<string> Reasons(GateVerdict verdict) =>
    [
        .. verdict.Checks.Where(c => !c.Passed).Select(c =>
        {
            var said = c.Figure is { } figure
                ? string.Create(CultureInfo.InvariantCulture, $"{c.Name}: {figure:0.####} is {(c.AtMost ? "above" : "below")} {c.Limit:0.####}")
                : string.Create(CultureInfo.InvariantCulture, $"{c.Name}: could not be measured, {(c.AtMost ? "at most " : "")}{c.Limit:0.####} is needed");
            return c.Warns ? $"{said}, which only warns." : $"{said}.";
        }),
    ];

    private static IEnumerable<GateCheck> OfFigures(GateRules rules, GateEvidence evidence)
    {
        var figures = evidence.Metrics;
        foreach (var (metric, floor) in rules.Floors.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            yield return Least($"{metric} floor", figures.GetValueOrDefault(metric, double.NaN), floor);
            if (figures.TryGetValue($"{metric}BootstrapLow", out var low)) yield return Least($"{metric} floor in 95 of 100 bootstrap samples", low, floor);
        }

        if (figures.TryGetValue("calibrationSlope", out var slope))
        {
            yield return Least("calibration slope", slope, rules.Calibration.LeastSlope);
            yield return Most("calibration slope, at most", slope, rules.Calibration.GreatestSlope);
        }

        if (figures.TryGetValue("calibrationIntercept", out var intercept)) yield return Most("distance of the calibration intercept from 0", Math.Abs(intercept), rules.Calibration.MaxIntercept);
        if (figures.TryGetValue("ece", out var ece)) yield return Most("expected calibration error", ece, rules.Calibration.MaxEce);
        if (figures.TryGetValue("scorePsi", out var score)) yield return Most("stability index of the score", score, rules.Stability.MaxScorePsi) with { Warns = !rules.Stability.Blocks };
        if (figures.TryGetValue("columnPsi", out var column)) yield return Most($"stability index of the columns{At("columnPsi")}", column, rules.Stability.MaxColumnPsi) with { Warns = !rules.Stability.Blocks };
        if (figures.TryGetValue("columnAuc", out var single)) yield return Most($"area under the curve of a single column{At("columnAuc")}", single, rules.MaxColumnAuc);

        string At(string figure) => evidence.Columns.TryGetValue(figure, out var name) ? $", greatest of '{name}'" : "";
    }

    private static IEnumerable<GateCheck> OfServed(GateRules rules, ServedFigures served) =>
    [
        .. served.Directed > 0 ? [Most($"columns against their direction{(served.Broken.Count > 0 ? $" ({string.Join(", ", served.Broken)})" : "")}, of {served.Directed}", served.Broken.Count, 0)] : Array.Empty<GateCheck>(),
        .. served.Cases.Count > 0 ? [OfCases(served.Cases)] : Array.Empty<GateCheck>(),
        Most("milliseconds of an answer", served.LatencyMs, rules.MaxLatencyMs),
        Most("megabytes of the served files", served.Bytes / 1048576.0, rules.MaxBundleMegabytes),
    ];

    private static GateCheck OfCases(IReadOnlyList<CaseAnswer> cases)
    {
        var failed = cases.Where(c => !c.Passed).Select(c => c.Case).ToList();
        var more = failed.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {failed.Count - Named} more") : "";
        return Most($"cases of the contract that are answered otherwise{(failed.Count > 0 ? $" ({string.Join(", ", failed.Take(Named))}{more})" : "")}, of {cases.Count}", failed.Count, 0);
    }

    // A champion that cannot be measured leaves nothing to be no worse than: a person has to look.
    private static IEnumerable<GateCheck> Against(GateRules rules, Comparison comparison)
    {
        var measured = double.IsFinite(comparison.Champion);
        var why = comparison.NotComparable is { } fault ? $", which cannot be measured on these rows ({fault.TrimEnd('.')})" : "";
        yield return Least($"{comparison.Metric} against the champion{why}", measured ? comparison.Challenger : double.NaN, measured ? comparison.Champion - rules.Tolerance : 0);
        yield return Least("confidence that it is not worse", comparison.ConfidenceWithin(rules.Tolerance), rules.Confidence);
        if (OfClasses(rules.Intents, comparison.Classes) is { } classes) yield return classes;
    }

    /// <summary>The intents that fell too far, by name; null where none has enough rows.</summary>
    private static GateCheck? OfClasses(IntentLimits limits, IReadOnlyList<ClassComparison> classes)
    {
        var tested = classes.Where(c => c.Rows >= limits.MinRows).OrderBy(c => c.ChanceOfLoss()).ToList();
        if (tested.Count == 0) return null;

        // Holm's procedure: the least likely first, against a limit that is divided by how many are left, until one may be chance.
        var worse = tested.Index().TakeWhile(t => t.Item.ChanceOfLoss() <= limits.Significance / (tested.Count - t.Index)).Select(t => t.Item);
        var fallen = worse.Where(c => (double)(c.Lost - c.Gained) / c.Rows > limits.MaxRecallFall).OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
        var named = string.Join(", ", fallen.Select(c => string.Create(CultureInfo.InvariantCulture, $"'{c.Name}' from {c.ChampionRecall:0.00} to {c.Recall:0.00} of {c.Rows} texts")));
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"intents whose recall fell by more than {limits.MaxRecallFall:0.###} and not by chance{(fallen.Count > 0 ? $" ({named})" : "")}, of {tested.Count} with {limits.MinRows} or more fresh texts");
        return Most(what, fallen.Count, 0) with { Warns = !limits.Blocks };
    }

    private static bool Pass(List<GateCheck> checks) => checks.TrueForAll(c => c.Passed || c.Warns);

    private static GateVerdict Verdict(List<GateCheck> checks) => new(Pass(checks) ? GateDecision.Promote : GateDecision.Keep, checks);

    private static GateCheck Least(string name, double figure, double limit) => new(name, double.IsFinite(figure) ? figure : null, limit, figure >= limit);

    private static GateCheck Most(string name, double figure, double limit) => new(name, double.IsFinite(figure) ? figure : null, limit, figure <= limit) { AtMost = true };
}

/// <summary>What was measured of a new model before it is compared with the champion.</summary>
/// <param name="Metrics">Figures on the holdout, by metric.</param>
/// <param name="GoldenAnswered">Whether it answers its golden inputs.</param>
public sealed record GateEvidence(IReadOnlyDictionary<string, double> Metrics, bool GoldenAnswered)
{
    /// <summary>The column that a figure is of, by metric, where it is that of the worst one.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>What the loaded model shows; absent when it cannot be loaded.</summary>
    public ServedFigures? Served { get; init; }
}
