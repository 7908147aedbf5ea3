using System.Globalization;
using Serverless.Serving.Market;

namespace Serverless.Training.Market.Prices;

/// <summary>What a person should look at in the bars of a symbol. They are used all the same: each has an honest explanation too.</summary>
internal static class PriceFindings
{
    private const int LongGap = 10, LongStale = 5;
    private const double SplitTolerance = 0.04, ManyMissing = 0.08, LeastJump = 0.37; // ln 1.45: what is smaller happens

    private static readonly double[] SplitRatios = [1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50, 100];

    /// <summary>Every finding.</summary>
    /// <param name="bars">The symbol, adjusted.</param>
    /// <param name="widened">Days whose high or low did not reach open and close.</param>
    /// <param name="traded">Whether it is traded, rather than only looked at.</param>
    public static IEnumerable<string> Of(Bars bars, int widened, bool traded)
    {
        var gaps = Days(bars, t => bars.Days[t].DayNumber - bars.Days[t - 1].DayNumber > LongGap);
        if (gaps.Count > 0) yield return Say(bars, $"{gaps.Count} gaps of more than {LongGap} days, the first before {gaps[0]:yyyy-MM-dd}: see whether days are missing.");
        var weekdays = Weekdays(bars);
        if (bars.Count > 1 && weekdays > 0 && 1 - ((double)bars.Count / weekdays) is var missing and > ManyMissing)
            yield return Say(bars, $"{100 * missing:0} % of the weekdays from first to last have no bar; holidays are about 4 %.");
        if (widened > 0) yield return Say(bars, $"on {widened} days the high is below, or the low above, open or close by a rounding: they were moved there.");
        if (!traded) yield break;
        var jumps = Days(bars, t => LooksLikeSplit(bars, t));
        if (jumps.Count > 0) yield return Say(bars, $"{jumps.Count} jumps look like splits that are not adjusted, the first on {jumps[0]:yyyy-MM-dd}: see whether the contract's 'columns' should name 'adjusted' or 'splits'.");
        var run = 0;
        var stale = Days(bars, t => (run = bars.Close[t] == bars.Close[t - 1] ? run + 1 : 0) >= LongStale);
        if (stale.Count > 0) yield return Say(bars, $"on {stale.Count} days the close has stood still for {LongStale} days or more, the first on {stale[0]:yyyy-MM-dd}: prices may be stale.");
        var weekend = Days(bars, t => bars.Days[t].DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
        if (weekend.Count > 0 && weekend.Count < bars.Count / 10) yield return Say(bars, $"{weekend.Count} bars fall on a weekend, the first on {weekend[0]:yyyy-MM-dd}.");
        var unknown = 0;
        foreach (var money in bars.Traded) unknown += money == 0 ? 1 : 0;
        if (unknown > 0) yield return Say(bars, $"on {unknown} of {bars.Count} days no volume is known: orders of these days are taken to move no price.");
    }

    /// <summary>Whether days were moved by a time zone: Sundays traded and Fridays not, or Saturdays and not Mondays.</summary>
    public static string? Shifted(Bars bars)
    {
        var counts = new int[7];
        foreach (var day in bars.Days) counts[(int)day.DayOfWeek]++;
        var (many, few) = (bars.Count / 10, bars.Count / 50);
        return (counts[(int)DayOfWeek.Sunday] > many && counts[(int)DayOfWeek.Friday] <= few) || (counts[(int)DayOfWeek.Saturday] > many && counts[(int)DayOfWeek.Monday] <= few)
            ? $"'{bars.Symbol}' trades on a day of the weekend and not on a weekday beside it: a time zone has moved its dates by a day. Write the date of the exchange."
            : null;
    }

    private static bool LooksLikeSplit(Bars bars, int t)
    {
        var jump = Math.Log(bars.Open[t] / bars.Close[t - 1]);
        if (Math.Abs(jump) < LeastJump) return false;
        var ratio = Math.Exp(Math.Abs(jump));
        return SplitRatios.Any(r => Math.Abs((ratio / r) - 1) < SplitTolerance);
    }

    private static List<DateOnly> Days(Bars bars, Func<int, bool> told)
    {
        List<DateOnly> days = [];
        for (var t = 1; t < bars.Count; t++)
        {
            if (told(t)) days.Add(bars.Days[t]);
        }

        return days;
    }

    private static int Weekdays(Bars bars)
    {
        var count = 0;
        for (var day = bars.Days[0]; day <= bars.Days[^1]; day = day.AddDays(1)) count += day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0 : 1;
        return count;
    }

    private static string Say(Bars bars, FormattableString finding) => $"{bars.Symbol}: {finding.ToString(CultureInfo.InvariantCulture)}";
}
