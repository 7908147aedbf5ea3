namespace Serverless.Training.Quality;

/// <summary>How far a population has moved.</summary>
public enum Drift
{
    /// <summary>Not beyond 0.1, or not beyond chance.</summary>
    Stable,

    /// <summary>Above 0.1: to be watched.</summary>
    Watch,

    /// <summary>Above 0.25: another population.</summary>
    Drifted,
}

/// <summary>
/// The population stability index: the sum over bins of <c>(a - e) ln(a / e)</c>, where e and a are a bin's share among the expected and the
/// actual rows. Its usual bands, 0.1 and 0.25, are those of Siddiqi (2006), Credit Risk Scorecards.
/// </summary>
public static class PopulationStability
{
    /// <summary>From here on a movement is watched.</summary>
    public const double WatchFrom = 0.1;

    /// <summary>From here on the population is another one.</summary>
    public const double DriftFrom = 0.25;

    // 0.1 % one-sided of the normal distribution: with a hundred columns in a report one false alarm in ten reports.
    private const double Z = 3.090232306167813;

    /// <summary>
    /// The index of two sets of rows by their counts in the same bins. Half a row is added to every bin of both, so that a bin that is
    /// empty on one side gives a finite figure which fades as rows grow. Bins that are empty on both sides do not count.
    /// </summary>
    /// <param name="expected">Rows of each bin in the population to compare with.</param>
    /// <param name="actual">Rows of each bin now.</param>
    /// <returns>0 or more; NaN when a side has no rows.</returns>
    /// <exception cref="ArgumentException">The numbers of bins differ.</exception>
    public static double Index(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        if (expected.Length != actual.Length) throw new ArgumentException("Both sides need the same bins.", nameof(actual));
        var bins = Used(expected, actual);
        var (all, now) = (Sum(expected), Sum(actual));
        if (all <= 0 || now <= 0) return double.NaN;
        double index = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] + actual[i] <= 0) continue;
            var e = (expected[i] + 0.5) / (all + (0.5 * bins));
            var a = (actual[i] + 0.5) / (now + (0.5 * bins));
            index += (a - e) * Math.Log(a / e);
        }

        return index;
    }

    /// <summary>
    /// What the index does not exceed by chance when both sides come from one population: then it is about <c>(1/n + 1/m)</c> times a
    /// chi-squared variable with one degree of freedom less than bins (Yurdakul and Naranjo 2020), here at 99.9 % by its normal approximation.
    /// </summary>
    public static double ByChance(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        var freedom = Math.Max(1, Used(expected, actual) - 1);
        return ((1 / Sum(expected)) + (1 / Sum(actual))) * (freedom + (Z * Math.Sqrt(2 * freedom)));
    }

    /// <summary>The band of an index. Few rows move by chance, so an index counts only where it is beyond that too.</summary>
    /// <param name="index">The index.</param>
    /// <param name="byChance">What it does not exceed by chance.</param>
    public static Drift Band(double index, double byChance = 0) =>
        !(index >= WatchFrom && index > byChance) ? Drift.Stable : index >= DriftFrom ? Drift.Drifted : Drift.Watch;

    private static int Used(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        var used = 0;
        for (var i = 0; i < expected.Length; i++) used += expected[i] + actual[i] > 0 ? 1 : 0;
        return used;
    }

    private static double Sum(ReadOnlySpan<double> rows)
    {
        double sum = 0;
        foreach (var count in rows) sum += count;
        return sum;
    }
}
