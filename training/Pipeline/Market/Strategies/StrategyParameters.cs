using System.Globalization;
using System.Text.Json.Serialization;
using Serverless.Serving.Market;

namespace Serverless.Training.Market.Strategies;

/// <summary>One setting of one kind of strategy; members that a kind does not use are null.</summary>
/// <param name="Kind">The kind.</param>
public sealed record StrategyParameters(StrategyKind Kind)
{
    /// <summary>Volatility aimed at, in multiples of the symbol's own so far.</summary>
    public double? Target { get; init; }

    /// <summary>1 scales by volatility, 2 by variance (Moreira and Muir 2017).</summary>
    public double? Power { get; init; }

    /// <summary>What tells a trend.</summary>
    public TrendRule? Trend { get; init; }

    /// <summary>Share of the weight that is kept while the price falls.</summary>
    public double? Floor { get; init; }

    /// <summary>Days of the way that is expected to turn back.</summary>
    public int? ReversalDays { get; init; }

    /// <summary>Standard deviations from which on a turn is expected.</summary>
    public double? ReversalEntry { get; init; }

    /// <summary>Share of the growth-optimal weight (Kelly 1956).</summary>
    public double? Kelly { get; init; }

    /// <summary>In a few words.</summary>
    [JsonIgnore]
    public string Words
    {
        get
        {
            IEnumerable<string?> parts =
            [
                char.ToLowerInvariant(Kind.ToString()[0]) + Kind.ToString()[1..],
                Target is { } target ? $"target {target.ToString(CultureInfo.InvariantCulture)}" : null,
                Power is { } power ? $"power {power.ToString(CultureInfo.InvariantCulture)}" : null,
                Trend is { } trend ? $"{(trend.Average ? "average" : "price")} of {trend.Days.ToString(CultureInfo.InvariantCulture)} days" : null,
                Floor is { } floor ? $"floor {floor.ToString(CultureInfo.InvariantCulture)}" : null,
                ReversalDays is { } days ? $"{days.ToString(CultureInfo.InvariantCulture)} days" : null,
                ReversalEntry is { } entry ? $"from {entry.ToString(CultureInfo.InvariantCulture)}" : null,
                Kelly is { } kelly ? $"Kelly {kelly.ToString(CultureInfo.InvariantCulture)}" : null,
            ];
            return string.Join(", ", parts.OfType<string>());
        }
    }

    /// <summary>Every setting that a contract's search tries.</summary>
    public static IReadOnlyList<StrategyParameters> Space(SearchRules rules)
    {
        var trends = rules.TrendDays.Select(d => new TrendRule(d, Average: false)).Concat(rules.AverageDays.Select(d => new TrendRule(d, Average: true))).ToList();
        var sizes = (from target in rules.Targets from power in rules.Powers select (target, power)).ToList();
        return
        [
            .. rules.Kinds.SelectMany(kind => kind switch
            {
                StrategyKind.VolatilityTarget => sizes.Select(s => new StrategyParameters(kind) { Target = s.target, Power = s.power }),
                StrategyKind.Trend => trends.Select(t => new StrategyParameters(kind) { Trend = t }),
                StrategyKind.MeanReversion => from days in rules.ReversalDays from entry in rules.ReversalEntries select new StrategyParameters(kind) { ReversalDays = days, ReversalEntry = entry },
                StrategyKind.ForecastSized => rules.Kelly.Select(k => new StrategyParameters(kind) { Kelly = k }),
                _ => from s in sizes from t in trends from f in rules.Floors select new StrategyParameters(kind) { Target = s.target, Power = s.power, Trend = t, Floor = f },
            }),
        ];
    }
}
