namespace Serverless.Training.Quality;

/// <summary>
/// Population stability index of two distributions over the same bins: the sum of (q - p) ln(q / p) (Siddiqi, Credit Risk Scorecards, 2006). Usual
/// bands: below 0.1 little has changed, above 0.25 much. Half a row is added to each bin, so that an empty one does not make it infinite.
/// </summary>
public static class PopulationStability
{
    /// <summary>From this on a distribution is to be watched.</summary>
    public const double Watch = 0.1;

    /// <summary>From this on it is another one.</summary>
    public const double Drift = 0.25;

    /// <summary>The index; NaN when one of them has no rows.</summary>
    /// <param name="before">Rows of each bin, earlier.</param>
    /// <param name="after">Rows of each bin, later; as many bins.</param>
    public static double Of(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        if (before.Length != after.Length) throw new ArgumentException("Both need the same bins.", nameof(after));
        double allBefore = 0, allAfter = 0;
        for (var i = 0; i < before.Length; i++) (allBefore, allAfter) = (allBefore + before[i], allAfter + after[i]);
        if (allBefore == 0 || allAfter == 0) return double.NaN;
        double index = 0;
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i] == 0 && after[i] == 0) continue;
            var (p, q) = ((before[i] + 0.5) / (allBefore + (0.5 * before.Length)), (after[i] + 0.5) / (allAfter + (0.5 * before.Length)));
            index += (q - p) * Math.Log(q / p);
        }

        return index;
    }
}
