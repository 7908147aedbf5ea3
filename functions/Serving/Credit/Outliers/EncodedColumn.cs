using Serverless.Serving.Text;

namespace Serverless.Serving.Credit;

/// <summary>
/// One column of an <see cref="ApplicationEncoding"/>. Its units, in this order: missing, one for each special code, and then
/// for numbers and dates a thermometer (unit k is 1 above cut k) behind one that is 1 below all training;
/// for categories one for each known value and one for all others;
/// for categories with more values than that the hashed n-grams of the text (<see cref="NGrams"/>), so that similar texts are near each other.
/// </summary>
/// <param name="Name">The contract's column.</param>
/// <param name="Type">The contract's type; a date counts as a number of days.</param>
/// <param name="Specials">Number of the contract's special codes.</param>
/// <param name="Least">For numbers and dates: the least value of training; else 0.</param>
/// <param name="Cuts">For numbers and dates: ascending, the last one the greatest value of training; else empty.</param>
/// <param name="Values">For categories: the known values; empty where n-grams stand for them.</param>
/// <param name="GramBits">For n-grams: words and characters have 2^bits units each; 0 for none.</param>
public sealed record EncodedColumn(string Name, ColumnType Type, int Specials, double Least, IReadOnlyList<double> Cuts, IReadOnlyList<string> Values, int GramBits)
{
    /// <summary>Most bits of n-grams.</summary>
    internal const int MaxGramBits = 8;

    private readonly double[] _cuts = [.. Cuts];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _values = Values.Index()
        .DistinctBy(v => v.Item).ToDictionary(v => v.Item ?? "", v => v.Index, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    // What the lookups above are made from cannot be set by "with", so they never disagree.

    /// <summary>For numbers and dates: ascending, the last one the greatest value of training.</summary>
    public IReadOnlyList<double> Cuts { get; } = Cuts;

    /// <summary>For categories: the known values.</summary>
    public IReadOnlyList<string> Values { get; } = Values;

    /// <summary>Number of units.</summary>
    public int Units => 1 + Specials + (Type != ColumnType.Category ? _cuts.Length + 1 : GramBits > 0 ? 2 << Math.Min(GramBits, MaxGramBits) : Values.Count + 1);

    /// <summary>Calls with every unit that is 1.</summary>
    internal void Encode(in Cell cell, Action<int> set)
    {
        switch (cell.Kind)
        {
            case CellKind.Missing:
                set(0);
                break;
            case CellKind.Special:
                set(1 + cell.Special);
                break;
            case CellKind.Number:
                if (cell.Number < Least) set(1 + Specials);
                for (var k = 0; k < _cuts.Length && cell.Number > _cuts[k]; k++) set(2 + Specials + k);
                break;
            case CellKind.Category when GramBits > 0:
                List<int> grams = [];
                NGrams.Collect(cell.Category.ToString(), GramBits, grams);
                foreach (var gram in grams) set(1 + Specials + gram);
                break;
            case CellKind.Category:
                set(1 + Specials + (_values.TryGetValue(cell.Category, out var place) ? place : Values.Count));
                break;
            default:
                throw new InvalidOperationException("A field with a fault has no encoding.");
        }
    }

    /// <summary>Whether it can be one of the contract's column.</summary>
    internal bool Fits(Column column) =>
        Name == column.Name && Type == column.Type && Specials == column.Special.Count && double.IsFinite(Least) && GramBits is >= 0 and <= MaxGramBits
        && (Type == ColumnType.Category ? _cuts.Length == 0 : Values.Count == 0 && GramBits == 0)
        && !Values.Contains(null!) && Values.Distinct(StringComparer.Ordinal).Count() == Values.Count
        && _cuts.All(double.IsFinite) && !_cuts.Zip(_cuts.Skip(1)).Any(c => !(c.First < c.Second));
}
