using System.Globalization;
using System.Text;
using Serverless.Serving.Market;
using Serverless.Training.Market.Strategies;

namespace Serverless.Training.Samples;

/// <summary>What a made-up market is like.</summary>
/// <param name="Days">Trading days.</param>
/// <param name="Seed">The only source of chance.</param>
public sealed record MarketTruth(int Days, int Seed)
{
    /// <summary>Yearly Sharpe ratio, before costs, that the planted rule earns; 0: nothing can be foreseen but volatility.</summary>
    public double Signal { get; init; }

    /// <summary>Yearly mean of simple returns, which holding earns.</summary>
    public double Drift { get; init; }
}

/// <summary>
/// A made-up market with a known truth: volatility of calm and stormy regimes with clustering (GARCH) and jumps, mean returns that are 0 or planted.
/// The planted rule: after a way of five days beyond one standard deviation the price turns back, until it is where it came from.
/// </summary>
public static class MarketSample
{
    /// <summary>The sample's portfolio.</summary>
    public const string Portfolio = "sample-market";

    private const string Volatility = "SIMVIX";
    private const int Steps = 8, Way = 5;
    private const double Alpha = 0.08, Persistence = 0.9, OvernightShare = 0.25;

    // Makes the Sharpe ratio of the planted rule the one asked for, measured over 400,000 days: it holds something on 56 % of them, jumps add variance, and volatility changes.
    private const double Scale = 1.54;

    /// <summary>The contract of the sample: a small search, long and short.</summary>
    public static MarketContract Contract { get; } = new()
    {
        Family = MarketContract.FamilyName,
        Portfolio = Portfolio,
        Version = "1",
        Exogenous = [Volatility],
        Columns = new() { Symbol = "symbol", Date = "date", Open = "open", High = "high", Low = "low", Close = "close", Volume = "volume" },
        Strategy = new()
        {
            Limits = new() { LongOnly = false },
            Search = new() { Kinds = [StrategyKind.VolatilityTarget, StrategyKind.Trend, StrategyKind.MeanReversion], Targets = [0.45], Powers = [2] },
        },
    };

    /// <summary>One symbol's bars, and the yearly volatility in percent that was known to be coming at each close, as an option market would tell it.</summary>
    public static (Bars Symbol, Bars Volatility) Of(MarketTruth truth, string symbol = "SIM")
    {
        var random = new Random(truth.Seed);
        var n = truth.Days;
        var (days, open, high, low, close, traded, implied) = (new DateOnly[n], new double[n], new double[n], new double[n], new double[n], new double[n], new double[n]);
        var (price, variance, stormy, held, day) = (100.0, Level(false), false, 0, new DateOnly(1998, 1, 2));
        var (known, seen) = (new double[n], double.NaN);
        for (var t = 0; t < n; t++)
        {
            stormy = random.NextDouble() < (stormy ? 1 / 80.0 : 1 / 400.0) ? !stormy : stormy;
            var deviation = Math.Sqrt(variance);
            var planted = Scale * truth.Signal * held * deviation / Math.Sqrt(252);
            var jump = random.NextDouble() < 0.01 ? 2.5 * deviation * Gaussian(random) : 0;
            var overnight = (Math.Sqrt(OvernightShare) * deviation * Gaussian(random)) + jump;
            open[t] = price * Math.Max(0.1, 1 + overnight);
            var drift = planted + (truth.Drift / 252); // within the day, so that who trades at the open earns it
            (high[t], low[t], close[t]) = (open[t], open[t], open[t]);
            for (var s = 0; s < Steps; s++)
            {
                close[t] *= Math.Max(0.5, 1 + (drift / Steps) + (Math.Sqrt((1 - OvernightShare) / Steps) * deviation * Gaussian(random)));
                (high[t], low[t]) = (Math.Max(high[t], close[t]), Math.Min(low[t], close[t]));
            }

            var change = (close[t] / price) - 1 - drift - jump; // a jump is over the next day
            variance = Math.Clamp(((1 - Alpha - Persistence) * Level(stormy)) + (Alpha * change * change) + (Persistence * variance), 1e-6, 0.01);
            price = close[t];
            (days[t], day) = (day, day.AddDays(day.DayOfWeek == DayOfWeek.Friday ? 3 : 1));
            traded[t] = Math.Round(2e7 * Math.Exp(0.3 * Gaussian(random))) * price;
            implied[t] = 100 * Math.Sqrt(252 * variance) * Math.Exp(0.05 * Gaussian(random));
            seen = Signals.NextVariance(seen, t == 0 ? open[0] : close[t - 1], open[t], high[t], low[t], close[t]);
            known[t] = Math.Sqrt(seen);
            if (t < Way) continue;
            var stretch = Math.Log(close[t] / close[t - Way]) / (known[t - Way] * Math.Sqrt(Way)); // by the volatility that whoever trades it knows
            held = stretch <= -1 ? 1 : stretch >= 1 ? -1 : held * stretch >= 0 ? 0 : held;
        }

        return (new(symbol, days, open, high, low, close, traded), new(Volatility, days, implied, implied, implied, implied, new double[n]));
    }

    /// <summary>Writes symbols (seeds one after the other) and their volatility as CSV: symbol, date, open, high, low, close, volume.</summary>
    /// <param name="csv">Where to; left open.</param>
    /// <param name="truth">What the market is like.</param>
    /// <param name="symbols">Number of symbols; SIM alone, or SIM1, SIM2, ….</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Number of rows.</returns>
    public static async Task<int> WriteAsync(Stream csv, MarketTruth truth, int symbols, CancellationToken cancel = default)
    {
        var (text, rows) = (new StringBuilder("symbol,date,open,high,low,close,volume\n"), 0);
        for (var i = 0; i < symbols; i++)
        {
            var (bars, volatility) = Of(truth with { Seed = truth.Seed + i }, symbols == 1 ? "SIM" : string.Create(CultureInfo.InvariantCulture, $"SIM{i + 1}"));
            for (var t = 0; t < bars.Count; t++, rows++)
                text.Append(CultureInfo.InvariantCulture, $"{bars.Symbol},{bars.Days[t]:yyyy-MM-dd},{bars.Open[t]:R},{bars.High[t]:R},{bars.Low[t]:R},{bars.Close[t]:R},{Math.Round(bars.Traded[t] / bars.Close[t])}\n");
            for (var t = 0; i == 0 && t < volatility.Count; t++, rows++)
                text.Append(CultureInfo.InvariantCulture, $"{Volatility},{volatility.Days[t]:yyyy-MM-dd},,,,{volatility.Close[t]:0.00},\n");
            await csv.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancel);
            text.Clear();
        }

        return rows;
    }

    private static double Level(bool stormy) => stormy ? 0.32 * 0.32 / 252 : 0.13 * 0.13 / 252;

    // Box and Muller 1958.
    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
