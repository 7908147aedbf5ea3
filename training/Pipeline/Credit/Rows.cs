using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>A loan export that was read and found good, column by column in memory.</summary>
/// <param name="Contract">The contract that it was read under.</param>
/// <param name="Columns">The inputs, in the contract's order.</param>
/// <param name="Bad">The outcome of each row.</param>
/// <param name="Keys">The key of each row (<see cref="RowKeys.Of"/>): of its id, or of its whole content where the contract has no id.</param>
/// <param name="Dates">The date of each row in days since 1970-01-01; empty where the contract has none.</param>
/// <param name="RowsInError">Rows that were left out.</param>
public sealed record CreditRows(
    CreditContract Contract,
    IReadOnlyList<InputColumn> Columns,
    bool[] Bad,
    ulong[] Keys,
    double[] Dates,
    int RowsInError)
    : TrainingRows(Bad.Length, RowsInError)
{
    /// <summary>Rows that were left out because they are younger than the contract's performance window.</summary>
    public int RowsImmature { get; init; }
}

/// <summary>The values of one input column.</summary>
/// <param name="Column">The contract's column.</param>
/// <param name="Numbers">For numbers and dates: the value of each row, 0 where the code says that there is none; else empty.</param>
/// <param name="Codes">What each row holds: <see cref="Missing"/>, a special code (<see cref="Special"/>), or from 0 on an ordinary value:
/// 0 for numbers and dates, the place in <paramref name="Values"/> for categories.</param>
/// <param name="Values">For categories: the values in the order in which they were first seen; else empty.</param>
public sealed record InputColumn(Column Column, double[] Numbers, int[] Codes, string[] Values)
{
    private int[]? _ascending;

    /// <summary>For numbers and dates: the rows that have an ordinary value, by ascending value; sorted when first asked for.</summary>
    internal int[] Ascending
    {
        get
        {
            if (_ascending is not null) return _ascending;
            var rows = Enumerable.Range(0, Codes.Length).Where(row => Codes[row] >= 0).ToArray();
            Array.Sort(Array.ConvertAll(rows, row => Numbers[row]), rows);
            return _ascending = rows;
        }
    }

    /// <summary>The code of a missing value.</summary>
    public const int Missing = -1;

    /// <summary>The code of a special value.</summary>
    /// <param name="place">Its place in the contract's list.</param>
    public static int Special(int place) => -2 - place;

    /// <summary>The bin of some rows in a column of a scorecard of the contract that they were read under (<see cref="RowsUnder"/>).</summary>
    internal int[] BinsIn(ScorecardColumn scored, int[] of)
    {
        var categories = Array.ConvertAll(Values, value => scored.BinOf(value));
        var bins = new int[of.Length];
        for (var i = 0; i < bins.Length; i++)
        {
            var code = Codes[of[i]];
            bins[i] = code < 0 ? scored.MissingBin + Missing - code : Numbers.Length > 0 ? scored.BinOf(Numbers[of[i]]) : categories[code];
        }

        return bins;
    }

    /// <summary>What a model sees of some rows: their bins, and of a model that takes values (<see cref="ScorecardColumn.Values"/>) the values too.</summary>
    internal long[] CodesIn(ScorecardColumn scored, int[] of)
    {
        var bins = BinsIn(scored, of);
        var codes = new long[of.Length];
        for (var i = 0; i < codes.Length; i++) codes[i] = scored.CodeOf(bins[i], Numbers.Length > 0 && Codes[of[i]] >= 0 ? Numbers[of[i]] : null);
        return codes;
    }
}
