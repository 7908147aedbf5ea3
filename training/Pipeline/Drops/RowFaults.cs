using System.Globalization;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>The rows of a drop that cannot be used: counted, the first ones named by row and column, never by value.</summary>
public sealed class RowFaults
{
    private const int Named = 20;
    private readonly List<string> _first = [];
    private DropTable? _table;
    private int _lastRow;

    /// <summary>Number of rows with a fault.</summary>
    public int Rows { get; private set; }

    /// <summary>The first faults, such as <c>row 17: 'income' is not a number</c>.</summary>
    public IReadOnlyList<string> First => _first;

    /// <summary>Names the table that is read, so that a fault of a row of several files names its file, and in a union of drops the row takes no other's place.</summary>
    public void Of(DropTable table) => _table = table;

    /// <summary>Notes a fault of a row; several faults of one row count once.</summary>
    /// <param name="row">Its <see cref="DropTable.Row"/>.</param>
    /// <param name="fault">What is wrong, without the value.</param>
    public void Add(int row, string fault)
    {
        if (row != _lastRow)
        {
            Rows++;
            _table?.Refuse(row);
        }

        _lastRow = row;
        if (_first.Count < Named) _first.Add($"{Place(row)}: {fault}");
    }

    /// <summary>Notes the same fault of rows that have no other, and of which only the first numbers are known.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="first">Numbers of the first ones.</param>
    /// <param name="fault">What is wrong, without the value.</param>
    public void Add(int rows, IEnumerable<int> first, string fault)
    {
        Rows += rows;
        foreach (var row in first.Take(Named - _first.Count)) _first.Add($"{Place(row)}: {fault}");
    }

    /// <summary>What messages call a row of a number, with the name of its file where a drop has several.</summary>
    public string Place(int row) => _table?.Place(row) ?? string.Create(CultureInfo.InvariantCulture, $"row {row}");

    /// <summary>The reasons to reject a drop, or none when the share of rows in error is small enough.</summary>
    /// <param name="rows">All rows of the drop.</param>
    /// <param name="rules">States the share.</param>
    public IReadOnlyList<string> Judge(int rows, TrainingRules rules) => Rows <= rules.MaxRowsInError * rows
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{Rows} of {rows} rows are in error, more than the contract's {rules.MaxRowsInError:P1}: mend them and drop the file again."), .. _first];
}
