namespace Serverless.Serving.Credit;

/// <summary>
/// Computes the columns of a contract that have an expression, the same way from a drop, a file of applications and an application. The
/// caller reads <see cref="Sources"/> into operands (<see cref="Operand.Of(in Cell)"/>) and asks for the cell of each computed column.
/// </summary>
public sealed class Derivation
{
    private readonly Dictionary<string, Formula> _formulas = new(StringComparer.Ordinal);

    /// <summary>Prepares the computed columns among some inputs of a valid contract.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="format">How the file that they are read from writes values; absent: as applications do.</param>
    public Derivation(CreditContract contract, IEnumerable<Column> inputs, ValueFormat? format = null)
    {
        List<string> sources = [];
        foreach (var column in inputs.Where(c => c.Expression is not null))
        {
            if (Expression.Parse(column.Expression!) is not Outcome<Expression>.Done { Value: var expression })
                throw new ArgumentException($"The expression of '{column.Name}' is not valid.", nameof(contract));
            sources.AddRange(expression.Columns.Except(sources));
            _formulas[column.Name] = new Formula(expression, [.. expression.Columns.Select(name => sources.IndexOf(name))]);
        }

        var codes = ValueFormat.Of(contract.Format);

        // Without the row's date: in expressions dates are days since 1970-01-01.
        Sources = [.. sources.Select(name => new ColumnReader(contract.Columns.Single(c => c.Name == name), false, format, codes))];
    }

    /// <summary>The readers of the columns that are computed from, each once.</summary>
    public IReadOnlyList<ColumnReader> Sources { get; }

    /// <summary>The columns that a column is computed from; none where it is read.</summary>
    internal IReadOnlyList<string> SourcesOf(string column) => _formulas.TryGetValue(column, out var formula) ? formula.Expression.Columns : [];

    /// <summary>The cell of a computed column.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="sources">A value for each of <see cref="Sources"/>, in their order.</param>
    public Cell Compute(string column, ReadOnlySpan<Operand> sources)
    {
        var (expression, places) = _formulas[column];
        var values = new Operand[places.Length];
        for (var i = 0; i < values.Length; i++) values[i] = sources[places[i]];
        var result = expression.Evaluate(values);
        return result.Text is { } text ? Cell.OfCategory(text) : double.IsNaN(result.Number) ? Cell.Missing : Cell.OfNumber(result.Number);
    }

    private sealed record Formula(Expression Expression, int[] Places);
}
