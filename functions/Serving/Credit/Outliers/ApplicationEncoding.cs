namespace Serverless.Serving.Credit;

/// <summary>
/// Turns an application into <see cref="Width"/> values, 0 or 1, from the fields that the contract reads as inputs; computed columns follow from
/// them and are left out, and protected ones are no inputs. Where the columns have more units than values, units are hashed to values and one
/// value stands for several (Weinberger et al. 2009); where they have fewer, the last values are 0.
/// </summary>
/// <param name="Columns">The contract's inputs that are read, in its order.</param>
public sealed record ApplicationEncoding(IReadOnlyList<EncodedColumn> Columns)
{
    /// <summary>Number of values.</summary>
    public const int Width = 768;

    // A file can list null; what does not fit its contract is refused before it is used.
    private readonly int[] _starts = [.. Columns.Index().Select(c => Columns.Take(c.Index).Sum(before => before?.Units ?? 0))];
    private readonly bool _hashed = Columns.Sum(c => c?.Units ?? 0) > Width;

    /// <summary>The contract's inputs that are read, in its order.</summary>
    public IReadOnlyList<EncodedColumn> Columns { get; } = Columns;

    /// <summary>Writes one field of an application.</summary>
    /// <param name="column">Place in <see cref="Columns"/>.</param>
    /// <param name="cell">The field, read without a fault.</param>
    /// <param name="values">The application's <see cref="Width"/> values; 0 before the first field.</param>
    public void Encode(int column, in Cell cell, Memory<float> values) =>
        Columns[column].Encode(cell, unit => values.Span[SlotOf(_starts[column] + unit)] = 1);

    /// <summary>The inputs of a contract that have a place in <see cref="Columns"/>.</summary>
    public static IEnumerable<Column> Of(CreditContract contract) => contract.Columns.Where(c => c.Role == ColumnRole.Input && c.Expression is null);

    /// <summary>Whether it is one of the contract's applications.</summary>
    internal bool Fits(CreditContract contract)
    {
        var inputs = Of(contract).ToList();
        return inputs.Count == Columns.Count && Columns.Zip(inputs).All(c => c.First?.Fits(c.Second) == true);
    }

    // Knuth's multiplicative hash (The Art of Computer Programming 3, 6.4).
    private int SlotOf(int unit) => _hashed ? (int)(((uint)unit * 2654435769u) >> 16) % Width : unit;
}
