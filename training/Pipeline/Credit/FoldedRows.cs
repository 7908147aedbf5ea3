namespace Serverless.Training.Credit;

/// <summary>The rows that a scorecard is fitted on, sorted by fold, so that a fold and what is outside of it lie side by side. A place is a row's number in this order.</summary>
/// <param name="Rows">The row at each place; ascending in each fold.</param>
/// <param name="Starts">The first place of each fold, and the number of places.</param>
/// <param name="Bad">The outcome at each place.</param>
internal sealed record FoldedRows(int[] Rows, int[] Starts, bool[] Bad)
{
    /// <summary>Number of places.</summary>
    public int Count => Rows.Length;

    /// <summary>Number of folds.</summary>
    public int Folds => Starts.Length - 1;

    /// <summary>Sorts some rows.</summary>
    /// <param name="rows">Rows of an export.</param>
    /// <param name="of">Those to fit on.</param>
    /// <param name="folds">Number of folds; 1 for none.</param>
    public static FoldedRows Of(CreditRows rows, int[] of, int folds)
    {
        var fold = folds == 1 ? new int[of.Length] : Split.Folds(rows, of, folds, rows.Contract.Training.Seed);
        var starts = new int[folds + 1];
        foreach (var f in fold) starts[f + 1]++;
        for (var f = 0; f < folds; f++) starts[f + 1] += starts[f];
        var (next, sorted) = ((int[])starts.Clone(), new int[of.Length]);
        for (var i = 0; i < of.Length; i++) sorted[next[fold[i]]++] = of[i];
        return new FoldedRows(sorted, starts, Array.ConvertAll(sorted, row => rows.Bad[row]));
    }

    /// <summary>The places of a fold.</summary>
    public Range Of(int fold) => Starts[fold]..Starts[fold + 1];

    /// <summary>The places outside of a fold, in their order; all places without one.</summary>
    public Range[] Without(int? fold) => fold is { } f ? [0..Starts[f], Starts[f + 1]..Count] : [0..Count];
}
