using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>
/// One input column in fine steps, with the rows and bad loans of each step by fold. Everything later works on these counts, so that a column
/// is sorted once however often its bins are sought. Codes from 0 on are the steps (number, date) or values (category), then comes missing, then the special codes.
/// </summary>
internal sealed class Prebins
{
    private const int MaxPrebins = 64;

    private readonly int[][] _rows;
    private readonly int[][] _bads;

    private Prebins(InputColumn input, double[] cuts, int ordinary, int[] codes, FoldedRows folded)
    {
        (Input, Cuts, Ordinary, Codes) = (input, cuts, ordinary, codes);
        (_rows, _bads) = (new int[folded.Folds][], new int[folded.Folds][]);
        for (var fold = 0; fold < folded.Folds; fold++)
        {
            var (rows, bads) = (_rows[fold] = new int[Width], _bads[fold] = new int[Width]);
            var (from, to) = (folded.Starts[fold], folded.Starts[fold + 1]);
            for (var place = from; place < to; place++)
            {
                rows[codes[place]]++;
                if (folded.Bad[place]) bads[codes[place]]++;
            }
        }
    }

    /// <summary>The column.</summary>
    public InputColumn Input { get; }

    /// <summary>For numbers and dates: ascending upper bounds of the steps but the last; else empty.</summary>
    public double[] Cuts { get; }

    /// <summary>Number of steps or values; also the code of missing.</summary>
    public int Ordinary { get; }

    /// <summary>Number of codes.</summary>
    public int Width => Ordinary + 1 + Input.Column.Special.Count;

    /// <summary>The code at each place.</summary>
    public int[] Codes { get; }

    /// <summary>Takes the steps from the values of the given rows; for bins set by hand their cuts.</summary>
    public static Prebins Of(InputColumn input, FoldedRows folded)
    {
        if (input.Column.Type == ColumnType.Category) return new Prebins(input, [], input.Values.Length, Array.ConvertAll(folded.Rows, row => Code(input.Codes[row], input.Values.Length)), folded);

        var places = new int[input.Codes.Length];
        Array.Fill(places, -1);
        for (var place = 0; place < folded.Count; place++) places[folded.Rows[place]] = place;
        var codes = new int[folded.Count];
        var ascending = Array.FindAll(input.Ascending, row => places[row] >= 0);
        var cuts = input.Column.Cuts is { } kept ? [.. kept] : CutsOf(input.Numbers, ascending);
        var step = 0;
        foreach (var row in ascending)
        {
            while (step < cuts.Length && input.Numbers[row] > cuts[step]) step++;
            codes[places[row]] = step;
        }

        for (var place = 0; place < codes.Length; place++)
        {
            if (input.Codes[folded.Rows[place]] is var code && code < 0) codes[place] = Code(code, cuts.Length + 1);
        }

        return new Prebins(input, cuts, cuts.Length + 1, codes, folded);
    }

    /// <summary>Rows and bad loans of each code outside of a fold; of all folds without one.</summary>
    public (int[] Rows, int[] Bads) Without(int? fold)
    {
        var (rows, bads) = (new int[Width], new int[Width]);
        for (var f = 0; f < _rows.Length; f++)
        {
            if (f == fold) continue;
            for (var code = 0; code < rows.Length; code++)
            {
                rows[code] += _rows[f][code];
                bads[code] += _bads[f][code];
            }
        }

        return (rows, bads);
    }

    // Steps of about equal count that keep equal values together.
    internal static double[] CutsOf(double[] numbers, int[] ascending, int most = MaxPrebins)
    {
        List<double> cuts = [];
        var (count, closed) = (0, 0);
        for (var i = 0; i + 1 < ascending.Length; i++)
        {
            count++;
            var (value, next) = (numbers[ascending[i]], numbers[ascending[i + 1]]);
            if (next == value || count < (ascending.Length - closed) / (double)Math.Max(1, most - cuts.Count)) continue;
            cuts.Add(NumberBins.Between(value, next));
            (closed, count) = (i + 1, 0);
        }

        return [.. cuts];
    }

    private static int Code(int code, int ordinary) => code >= 0 ? code : ordinary + InputColumn.Missing - code;
}
