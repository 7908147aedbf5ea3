using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>How well one column alone tells good from bad loans.</summary>
internal static class SingleColumn
{
    private const int Fewest = 20;
    private const int MostBins = 50;

    /// <summary>
    /// The area under the ROC curve when loans are ordered by the share of bad ones among those with about the same value: numbers in up to 50
    /// bins, categories each, missing and special ones each. Null when a class has too few rows. A bin holds enough rows for five of the rarer
    /// class, so that a column of many values that tells nothing stays far below what is suspect (about 0.6).
    /// </summary>
    public static double? Auc(ColumnProfile profile, ColumnKind kind, OutcomeSample sample)
    {
        var all = kind.Present + kind.Absent;
        if (Math.Min(all.Good, all.Bad) < Fewest) return null;
        var sampled = kind.Type == ColumnType.Date || (kind.Type == ColumnType.Number && profile.Numbers.Overflowed);
        return sampled ? Area(Sampled(profile, sample)) : Area(Counted(profile, kind, all));
    }

    private static IEnumerable<Tally> Counted(ColumnProfile profile, ColumnKind kind, Tally all)
    {
        var least = Math.Max(Fewest, 5.0 * (all.Good + all.Bad) / Math.Min(all.Good, all.Bad));
        var numbers = kind.Type == ColumnType.Number ? kind.Values.Where(v => !double.IsNaN(profile.Number(v.Key)) && !kind.Special.Contains(v.Key)).ToList() : [];
        var texts = kind.Values.Except(numbers).Select(v => v.Value).Append(kind.Absent).ToList();
        var rare = kind.Present;
        foreach (var (_, tally) in kind.Values) rare -= tally; // rows of values that were not kept
        foreach (var text in texts)
        {
            if (text.Good + text.Bad >= least) yield return text;
            else rare += text;
        }

        yield return rare;
        var ordered = numbers.OrderBy(n => profile.Number(n.Key)).Select(n => n.Value);
        foreach (var bin in Bins(ordered, Math.Max(least, numbers.Sum(n => n.Value.Good + n.Value.Bad) / (double)MostBins))) yield return bin;
    }

    private static IEnumerable<Tally> Sampled(ColumnProfile profile, OutcomeSample sample)
    {
        var rows = Enumerable.Range(0, 2).SelectMany(outcome => profile.Sample(outcome, sample.Kept(outcome)).Select(number => (Number: number, Row: default(Tally).Plus(outcome)))).ToList();
        var counted = rows.Where(r => !double.IsNaN(r.Number)).OrderBy(r => r.Number).ToList();
        yield return rows.Where(r => double.IsNaN(r.Number)).Aggregate(default(Tally), (sum, r) => sum + r.Row);
        var values = counted.GroupBy(r => r.Number).Select(g => g.Aggregate(default(Tally), (sum, r) => sum + r.Row));
        var least = 5.0 * rows.Count / Math.Min(sample.Kept(0), sample.Kept(1));
        foreach (var bin in Bins(values, Math.Max(Math.Max(Fewest, least), counted.Count / (double)MostBins))) yield return bin;
    }

    /// <summary>Neighbours together until they have enough rows; what is left at the end joins the last.</summary>
    private static List<Tally> Bins(IEnumerable<Tally> ordered, double least)
    {
        List<Tally> bins = [];
        var bin = default(Tally);
        foreach (var value in ordered)
        {
            bin += value;
            if (bin.Good + bin.Bad < least) continue;
            bins.Add(bin);
            bin = default;
        }

        if (bins.Count == 0) bins.Add(bin);
        else bins[^1] += bin;
        return bins;
    }

    private static double? Area(IEnumerable<Tally> bins)
    {
        var ordered = bins.Where(b => b.Good + b.Bad > 0).OrderBy(b => (double)b.Bad / (b.Good + b.Bad)).ToList();
        double area = 0, good = 0;
        foreach (var bin in ordered)
        {
            area += bin.Bad * (good + (bin.Good / 2.0));
            good += bin.Good;
        }

        return area / (good * ordered.Sum(b => (double)b.Bad));
    }
}
