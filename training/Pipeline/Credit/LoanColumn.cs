using Serverless.Serving.Credit;
using Serverless.Training.Drops;

namespace Serverless.Training.Credit;

/// <summary>A column of an export that is read: watched for the report, and kept where rows are trained on.</summary>
/// <param name="reader">Reads its fields.</param>
/// <param name="at">Its place in the file; -1 for a computed column.</param>
/// <param name="tally">Counts them; null when nobody asks.</param>
/// <param name="keeps">Whether its values are kept.</param>
internal sealed class LoanColumn(ColumnReader reader, int at, ColumnTally? tally, bool keeps)
{
    private readonly List<double> _numbers = [];
    private readonly List<int> _codes = [];
    private readonly List<string> _values = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _places =
        new Dictionary<string, int>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private double _number;
    private int _code;

    /// <summary>The contract's column.</summary>
    public Column Column => reader.Column;

    /// <summary>Whether it is computed instead of read.</summary>
    public bool Computed => Column.Expression is not null;

    /// <summary>Reads the present row's field.</summary>
    public Cell Read(DropTable table, double rowDate = 0)
    {
        var text = table[at];
        var cell = reader.Read(text, rowDate);
        Take(cell, text);
        return cell;
    }

    /// <summary>Takes the present row's field, to be kept when the whole row is good.</summary>
    public void Take(in Cell cell, ReadOnlySpan<char> text)
    {
        tally?.Add(cell, text);
        if (!keeps) return;
        _number = cell.Number;
        _code = cell.Kind switch
        {
            CellKind.Missing => InputColumn.Missing,
            CellKind.Special => InputColumn.Special(cell.Special),
            CellKind.Category => PlaceOf(cell.Category),
            _ => 0,
        };
    }

    /// <summary>Keeps what was taken last.</summary>
    public void Keep()
    {
        _codes.Add(_code);
        if (Column.Type != ColumnType.Category) _numbers.Add(_number);
    }

    /// <summary>The values of some of the rows that were kept.</summary>
    public InputColumn Build(int[]? rows) => new(Column, [.. Of(_numbers, rows)], [.. Of(_codes, rows)], [.. _values]);

    private static IEnumerable<T> Of<T>(List<T> values, int[]? rows) => rows is null || values.Count == 0 ? values : rows.Select(row => values[row]);

    private int PlaceOf(ReadOnlySpan<char> value)
    {
        if (_places.TryGetValue(value, out var place)) return place;
        _places[value] = _values.Count;
        _values.Add(value.ToString());
        return _values.Count - 1;
    }
}
