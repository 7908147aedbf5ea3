using System.Globalization;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>The rows of a drop that cannot be used: counted, the first ones named by row and column, never by value.</summary>
public sealed class RowFaults
{
    private const int Named = 20;
    private readonly List<string> _first = [];
    private int _lastRow;

    /// <summary>Number of rows with a fault.</summary>
    public int Rows { get; private set; }

    /// <summary>The first faults, such as <c>row 17: 'income' is not a number</c>.</summary>
    public IReadOnlyList<string> First => _first;

    /// <summary>What messages call a row of a number; set it to <see cref="DropTable.Place"/>, which also names the file where a drop has several.</summary>
    public Func<int, string> Place { get; set; } = row => string.Create(CultureInfo.InvariantCulture, $"row {row}");

    /// <summary>Notes a fault of a row; several faults of one row count once.</summary>
    /// <param name="row">Its <see cref="DropTable.Row"/>.</param>
    /// <param name="fault">What is wrong, without the value.</param>
    public void Add(int row, string fault)
    {
        if (row != _lastRow) Rows++;
        _lastRow = row;
        if (_first.Count < Named) _first.Add($"{Place(row)}: {fault}");
    }

    /// <summary>The reasons to reject a drop, or none when the share of rows in error is small enough.</summary>
    /// <param name="rows">All rows of the drop.</param>
    /// <param name="rules">States the share.</param>
    public IReadOnlyList<string> Judge(int rows, TrainingRules rules) => Rows <= rules.MaxRowsInError * rows
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{Rows} of {rows} rows are in error, more than the contract's {rules.MaxRowsInError:P1}: mend them and drop the file again."), .. _first];
}
