namespace Serverless.Serving.Market;

/// <summary>A loaded forecast of a market portfolio.</summary>
public sealed class MarketForecaster : IServedModel
{
    private const double Tolerance = 1e-5;

    // Shares of the distribution that an answer names.
    private static readonly double[] Shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

    private readonly ForecastModel _model;

    private MarketForecaster(ModelBundle bundle, ForecastModel model) => (Bundle, _model, Contract) = (bundle, model, bundle.Read<MarketContract>("contract.json"));

    /// <inheritdoc/>
    public ModelBundle Bundle { get; }

    /// <summary>The contract that the model was trained under.</summary>
    public MarketContract Contract { get; }

    /// <summary>The graph and how days become its inputs.</summary>
    public ForecastModel Model => _model;

    /// <summary>Loads a bundle whose hashes were verified.</summary>
    /// <exception cref="InvalidModelException">The bundle cannot be served.</exception>
    public static MarketForecaster Load(ModelBundle bundle)
    {
        var model = ForecastModel.Load(bundle.Read<ForecastFeatures>("features.json"), bundle.Read("model.onnx"));
        try
        {
            return new(bundle, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Forecasts from the last day of a symbol's bars; rejected when the model does not know the symbol, a series that it looks at is missing, or there are too few days.
    /// </summary>
    /// <param name="bars">The symbol's bars.</param>
    /// <param name="exogenous">Series to look at besides, by any order.</param>
    /// <param name="today">The day of the question: how old the forecast is.</param>
    public Outcome<SymbolForecast> Forecast(Bars bars, IReadOnlyList<Bars> exogenous, DateOnly today)
    {
        var place = _model.Features.IndexOf(bars.Symbol);
        if (place < 0) return Outcome<SymbolForecast>.Reject(Rejection.Missing, $"Version {Bundle.Version} does not know the symbol '{bars.Symbol}': ask for {string.Join(", ", _model.Features.Symbols.Select(s => s.Symbol))}, or drop its bars and train again.");
        if (_model.Features.Exogenous.FirstOrDefault(name => exogenous.All(e => e.Symbol != name)) is { } missing)
            return Outcome<SymbolForecast>.Reject($"The model looks at '{missing}' besides, which was not given: give its bars too.");
        var days = SymbolDays.Of(bars, [.. _model.Features.Exogenous.Select(name => exogenous.First(e => e.Symbol == name))]);
        var first = _model.Features.FirstDay(days.Features);
        if (bars.Count <= first) return Outcome<SymbolForecast>.Reject($"'{bars.Symbol}' has {bars.Count} days, and a forecast looks back on {first + 1}: give more of its past.");
        return Answer(bars.Symbol, bars.Days[^1], today, _model.Forecast(place, days, bars.Count - 1, 1)[0]);
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        var golden = Bundle.Read<IReadOnlyList<GoldenForecast>>("golden.json");
        if (golden.Count == 0) throw new InvalidModelException("golden.json is empty: train the model again or restore the file.");
        foreach (var (place, expected) in golden.Index())
        {
            if (expected.Symbol < 0 || expected.Symbol >= _model.Features.Symbols.Count || !expected.Agrees(GoldenForecast.Of(_model, expected.Symbol, expected.Seed), Tolerance))
                throw new InvalidModelException($"Golden input {place + 1} is answered differently from when the model was trained: restore the bundle or train it again.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private SymbolForecast Answer(string symbol, DateOnly asOf, DateOnly today, DayForecast forecast) => new(
        symbol, asOf, Math.Max(0, today.DayNumber - asOf.DayNumber), _model.Features.Horizon, _model.Features.Kind,
        Math.Sqrt(forecast.Variance), Math.Sqrt(forecast.Ahead.Variance), forecast.Ahead.Location, forecast.Ahead.Freedom, 1 - forecast.Ahead.Below(0),
        [.. Shares.Select(share => new ReturnQuantile(share, forecast.Ahead.Quantile(share)))])
    { Version = Bundle.Version };
}

/// <summary>The forecast of one symbol. Returns are logarithmic; no advice and no order.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="AsOf">The day at whose close it was made.</param>
/// <param name="DaysOld">Calendar days since.</param>
/// <param name="Horizon">Trading days ahead.</param>
/// <param name="Kind">What made it: the network, or the baseline that no network beat.</param>
/// <param name="Volatility">Standard deviation of the next day's return.</param>
/// <param name="VolatilityAhead">That of the return over the horizon.</param>
/// <param name="Mean">Mean of the return over the horizon.</param>
/// <param name="Freedom">Degrees of freedom of its Student-t distribution.</param>
/// <param name="ProbabilityUp">Probability that it is above 0.</param>
/// <param name="Quantiles">Its quantiles, by ascending share.</param>
public sealed record SymbolForecast(
    string Symbol, DateOnly AsOf, int DaysOld, int Horizon, ForecastKind Kind, double Volatility, double VolatilityAhead, double Mean, double Freedom, double ProbabilityUp, IReadOnlyList<ReturnQuantile> Quantiles)
{
    /// <summary>Version of the model.</summary>
    public required string Version { get; init; }
}

/// <summary>A quantile of a return.</summary>
/// <param name="Share">Share of the probability below it.</param>
/// <param name="Return">The logarithmic return.</param>
public sealed record ReturnQuantile(double Share, double Return);
