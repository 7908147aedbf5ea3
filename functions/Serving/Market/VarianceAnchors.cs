namespace Serverless.Serving.Market;

/// <summary>The fitted numbers of one symbol's baselines; part of <c>features.json</c>.</summary>
/// <param name="Garch">Its GARCH(1,1).</param>
/// <param name="Har">Its heterogeneous autoregression.</param>
public sealed record VarianceParameters(Garch Garch, Har Har);

/// <summary>
/// What a forecast of the next day's variance rests on: the forecasts of three baselines, whose mean logarithm is its anchor, and signals that say how
/// far the variance will be from it. All are computed here, for training and for answers alike, and look at no later day.
/// </summary>
public sealed class VarianceAnchors
{
    /// <summary>The baselines in their order.</summary>
    public static readonly IReadOnlyList<string> Baselines = ["ewma", "garch", "har"];

    private static readonly string[] OwnSignals = ["range of the day", "range of the week", "range of the month", "ewma over anchor", "har over anchor", "fall of the day", "return of the week", "return of the month"];

    // Half-lives in days.
    private const double DayLife = 1, WeekLife = 4, MonthLife = 16, QuarterLife = 64, ScaleLife = 20;
    private const double LeastDeviation = 1e-4;

    private VarianceAnchors(double[][] logs, double[] anchor, double[][] signals) => (Logs, Anchor, Signals) = (logs, anchor, signals);

    /// <summary>Logarithm of each baseline's variance for the next day: baselines × days.</summary>
    public double[][] Logs { get; }

    /// <summary>The mean of these: days.</summary>
    public double[] Anchor { get; }

    /// <summary>Signals × days, in the order of <see cref="SignalNames"/>.</summary>
    public double[][] Signals { get; }

    /// <summary>Names of the signals.</summary>
    /// <param name="levels">Names of the series to look at besides.</param>
    public static IReadOnlyList<string> SignalNames(IEnumerable<string> levels) => [.. OwnSignals, .. levels.Select(l => $"{l} over anchor")];

    /// <summary>Computes them.</summary>
    public static VarianceAnchors Of(PastDays days, VarianceParameters parameters)
    {
        double[][] logs = [Har.Logs(Ewma.Variances(days.Returns)), Har.Logs(parameters.Garch.Variances(days.Returns)), Har.Logs(parameters.Har.Variances(days.Ranges))];
        var anchor = new double[days.Count];
        for (var t = 0; t < anchor.Length; t++) anchor[t] = logs.Sum(l => l[t]) / logs.Length;

        var quarter = Har.Logs(Ewma.Means(days.Ranges, QuarterLife));
        var deviation = Array.ConvertAll(Ewma.Means(days.Ranges, ScaleLife), v => Math.Max(LeastDeviation, Math.Sqrt(v)));
        return new(logs, anchor,
        [
            Less(Har.Logs(Ewma.Means(days.Ranges, DayLife)), quarter),
            Less(Har.Logs(Ewma.Means(days.Ranges, WeekLife)), quarter),
            Less(Har.Logs(Ewma.Means(days.Ranges, MonthLife)), quarter),
            Less(logs[0], anchor),
            Less(logs[2], anchor),
            // Prices that fall are followed by more variance than prices that rise (Black 1976).
            InDeviations(days.Returns, 1, deviation, fallsOnly: true),
            InDeviations(days.Returns, Har.WeekDays, deviation),
            InDeviations(days.Returns, Har.MonthDays, deviation),
            // Twice the logarithm of a volatility is that of its variance; what it is short of, units and premium, is in the constant.
            .. days.Levels.Select(level => Less(Array.ConvertAll(level, v => 2 * Math.Log(v)), anchor)),
        ]);
    }

    private static double[] Less(double[] one, double[] other)
    {
        var differences = new double[one.Length];
        for (var t = 0; t < one.Length; t++) differences[t] = one[t] - other[t];
        return differences;
    }

    // The mean return of the last days in deviations of one.
    private static double[] InDeviations(double[] returns, int days, double[] deviation, bool fallsOnly = false)
    {
        var means = new double[returns.Length];
        for (var t = 0; t < returns.Length; t++)
        {
            var first = Math.Max(0, t - days + 1);
            for (var i = first; i <= t; i++) means[t] += (fallsOnly ? Math.Min(0, returns[i]) : returns[i]) / (t - first + 1);
            means[t] /= deviation[t];
        }

        return means;
    }
}
