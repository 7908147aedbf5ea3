namespace Serverless.Training.Quality;

/// <summary>Shares and what chance alone does to them.</summary>
internal static class Proportion
{
    private const double Z95 = 1.959963984540054;

    /// <summary>The 95 % interval of a share (Wilson 1927).</summary>
    /// <returns>0 to 1 when there are no rows.</returns>
    public static (double Low, double High) Interval(long events, long rows)
    {
        if (rows == 0) return (0, 1);
        var share = (double)events / rows;
        var middle = (share + (Z95 * Z95 / (2 * rows))) / (1 + (Z95 * Z95 / rows));
        var reach = Z95 / (1 + (Z95 * Z95 / rows)) * Math.Sqrt((share * (1 - share) / rows) + (Z95 * Z95 / (4.0 * rows * rows)));
        return (Math.Max(0, middle - reach), Math.Min(1, middle + reach));
    }

    /// <summary>By how many standard errors two shares differ (the pooled test of two proportions); 0 where either has no rows or nothing varies.</summary>
    public static double Distance(long events, long rows, long otherEvents, long otherRows)
    {
        if (rows == 0 || otherRows == 0) return 0;
        var pooled = (double)(events + otherEvents) / (rows + otherRows);
        var error = Math.Sqrt(pooled * (1 - pooled) * ((1.0 / rows) + (1.0 / otherRows)));
        return error == 0 ? 0 : (((double)otherEvents / otherRows) - ((double)events / rows)) / error;
    }
}
