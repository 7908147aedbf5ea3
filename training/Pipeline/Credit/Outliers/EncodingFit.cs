using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Finds how applications become an autoencoder's values, on some rows; needs no outcome.</summary>
internal static class EncodingFit
{
    // Steps of a thermometer: at quantiles, so that each tells as much.
    private const int Steps = 16;

    // More values than that are texts: n-grams stand for them, in 64 units.
    private const int MostValues = 48;
    private const int GramBits = 5;

    /// <summary>Finds it.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="on">The rows to look at.</param>
    public static ApplicationEncoding Find(CreditRows rows, int[] on) =>
        new([.. ApplicationEncoding.Of(rows.Contract).Select(column => Find(rows.Columns.Single(c => c.Column.Name == column.Name), on))]);

    /// <summary>The values of some rows, row after row.</summary>
    /// <param name="encoding">How they are written.</param>
    /// <param name="rows">An export; of the same contract, or one whose columns have the same names.</param>
    /// <param name="of">The rows.</param>
    public static float[] Encode(ApplicationEncoding encoding, CreditRows rows, int[] of)
    {
        var values = new float[of.Length * ApplicationEncoding.Width];
        foreach (var (place, column) in encoding.Columns.Index())
        {
            var input = rows.Columns.Single(c => c.Column.Name == column.Name);
            for (var i = 0; i < of.Length; i++)
                encoding.Encode(place, CellOf(input, of[i]), values.AsMemory(i * ApplicationEncoding.Width, ApplicationEncoding.Width));
        }

        return values;
    }

    private static Cell CellOf(InputColumn input, int row) => input.Codes[row] switch
    {
        InputColumn.Missing => Cell.Missing,
        < InputColumn.Missing and var code => Cell.OfSpecial(InputColumn.Special(0) - code),
        var value => input.Column.Type == ColumnType.Category ? Cell.OfCategory(input.Values[value]) : Cell.OfNumber(input.Numbers[row]),
    };

    private static EncodedColumn Find(InputColumn input, int[] on)
    {
        var column = input.Column;
        var seen = on.Where(row => input.Codes[row] >= 0);
        if (column.Type == ColumnType.Category)
        {
            var values = seen.Select(row => input.Values[input.Codes[row]]).Distinct().Order(StringComparer.Ordinal).ToList();
            return values.Count <= MostValues
                ? new(column.Name, column.Type, column.Special.Count, 0, [], values, 0)
                : new(column.Name, column.Type, column.Special.Count, 0, [], [], GramBits);
        }

        double[] sorted = [.. seen.Select(row => input.Numbers[row]).Order()];
        double[] cuts = sorted.Length == 0 ? [] : [.. Enumerable.Range(0, Steps + 1).Select(s => sorted[(int)(s * (sorted.Length - 1L) / Steps)]).Distinct()];
        return new(column.Name, column.Type, column.Special.Count, sorted.FirstOrDefault(), cuts, [], 0);
    }
}
