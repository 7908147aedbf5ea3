using Serverless.Serving.Market;

namespace Serverless.Training.Market.Strategies;

/// <summary>What strategies look at, known at each close from that day and earlier alone. Computed once and shared by all trials; not for parallel use.</summary>
public sealed class Signals
{
    private const double Decay = 0.94; // RiskMetrics 1996, daily

    private readonly Bars _bars;
    private readonly Dictionary<TrendRule, bool[]> _rising = [];
    private readonly Dictionary<int, double[]> _stretch = [];

    /// <summary>Prepares the signals of a symbol.</summary>
    /// <param name="bars">The symbol.</param>
    /// <param name="volatility">Forecast of the next day's volatility at each close, above 0; null: that of <see cref="RangeVolatility"/>.</param>
    /// <param name="drift">Forecast of the next day's log return at each close; null: <see cref="MeanReturns"/>.</param>
    public Signals(Bars bars, double[]? volatility = null, double[]? drift = null)
    {
        _bars = bars;
        Volatility = volatility ?? RangeVolatility(bars);
        LongRun = new double[bars.Count];
        Drift = drift ?? MeanReturns(bars);
        var variance = 0.0;
        for (var t = 0; t < bars.Count; t++)
        {
            variance += Volatility[t] * Volatility[t];
            LongRun[t] = Math.Sqrt(variance / (t + 1));
        }
    }

    /// <summary>Number of days.</summary>
    public int Days => _bars.Count;

    /// <summary>Forecast of the next day's volatility.</summary>
    public double[] Volatility { get; }

    /// <summary>Root of the mean of all variances forecast so far.</summary>
    public double[] LongRun { get; }

    /// <summary>Forecast of the next day's log return.</summary>
    public double[] Drift { get; }

    /// <summary>
    /// Exponentially weighted mean of two estimates of a day's variance: the squared return, and range (Garman and Klass 1980) with the squared way
    /// from close to open, which is steadier.
    /// </summary>
    public static double[] RangeVolatility(Bars bars)
    {
        var volatility = new double[bars.Count];
        var variance = double.NaN;
        for (var t = 0; t < bars.Count; t++)
        {
            variance = NextVariance(variance, t == 0 ? bars.Open[0] : bars.Close[t - 1], bars.Open[t], bars.High[t], bars.Low[t], bars.Close[t]);
            volatility[t] = Math.Sqrt(Math.Max(variance, MarketFeatures.LeastVariance));
        }

        return volatility;
    }

    /// <summary>Mean of all log returns so far: a random walk with drift.</summary>
    public static double[] MeanReturns(Bars bars)
    {
        var means = new double[bars.Count];
        for (var t = 1; t < bars.Count; t++) means[t] = Math.Log(bars.Close[t] / bars.Close[0]) / t;
        return means;
    }

    /// <summary>The mean after one day more.</summary>
    /// <param name="variance">The mean before it; NaN where there is none.</param>
    /// <param name="before">Close of the day before.</param>
    /// <param name="open">The day's open.</param>
    /// <param name="high">Its high.</param>
    /// <param name="low">Its low.</param>
    /// <param name="close">Its close.</param>
    internal static double NextVariance(double variance, double before, double open, double high, double low, double close)
    {
        var (change, overnight, range, body) = (Math.Log(close / before), Math.Log(open / before), Math.Log(high / low), Math.Log(close / open));
        var today = 0.5 * ((change * change) + (overnight * overnight) + Math.Max(0, (0.5 * range * range) - (((2 * Math.Log(2)) - 1) * body * body)));
        return double.IsNaN(variance) ? today : (Decay * variance) + ((1 - Decay) * today);
    }

    /// <summary>Whether the price is at least what a rule compares it with; true while there are too few days.</summary>
    public bool[] Rising(TrendRule rule)
    {
        if (_rising.TryGetValue(rule, out var known)) return known;
        var rising = new bool[Days];
        var sum = 0.0;
        for (var t = 0; t < Days; t++)
        {
            sum += _bars.Close[t] - (t >= rule.Days ? _bars.Close[t - rule.Days] : 0);
            rising[t] = t < rule.Days || _bars.Close[t] >= (rule.Average ? sum / rule.Days : _bars.Close[t - rule.Days]);
        }

        return _rising[rule] = rising;
    }

    /// <summary>How far the price has gone within some days, in standard deviations as forecast; 0 while there are too few.</summary>
    public double[] Stretch(int days)
    {
        if (_stretch.TryGetValue(days, out var known)) return known;
        var stretch = new double[Days];
        for (var t = days; t < Days; t++) stretch[t] = Math.Log(_bars.Close[t] / _bars.Close[t - days]) / (Volatility[t - days] * Math.Sqrt(days));
        return _stretch[days] = stretch;
    }
}

/// <summary>What a price is compared with to tell a trend.</summary>
/// <param name="Days">How many days it looks back.</param>
/// <param name="Average">Whether with the mean of these days, instead of the price before them.</param>
public readonly record struct TrendRule(int Days, bool Average);
