using Serverless.Serving.Market;
using Serverless.Training.Credit.LightGbm;

namespace Serverless.Training.Market.Forecasts;

/// <summary>What the mean of a return is compared with beside zero and drift: a ridge regression on past returns, and boosted trees on every feature.</summary>
internal sealed class ReturnBaselines : IDisposable
{
    /// <summary>The baselines of the mean, in their order.</summary>
    public static readonly IReadOnlyList<string> Names = ["Zero", "Drift", "Ridge", "Boosted"];

    // In days of evidence.
    private const double Ridge = 1000;
    private const int Rounds = 60;

    private const string Parameters =
        "objective=regression learning_rate=0.03 num_leaves=7 min_data_in_leaf=200 lambda_l2=10 feature_fraction=0.7 bagging_fraction=0.7 bagging_freq=1 seed=1 feature_pre_filter=false deterministic=true force_row_wise=true num_threads=2 verbosity=-1";

    private readonly ForecastFit _fit;
    private readonly int[] _lags;
    private readonly double[] _weights;
    private readonly Booster _booster;

    private ReturnBaselines(ForecastFit fit, int[] lags, double[] weights, Booster booster) => (_fit, _lags, _weights, _booster) = (fit, lags, weights, booster);

    /// <summary>Fits on the days that a fit knows.</summary>
    /// <param name="fit">The fit: how days are scaled, and the drift.</param>
    /// <param name="samples">The days.</param>
    public static ReturnBaselines Of(ForecastFit fit, IReadOnlyList<SymbolSamples> samples)
    {
        var names = samples[0].Series.Features.Names;
        int[] lags = [.. Enumerable.Range(0, names.Count).Where(i => names[i].StartsWith("return_", StringComparison.Ordinal))];
        var days = samples.SelectMany((s, place) => s.Days.Select(t => (
            Row: fit.Scaling.Row(s.Series.Features[t], s.Anchors, t),
            Target: (s.Series.ReturnAfter(t, fit.Horizon) - (fit.Horizon * fit.Drifts[place])) / Deviation(fit, s.Anchors, t)))).ToList();
        var matrix = Array.ConvertAll(lags, _ => new double[lags.Length]);
        var right = new double[lags.Length];
        foreach (var (row, target) in days)
        {
            for (var i = 0; i < lags.Length; i++)
            {
                right[i] += row[lags[i]] * target;
                for (var j = 0; j < lags.Length; j++) matrix[i][j] += row[lags[i]] * row[lags[j]];
            }
        }

        for (var i = 0; i < lags.Length; i++) matrix[i][i] += Ridge;
        using var data = BoostingData.Of(Columns([.. days.Select(d => d.Row)]), [.. days.Select(d => (float)d.Target)], []);
        var booster = new Booster(data, Parameters);
        for (var round = 0; round < Rounds && booster.Grow(); round++)
        {
        }

        return new(fit, lags, LinearSystem.Solve(matrix, right), booster);
    }

    /// <summary>Means of the returns over the horizon that begin at some days, in the order of <see cref="Names"/>.</summary>
    /// <param name="place">Place of the symbol.</param>
    /// <param name="days">The symbol.</param>
    /// <param name="from">The first day.</param>
    /// <param name="count">How many.</param>
    public double[][] Means(int place, SymbolDays days, int from, int count)
    {
        var anchors = VarianceAnchors.Of(days.Past.Until(from + count), _fit.Parameters[place]);
        float[][] rows = [.. Enumerable.Range(from, count).Select(t => _fit.Scaling.Row(days.Features[t], anchors, t))];
        var boosted = _booster.Raw(Columns(rows), count);
        var drift = _fit.Horizon * _fit.Drifts[place];
        double Moved(int i, double inDeviations) => drift + (inDeviations * Deviation(_fit, anchors, from + i));
        return
        [
            new double[count],
            [.. Enumerable.Repeat(drift, count)],
            [.. rows.Select((row, i) => Moved(i, _lags.Select((lag, l) => row[lag] * _weights[l]).Sum()))],
            [.. boosted.Select((b, i) => Moved(i, b))],
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _booster.Dispose();

    private static double Deviation(ForecastFit fit, VarianceAnchors anchors, int day) => Math.Sqrt(fit.Horizon) * Math.Exp(anchors.Anchor[day] / 2);

    private static float[] Columns(float[][] rows)
    {
        var values = new float[rows.Length * rows[0].Length];
        for (var i = 0; i < values.Length; i++) values[i] = rows[i % rows.Length][i / rows.Length];
        return values;
    }
}
