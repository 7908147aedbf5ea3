namespace Serverless.Serving.Market;

/// <summary>Numbers that describe each day of a symbol, from that day's close and earlier alone.</summary>
/// <param name="Names">Names of the features.</param>
/// <param name="Days">Number of days, those of the bars.</param>
/// <param name="First">First day (from 0) on which every feature has all the days that it looks back on; rows before it are 0.</param>
/// <param name="Values">Days × features, row by row; never NaN.</param>
public sealed record FeatureTable(IReadOnlyList<string> Names, int Days, int First, double[] Values)
{
    /// <summary>The features of a day.</summary>
    public ReadOnlySpan<double> this[int day] => Values.AsSpan(day * Names.Count, Names.Count);
}

/// <summary>
/// Features of daily bars. Returns are log returns; volatilities are half the log of a daily variance: of squared returns, of the range (Parkinson 1980),
/// and of the range and the way from open to close (Garman and Klass 1980). What a day's row holds is known at its close.
/// </summary>
public static class MarketFeatures
{
    /// <summary>Daily variances below it (0.001 % volatility) count as it, since a stale price has no logarithm.</summary>
    public const double LeastVariance = 1e-10;

    private const int Longest = 63;

    private static readonly int[] Horizons = [1, 2, 5, 10, 21, Longest];
    private static readonly int[] Windows = [5, 22, Longest];
    private static readonly int[] RangeWindows = [1, 5, 22];
    private static readonly int[] Changes = [1, 5];

    /// <summary>Names of the features, in the order of a row.</summary>
    /// <param name="exogenous">Symbols that are looked at besides.</param>
    public static IReadOnlyList<string> Names(IEnumerable<string> exogenous) =>
    [
        .. Horizons.Select(h => $"return_{h}"),
        .. Windows.Select(w => $"volatility_{w}"),
        .. RangeWindows.Select(w => $"parkinson_{w}"),
        .. RangeWindows.Select(w => $"garman_klass_{w}"),
        "overnight", "intraday", "fall", "volume_z", "weekday_sin", "weekday_cos", "season_sin", "season_cos",
        .. exogenous.SelectMany(s => (string[])[$"{s}_level", .. Changes.Select(c => $"{s}_change_{c}")]),
    ];

    /// <summary>Describes every day of a symbol.</summary>
    /// <param name="bars">The symbol.</param>
    /// <param name="exogenous">Series to look at besides: a day sees their latest close that is not after it.</param>
    public static FeatureTable Of(Bars bars, IReadOnlyList<Bars> exogenous)
    {
        var names = Names(exogenous.Select(e => e.Symbol));
        var values = new double[bars.Count * names.Count];
        var first = Math.Max(Longest, exogenous.Count == 0 ? 0 : exogenous.Max(e => FirstSeen(bars, e)));
        var (squares, parkinson, garmanKlass) = Variances(bars);
        for (var t = first; t < bars.Count; t++)
        {
            var row = new Row(values.AsSpan(t * names.Count, names.Count));
            foreach (var h in Horizons) row.Add(Math.Log(bars.Close[t] / bars.Close[t - h]));
            foreach (var w in Windows) row.Add(LogVolatility(squares, t, w));
            foreach (var w in RangeWindows) row.Add(LogVolatility(parkinson, t, w));
            foreach (var w in RangeWindows) row.Add(LogVolatility(garmanKlass, t, w));
            row.Add(Math.Log(bars.Open[t] / bars.Close[t - 1]));
            row.Add(Math.Log(bars.Close[t] / bars.Open[t]));
            row.Add(Math.Min(0, Math.Log(bars.Close[t] / bars.Close[t - 1])));
            row.Add(VolumeScore(bars, t));
            row.AddCircle(((int)bars.Days[t].DayOfWeek - 1) / 5.0);
            row.AddCircle((bars.Days[t].DayOfYear - 1) / 365.25);
            foreach (var series in exogenous)
            {
                var latest = series.Known(bars.Days[t]) - 1;
                row.Add(Math.Log(series.Close[latest]));
                foreach (var c in Changes) row.Add(Math.Log(series.Close[latest] / series.Close[latest - c]));
            }
        }

        return new(names, bars.Count, Math.Min(first, bars.Count), values);
    }

    /// <summary>Daily variances by close, by range (Parkinson) and by range and open (Garman and Klass), each at least <see cref="LeastVariance"/> only in logarithms.</summary>
    /// <returns>Arrays by day; of the first day the squared return is 0.</returns>
    public static (double[] Squares, double[] Parkinson, double[] GarmanKlass) Variances(Bars bars)
    {
        var (squares, parkinson, garmanKlass) = (new double[bars.Count], new double[bars.Count], new double[bars.Count]);
        for (var t = 0; t < bars.Count; t++)
        {
            var (change, range, body) = (t == 0 ? 0 : Math.Log(bars.Close[t] / bars.Close[t - 1]), Math.Log(bars.High[t] / bars.Low[t]), Math.Log(bars.Close[t] / bars.Open[t]));
            squares[t] = change * change;
            parkinson[t] = range * range / (4 * Math.Log(2));
            garmanKlass[t] = (0.5 * range * range) - (((2 * Math.Log(2)) - 1) * body * body);
        }

        return (squares, parkinson, garmanKlass);
    }

    private static double LogVolatility(double[] variances, int day, int window)
    {
        var sum = 0.0;
        for (var t = day - window + 1; t <= day; t++) sum += variances[t];
        return 0.5 * Math.Log(Math.Max(LeastVariance, sum / window));
    }

    /// <summary>How unusual the day's traded money is against the last 63 days', in standard deviations of its logarithm, at most 5; 0 where it is not known.</summary>
    private static double VolumeScore(Bars bars, int day)
    {
        var (count, sum, squares) = (0, 0.0, 0.0);
        for (var t = day - Longest + 1; t <= day; t++)
        {
            if (bars.Traded[t] <= 0) continue;
            var log = Math.Log(bars.Traded[t]);
            (count, sum, squares) = (count + 1, sum + log, squares + (log * log));
        }

        if (bars.Traded[day] <= 0 || count < Longest / 2) return 0;
        var mean = sum / count;
        var spread = Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)));
        return spread < 1e-6 ? 0 : Math.Clamp((Math.Log(bars.Traded[day]) - mean) / spread, -5, 5);
    }

    private static int FirstSeen(Bars bars, Bars series)
    {
        var needed = Changes.Max();
        return series.Count <= needed ? bars.Count : bars.Known(series.Days[needed].AddDays(-1));
    }

    private ref struct Row(Span<double> values)
    {
        private readonly Span<double> _values = values;
        private int _next;

        public void Add(double value) => _values[_next++] = value;

        public void AddCircle(double turn)
        {
            Add(Math.Sin(2 * Math.PI * turn));
            Add(Math.Cos(2 * Math.PI * turn));
        }
    }
}
