using System.Globalization;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>The bins of one input column with their weights of evidence, found on some rows.</summary>
internal sealed class ColumnBins
{
    // Rows of the portfolio's average that are added to each bin before its weight of evidence is taken.
    private const double PriorRows = 4;

    // Chosen by the mean area on five real portfolios. No least number of a class: the prior rows tame pure bins, and forbidding them cost area.
    private const int MinRows = 10;
    private const double Penalty = 0.5;
    private const double TurnPenalty = 2;

    private ColumnBins(ScorecardColumn column, double[] woe, int[] binOfCode, Monotone trend)
    {
        (Column, Woe, BinOfCode) = (column, woe, binOfCode);
        var ordinary = column.Type == ColumnType.Category ? 0 : column.MissingBin;
        Directions = [.. Trend.Directions(woe.AsSpan(0, ordinary), trend), .. new int[woe.Length - ordinary]];
    }

    /// <summary>The column with zero points.</summary>
    public ScorecardColumn Column { get; }

    /// <summary>Weight of evidence of each bin: ln(share of the goods / share of the bads), higher is better; 0 for empty bins.</summary>
    public double[] Woe { get; }

    /// <summary>The bin of each code of <see cref="Prebins"/>.</summary>
    public int[] BinOfCode { get; }

    /// <summary>How the risk moves from the bin before to each bin: 1 up, -1 down, 0 where bins have no order, or may move freely.</summary>
    public int[] Directions { get; }

    /// <summary>Information value: the sum over the bins of (share of the goods - share of the bads) · weight of evidence (Siddiqi 2006).</summary>
    public double InformationValue
    {
        get
        {
            double bads = Column.Bins.Sum(b => b.Bads), goods = Column.Bins.Sum(b => b.Rows) - bads;
            return Column.Bins.Sum(b => (((b.Rows - b.Bads) / goods) - (b.Bads / bads)) * b.Woe);
        }
    }

    /// <summary>The column with points.</summary>
    /// <param name="points">In hundredths, of each bin.</param>
    public ScorecardColumn WithPoints(long[] points)
    {
        var bins = Column.Bins.Select((bin, b) => bin with { Points = points[b] }).ToArray();
        var average = bins.Sum(bin => (double)bin.Points * bin.Rows) / bins.Sum(bin => bin.Rows);
        return Column with { Bins = bins, AveragePoints = (long)Math.Round(average) };
    }

    /// <summary>Finds the bins, or takes those of the contract.</summary>
    /// <param name="prebins">The column in steps.</param>
    /// <param name="rules">What the bins must keep.</param>
    /// <param name="without">A fold whose rows do not count.</param>
    public static ColumnBins Find(Prebins prebins, ScorecardRules rules, int? without = null)
    {
        var (input, column) = (prebins.Input, prebins.Input.Column);
        var (counts, bads) = prebins.Without(without);
        var all = counts.Sum();
        var limits = new BinLimits(Math.Max(MinRows, rules.MinBinShare * all), rules.MaxBins, Penalty, TurnPenalty);
        var binOfCode = new int[prebins.Width];
        var shrunken = Array.Empty<double>();
        ScorecardColumn empty;
        if (column.Type == ColumnType.Category)
        {
            (var categories, shrunken) = CategoryBins.Find(column, input.Values, counts, bads, limits);
            empty = new ScorecardColumn(column.Name, column.Type, [], categories, [.. Labels(categories.Select(Label), column).Append("unknown").Select(Empty)], 0);
            for (var code = 0; code < prebins.Ordinary; code++) binOfCode[code] = empty.BinOf(input.Values[code]);
        }
        else
        {
            var ends = NumberBins.Find(prebins, counts, bads, limits);
            double[] cuts = [.. ends.SkipLast(1).Select(end => prebins.Cuts[end - 1])];
            empty = new ScorecardColumn(column.Name, column.Type, cuts, [], [.. Labels(Intervals(cuts), column).Select(Empty)], 0);
            for (int code = 0, bin = 0; code < prebins.Ordinary; code++) binOfCode[code] = code < ends[bin] ? bin : ++bin;
        }

        for (var code = prebins.Ordinary; code < binOfCode.Length; code++) binOfCode[code] = empty.MissingBin + code - prebins.Ordinary;
        return Weigh(empty, binOfCode, counts, bads, bads.Sum() / (double)all, shrunken, column.Monotone);
    }

    // Counts the rows of each bin; a category bin's share of bads comes shrunken from its values.
    private static ColumnBins Weigh(ScorecardColumn empty, int[] binOfCode, int[] rowsOfCode, int[] badsOfCode, double rate, double[] shrunken, Monotone trend)
    {
        var (counts, bads) = (new int[empty.Bins.Count], new int[empty.Bins.Count]);
        for (var code = 0; code < binOfCode.Length; code++)
        {
            counts[binOfCode[code]] += rowsOfCode[code];
            bads[binOfCode[code]] += badsOfCode[code];
        }

        var woe = new double[counts.Length];
        for (var bin = 0; bin < woe.Length; bin++)
        {
            if (counts[bin] == 0) continue;
            var share = bin < shrunken.Length ? shrunken[bin] : bads[bin] / (double)counts[bin];
            woe[bin] = Weight(share, counts[bin], rate);
        }

        // Smoothing moves a small bin further than its neighbours, and bins set by hand may lie anyhow: the trend holds all the same.
        var ordered = empty.Type == ColumnType.Category ? 0 : empty.MissingBin;
        Trend.Keep(woe[..ordered], counts[..ordered], trend).CopyTo(woe, 0);
        var counted = empty.Bins.Select((bin, b) => bin with { Woe = woe[b], Rows = counts[b], Bads = bads[b] });
        return new ColumnBins(empty with { Bins = [.. counted] }, woe, binOfCode, trend);
    }

    /// <summary>Weight of evidence of a bin, drawn to the portfolio by a few of its rows.</summary>
    /// <param name="share">Share of bad loans in it.</param>
    /// <param name="rows">Its rows; 1 or more.</param>
    /// <param name="rate">The portfolio's share of bad loans.</param>
    public static double Weight(double share, int rows, double rate)
    {
        share = ((share * rows) + (rate * PriorRows)) / (rows + PriorRows);
        return Math.Log((1 - share) / share) - Math.Log((1 - rate) / rate);
    }

    private static Bin Empty(string label) => new(label, 0, 0, 0, 0);

    internal static IEnumerable<string> Labels(IEnumerable<string> ordinary, Column column) => [.. ordinary, "missing", .. column.Special];

    internal static IEnumerable<string> Intervals(double[] cuts) => cuts.Length == 0
        ? ["any value"]
        : Enumerable.Range(0, cuts.Length + 1).Select(k =>
            k == 0 ? string.Create(CultureInfo.InvariantCulture, $"up to {cuts[0]}")
            : k == cuts.Length ? string.Create(CultureInfo.InvariantCulture, $"above {cuts[^1]}")
            : string.Create(CultureInfo.InvariantCulture, $"({cuts[k - 1]}, {cuts[k]}]"));

    internal static string Label(IReadOnlyList<string> values) =>
        values.Count <= 5 ? string.Join(", ", values) : $"{string.Join(", ", values.Take(4))} and {values.Count - 4} more";
}
