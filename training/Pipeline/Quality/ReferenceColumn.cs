using Serverless.Serving;

namespace Serverless.Training.Quality;

/// <summary>A column's rows in bins: tenths of its numbers or its values, the missing ones, and each special code.</summary>
public sealed record ReferenceColumn
{
    /// <summary>Code of a missing value.</summary>
    internal const int Missing = -1;

    /// <summary>Code of a field that is no value of the column and counts nowhere.</summary>
    internal const int None = int.MinValue;

    private const int Tenths = 10, MostValues = 50;
    private const double LeastShare = 0.01;

    /// <summary>Name of the column.</summary>
    public required string Name { get; init; }

    /// <summary>Rows that the shares are of.</summary>
    public required int Rows { get; init; }

    /// <summary>For numbers: ascending upper bounds, inclusive, of all bins but the last.</summary>
    public IReadOnlyList<double>? Cuts { get; init; }

    /// <summary>For numbers: the share of each bin.</summary>
    public IReadOnlyList<double>? Shares { get; init; }

    /// <summary>For categories: the share of each value with a hundredth of the rows or more, at most fifty.</summary>
    public IReadOnlyDictionary<string, double>? Values { get; init; }

    /// <summary>For categories: the share of all other values together.</summary>
    public double Other { get; init; }

    /// <summary>Share without a value.</summary>
    public double MissingShare { get; init; }

    /// <summary>Share of each special code, by code.</summary>
    public IReadOnlyDictionary<string, double> Special { get; init; } = new SortedDictionary<string, double>();

    /// <summary>Makes the reference of some rows.</summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="special">The special codes, in the order of the codes below -1.</param>
    /// <param name="codes">What each row holds: -1 missing, -2 and below a special code, from 0 on a number or the place of a value.</param>
    /// <param name="numbers">The numbers; empty for categories.</param>
    /// <param name="nameOf">For categories: the name of a place; null for a value that is not named.</param>
    internal static ReferenceColumn Of(string name, IReadOnlyList<string> special, ReadOnlySpan<int> codes, ReadOnlySpan<double> numbers, Func<int, string?>? nameOf = null)
    {
        var empty = new ReferenceColumn { Name = name, Rows = 0, Special = Sorted(special.Select(s => (s, 0.0))) };
        empty = nameOf is null ? empty with { Cuts = CutsOf(codes, numbers) } : empty with { Values = Sorted(Frequent(codes, nameOf).Select(v => (v, 0.0))) };
        var counts = empty.Count(special, codes, numbers, nameOf);
        var rows = counts.Sum();
        var share = Array.ConvertAll(counts, c => rows == 0 ? 0 : c / rows);
        var ordinary = empty.Cuts is { } cuts ? cuts.Count + 1 : empty.Values!.Count + 1;
        return empty with
        {
            Rows = (int)rows,
            Shares = empty.Cuts is null ? null : share[..ordinary],
            Values = empty.Values is null ? null : Sorted(empty.Values.Keys.Select((v, i) => (v, share[i]))),
            Other = empty.Values is null ? 0 : share[ordinary - 1],
            MissingShare = share[ordinary],
            Special = Sorted(empty.Special.Keys.Select((s, i) => (s, share[ordinary + 1 + i]))),
        };
    }

    /// <summary>How far some rows have moved from this reference; null when there is nothing to compare.</summary>
    internal Movement? Compare(IReadOnlyList<string> special, ReadOnlySpan<int> codes, ReadOnlySpan<double> numbers, Func<int, string?>? nameOf = null) =>
        Cuts is null == (nameOf is null) ? null : Movement.Of(Expected(), Count(special, codes, numbers, nameOf));

    /// <summary>Rows of the reference in each bin: the ordinary ones, the other values (categories), missing, and each special code by name.</summary>
    internal double[] Expected() => [.. (Cuts is null ? [.. Values!.Values, Other] : Shares!).Append(MissingShare).Concat(Special.Values).Select(s => s * Rows)];

    /// <summary>The same bins for other rows. Special codes are the same if their text is, or their number; those that the reference does not know count as missing.</summary>
    internal double[] Count(IReadOnlyList<string> special, ReadOnlySpan<int> codes, ReadOnlySpan<double> numbers, Func<int, string?>? nameOf)
    {
        var places = Values?.Keys.Index().ToDictionary(v => v.Item, v => v.Index, StringComparer.Ordinal);
        var ordinary = places is null ? Cuts!.Count + 1 : places.Count + 1;
        var bins = new double[ordinary + 1 + Special.Count];
        var specialBins = special.Select(s => ordinary + 1 + PlaceOf(s)).ToArray();
        double[] cuts = [.. Cuts ?? []];
        for (var row = 0; row < codes.Length; row++)
        {
            var code = codes[row];
            if (code == None) continue;
            var bin = code == Missing ? ordinary
                : code < Missing ? specialBins[-2 - code]
                : places is null ? BinOf(cuts, numbers[row])
                : nameOf!(code) is { } value && places.TryGetValue(value, out var place) ? place : places.Count;
            bins[bin]++;
        }

        return bins;
    }

    // -1 of a code that the reference does not know, which is the place of the missing ones.
    private int PlaceOf(string code)
    {
        string[] known = [.. Special.Keys];
        if (Array.IndexOf(known, code) is var same and >= 0) return same;
        return Cuts is not null && ValueFormat.Plain(code) is var number && double.IsFinite(number) ? Array.FindIndex(known, k => ValueFormat.Plain(k) == number) : -1;
    }

    private static int BinOf(double[] cuts, double number)
    {
        var at = Array.BinarySearch(cuts, number);
        return at < 0 ? ~at : at;
    }

    private static List<double> CutsOf(ReadOnlySpan<int> codes, ReadOnlySpan<double> numbers)
    {
        var sorted = new double[codes.Length];
        var count = 0;
        for (var row = 0; row < codes.Length; row++)
        {
            if (codes[row] >= 0) sorted[count++] = numbers[row];
        }

        Array.Sort(sorted, 0, count);
        List<double> cuts = [];
        for (var tenth = 1; tenth < Tenths && count > 0; tenth++)
        {
            var cut = sorted[(int)Math.Max(0, (((long)tenth * count) + Tenths - 1) / Tenths - 1)];
            if (cut < sorted[count - 1] && (cuts.Count == 0 || cut > cuts[^1])) cuts.Add(cut);
        }

        return cuts;
    }

    private static IEnumerable<string> Frequent(ReadOnlySpan<int> codes, Func<int, string?> nameOf)
    {
        var counts = new Dictionary<int, int>();
        var rows = 0;
        foreach (var code in codes)
        {
            if (code == None) continue;
            rows++;
            if (code >= 0) counts[code] = counts.GetValueOrDefault(code) + 1;
        }

        return counts.Where(c => c.Value >= LeastShare * rows && nameOf(c.Key) is not null)
            .OrderByDescending(c => c.Value).ThenBy(c => nameOf(c.Key), StringComparer.Ordinal).Take(MostValues).Select(c => nameOf(c.Key)!);
    }

    private static SortedDictionary<string, double> Sorted(IEnumerable<(string Key, double Value)> items) =>
        new(items.ToDictionary(i => i.Key, i => i.Value), StringComparer.Ordinal);
}
