using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Drops;
using Serverless.Training.Market.Forecasts;

namespace Serverless.Training.Market;

/// <summary>
/// Trains forecasts of a market portfolio: recurrent networks over baselines of the variance, judged walking forward on the last days. They are served only
/// when they beat the best baseline there beyond chance; else that baseline is, and the card says so.
/// </summary>
public sealed class MarketTrainer : ITrainingFamily
{
    // Days of a symbol that a fit learns from, at least.
    private const int LeastLearnt = 100;
    private const int GoldenInputs = 6;

    /// <inheritdoc/>
    public IModelFamily Serving { get; } = new MarketFamily();

    /// <inheritdoc/>
    public int Revision => 1;

    /// <inheritdoc/>
    public Task<DropReading> ReadAsync(DataContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        MarketDrop.ReadAsync((MarketContract)contract, drop, context, progress, cancel);

    /// <inheritdoc/>
    public TrainedModel Train(TrainingRows rows, TrainingCheckpoints checkpoints, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var market = (MarketRows)rows;
        var contract = market.Contract;
        var (symbols, exogenous) = (Described(market), market.Exogenous.Select(e => e.Symbol).ToList());
        var last = LastLearnt(symbols, contract);
        var judgeable = symbols.Where(s => Learns(s, s.Known(last), contract) && s.Known(last) + contract.Horizon <= s.Days.Length).ToList();
        var (judged, first) = ForecastWalk.Run(judgeable, exogenous, last, contract, progress, cancel);
        var evaluation = ForecastEvaluation.Of(judged, contract.Forecast);
        var served = contract.Training.Refit ? symbols : judgeable;
        var fit = contract.Training.Refit
            ? ForecastFit.Of(symbols, [.. symbols.Select(s => s.Days.Length)], contract.Horizon, contract.Forecast, contract.Training.Seed, done => progress.Report(new("training on all days", done)), cancel)
            : first;
        using var model = fit.Load(served, exogenous, evaluation.Served);
        return new MarketTrainedModel(market, judged, evaluation, served[0])
        {
            Served = new Dictionary<string, byte[]>
            {
                ["model.onnx"] = ForecastGraph.Write(fit, evaluation.Served),
                ["features.json"] = Json.File(model.Features),
                ["contract.json"] = Json.File(contract),
                ["golden.json"] = Json.File(Enumerable.Range(0, Math.Max(GoldenInputs, served.Count)).Select(i => GoldenForecast.Of(model, i % served.Count, unchecked(contract.Training.Seed + i))).ToList()),
            },
            Metrics = evaluation.Metrics,
            Rows = market.Count,
            TrainedOn = new RowKeys(served.SelectMany(s => s.Days.Where(d => contract.Training.Refit || d <= last).Select(d => KeyOf(s.Symbol, d)))),
        };
    }

    /// <inheritdoc/>
    public async Task<Outcome<Evaluation>> EvaluateAsync(IServedModel model, LocalDrop file, DateTimeOffset now, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var forecaster = (MarketForecaster)model;
        var read = await MarketDrop.ReadAsync(forecaster.Contract, file, new ReadingContext(now).Latest, progress, cancel);
        return read.Then(rows =>
        {
            var features = forecaster.Model.Features;
            var judged = Described(rows).Where(s => features.IndexOf(s.Symbol) >= 0 && s.Days.Length > features.FirstDay(s.Features) + features.Horizon).Select(s =>
            {
                var symbol = new JudgedSymbol(s, features.FirstDay(s.Features), features.Horizon);
                symbol.Add(forecaster.Model, features.IndexOf(s.Symbol), features.FirstDay(s.Features), int.MaxValue);
                return symbol;
            }).ToList();
            return judged.Count == 0
                ? Outcome<Evaluation>.Reject($"The file has no symbol that the model knows, with enough days: give bars of {string.Join(", ", features.Symbols.Select(s => s.Symbol))}.")
                : new Evaluation(rows.Count, rows.RowsInError, ForecastEvaluation.MetricsOf(judged, features.Kind));
        });
    }

    /// <summary>Key of a symbol's day for <see cref="RowKeys"/>.</summary>
    internal static ulong KeyOf(string symbol, DateOnly day) => RowKeys.Of(string.Create(CultureInfo.InvariantCulture, $"{symbol}|{day:yyyy-MM-dd}"));

    private static List<SymbolDays> Described(MarketRows rows) => [.. rows.Symbols.Select(b => SymbolDays.Of(b, rows.Exogenous))];

    // The holdout is the last days of the calendar that all symbols share.
    private static DateOnly LastLearnt(IReadOnlyList<SymbolDays> symbols, MarketContract contract)
    {
        List<DateOnly> calendar = [.. symbols.SelectMany(s => s.Days).Distinct().Order()];
        return calendar[Math.Max(0, calendar.Count - 1 - (int)(calendar.Count * contract.Training.Holdout))];
    }

    /// <summary>Whether a fit can learn from the first days of a symbol: there are enough, and something moves.</summary>
    internal static bool Learns(SymbolDays symbol, int known, MarketContract contract) =>
        known - contract.Horizon - (symbol.Features.First + contract.Forecast.Window - 1) >= LeastLearnt && Moves(symbol, known);

    private static bool Moves(SymbolDays symbol, int known) => symbol.Past.Returns.AsSpan(1, known - 1).ContainsAnyExcept(symbol.Past.Returns[1]);

    /// <summary>Whether there are days enough to learn from and to judge; else rejected with what to do.</summary>
    public static Outcome<MarketRows> Learnable(MarketRows rows)
    {
        var symbols = Described(rows);
        var few = symbols.Where(s => !Learns(s, s.Days.Length, rows.Contract)).ToList();
        if (few.Count > 0)
            return Outcome<MarketRows>.Reject([.. few.Select(s => string.Create(CultureInfo.InvariantCulture, $"'{s.Symbol}' has fewer than {LeastLearnt} moving days behind those that features, exogenous series and 'forecast.window' look back on: drop more of its history, or leave the symbol out."))]);
        var last = LastLearnt(symbols, rows.Contract);
        return symbols.Exists(s => Learns(s, s.Known(last), rows.Contract) && s.Known(last) + rows.Contract.Horizon <= s.Days.Length - 1)
            ? rows
            : Outcome<MarketRows>.Reject(string.Create(CultureInfo.InvariantCulture, $"No symbol has {LeastLearnt} days to learn from up to {last:yyyy-MM-dd} and days to judge behind it: drop more history, or lower 'training.holdout'."));
    }
}
