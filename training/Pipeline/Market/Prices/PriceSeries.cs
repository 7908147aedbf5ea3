using Serverless.Serving.Market;

namespace Serverless.Training.Market.Prices;

/// <summary>Makes the bars of a symbol from its rows.</summary>
internal static class PriceSeries
{
    /// <summary>
    /// Adjusts from the first day on. With an adjusted close, the day's factor is its ratio to the close, over that of the first day. With splits and
    /// dividends, a split multiplies by the shares that one became, and a dividend by the close before over the close before less the dividend
    /// (the method of CRSP), as if it were bought back at that price.
    /// </summary>
    /// <returns>The bars, and on how many days high or low did not reach open and close and were moved there.</returns>
    public static (Bars Bars, int Widened) Of(string symbol, IEnumerable<PriceRow> unordered)
    {
        var rows = unordered.OrderBy(r => r.Day).ToArray();
        var (days, open, high, low, close, traded) = (new DateOnly[rows.Length], new double[rows.Length], new double[rows.Length], new double[rows.Length], new double[rows.Length], new double[rows.Length]);
        var (factor, widened) = (1.0, 0);
        for (var t = 0; t < rows.Length; t++)
        {
            var row = rows[t];
            if (!double.IsNaN(row.Adjusted)) factor = row.Adjusted / row.Close / (rows[0].Adjusted / rows[0].Close);
            else if (t > 0)
            {
                var before = rows[t - 1].Close / row.Split; // of a share as it is now
                factor *= row.Split * (row.Dividend < before ? before / (before - row.Dividend) : 1);
            }

            days[t] = row.Day;
            close[t] = row.Close * factor;
            open[t] = double.IsNaN(row.Open) ? (t == 0 ? close[t] : close[t - 1]) : row.Open * factor;
            var (least, most) = (Math.Min(open[t], close[t]), Math.Max(open[t], close[t]));
            var (lowest, highest) = (double.IsNaN(row.Low) ? least : row.Low * factor, double.IsNaN(row.High) ? most : row.High * factor);
            if (lowest > least || highest < most) widened++;
            (low[t], high[t], traded[t]) = (Math.Min(lowest, least), Math.Max(highest, most), row.Volume * row.Close);
        }

        return (new(symbol, days, open, high, low, close, traded), widened);
    }
}
