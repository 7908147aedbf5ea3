using System.Diagnostics;
using System.Globalization;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Market;
using Serverless.Training.Market.Prices;

namespace Serverless.Benchmarks;

/// <summary>Forecasts of SPY and AAPL with VIX, each by itself, walking forward over the last 30 % of the days: the networks beside their baselines.</summary>
internal static class ForecastBenchmark
{
    private const double MostSeconds = 240;

    private static readonly string[] Symbols = ["SPY", "AAPL"];

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        if (Environment.GetEnvironmentVariable("SERVERLESS_DATA") is not { } data) return [new("forecasts", RealPortfolios.Skipped)];
        List<Measurement> lines = [];
        foreach (var symbol in Symbols) lines.AddRange(await OfAsync(Path.Combine(data, "market"), symbol));
        return lines;
    }

    private static async Task<IReadOnlyList<Measurement>> OfAsync(string folder, string symbol)
    {
        PriceFile[] files = [new(Path.Combine(folder, $"{symbol.ToLowerInvariant()}.csv"), null, Exogenous: false), new(Path.Combine(folder, "vix-daily.csv"), "VIX", Exogenous: true)];
        var read = await PriceFiles.ReadAsync(files, null, symbol.ToLowerInvariant(), TimeProvider.System.GetUtcNow(), new Progress<TrainingProgress>(), default);
        if (read is not Outcome<MarketRows>.Done { Value: var rows }) throw new InvalidOperationException($"'{symbol}' cannot be read: {string.Join(' ', ((Outcome<MarketRows>.Rejected)read).Reasons)}");
        var began = Stopwatch.GetTimestamp();
        var trained = (MarketTrainedModel)new MarketTrainer().Train(rows, TrainingCheckpoints.None, new Progress<TrainingProgress>(), default);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var (of, metrics) = (trained.Evaluation.Symbols[0], trained.Metrics);
        string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        return
        [
            new(Text($"{symbol}: training and the walk forward over {of.Days} of {rows.Symbols[0].Count} days"), Text($"{seconds:0.0} s"), Text($"{MostSeconds:0} s"), seconds < MostSeconds),
            new(Text($"  QLIKE {of.From:yyyy-MM-dd} to {of.To:yyyy-MM-dd}: networks | EWMA | GARCH | HAR"), string.Join(" | ", of.Qlike.Select(q => Text($"{q:0.0000}"))), "least", of.Qlike[0] <= of.Qlike.Min()),
            new(Text($"  Diebold-Mariano against EWMA | GARCH | HAR, and p against the best, {trained.Evaluation.Best}"), $"{string.Join(" | ", of.Tests.Select(t => Text($"{t.Statistic:0.00}")))}, p {Text($"{trained.Evaluation.Test.PBetter:0.0000}")}; served: {trained.Evaluation.Served}"),
            new("  returns within the middle 90 % | squared return by variance | CRPS", Text($"{of.Coverage:0.000} | {of.VarianceRatio:0.000} | {of.Crps:0.00000}")),
            new("  direction right | always up | p", Text($"{of.Direction:0.000} | {of.AlwaysUp:0.000} | {of.DirectionTest.PBetter:0.00}")),
            new("  error of the mean in basis points: served | zero | drift | ridge | boosted", Text($"{metrics["returnError"]:0.00} | {metrics["returnErrorZero"]:0.00} | {metrics["returnErrorDrift"]:0.00} | {metrics["returnErrorRidge"]:0.00} | {metrics["returnErrorBoosted"]:0.00}")),
        ];
    }
}
