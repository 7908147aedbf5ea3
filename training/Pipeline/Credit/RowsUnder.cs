using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>
/// Rows as a model of another contract would have read them: what its contract computes is computed, codes and the day that dates count to are
/// its own. A column of which that cannot be told, because what it is read from was not kept, has a fault instead.
/// </summary>
/// <param name="rows">The rows, read under their own contract.</param>
/// <param name="contract">The other contract.</param>
internal sealed class RowsUnder(CreditRows rows, CreditContract contract)
{
    private readonly Dictionary<string, (InputColumn? Column, string? Fault)> _read = new(StringComparer.Ordinal);

    /// <summary>An input of the other contract; null where the rows' contract has no column of this name, which then counts as missing, or there is a fault.</summary>
    public InputColumn? Column(string name) => Read(name).Column;

    /// <summary>Why an input cannot be read as the other contract says; null when it can.</summary>
    public string? Fault(string name) => Read(name).Fault;

    /// <summary>What the rows hold in a column as rules see it, with dates in days since 1970-01-01; null where the column was not kept.</summary>
    public PolicyValue[]? Values(string name, int[] of) =>
        (Wanted(name).Type == ColumnType.Date ? Days(name).Column : Column(name)) is { } column
            ? Array.ConvertAll(of, row => new PolicyValue(Value(column, row), column.Codes[row] == InputColumn.Missing))
            : null;

    private (InputColumn? Column, string? Fault) Read(string name)
    {
        if (ReferenceEquals(rows.Contract, contract)) return (Kept(name), null);
        return _read.TryGetValue(name, out var known) ? known : _read[name] = Translate(Wanted(name));
    }

    private (InputColumn? Column, string? Fault) Translate(Column wanted)
    {
        if (wanted.Expression is not null) return Computed(wanted);
        if (rows.Contract.Columns.All(c => c.Name != wanted.Name)) return (null, null);
        var (read, fault) = Plain(wanted);
        return read is null || wanted.Type != ColumnType.Date || contract.RowDate == rows.Contract.RowDate ? (read, fault) : ToRowDate(wanted);
    }

    private (InputColumn? Column, string? Fault) Computed(Column wanted)
    {
        if (Same(wanted)) return (Kept(wanted.Name), null);
        var derivation = new Derivation(contract, [wanted]);
        var sources = new InputColumn[derivation.Sources.Count];
        foreach (var (i, source) in derivation.Sources.Index())
        {
            var (read, fault) = source.Column.Type == ColumnType.Date ? Days(source.Column.Name) : Plain(source.Column);
            if (read is null) return (null, $"'{wanted.Name}' is computed otherwise: {fault}");
            sources[i] = read;
        }

        var (computed, values) = (new LoanColumn(new ColumnReader(wanted), -1, null, keeps: true), new Operand[sources.Length]);
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < values.Length; i++) values[i] = Value(sources[i], row);
            computed.Take(derivation.Compute(wanted.Name, values), default);
            computed.Keep();
        }

        return (computed.Build(null), null);
    }

    private static Operand Value(InputColumn column, int row) =>
        column.Codes[row] < 0 ? Operand.Missing : column.Numbers.Length > 0 ? Operand.Of(column.Numbers[row]) : Operand.Of(column.Values[column.Codes[row]]);

    // Whether both contracts compute it in one way from columns that they read in one way; then it need not be computed again.
    private bool Same(Column wanted) =>
        rows.Contract.Columns.Any(c => c.Name == wanted.Name && c.Expression == wanted.Expression && c.Type == wanted.Type)
        && new Derivation(contract, [wanted]).Sources.All(s => rows.Contract.Columns.Any(c => c.Name == s.Column.Name && c.Type == s.Column.Type && SameCodes(c, s.Column)));

    // A column that is read: the codes of the other contract, of numbers by value. Dates are left as the rows have them.
    private (InputColumn? Column, string? Fault) Plain(Column wanted)
    {
        var name = wanted.Name;
        if (Kept(name) is not { } kept) return (null, $"'{name}' is no input any more, so its values were not kept.");
        if (kept.Column.Expression is not null) return (null, $"'{name}' is computed now and was read before.");
        if (kept.Column.Type != wanted.Type) return (null, $"'{name}' has another type than before.");
        if (SameCodes(kept.Column, wanted)) return (kept, null);
        var codes = new Codes(wanted, kept, ValueFormat.Of(contract.Format));
        if (kept.Column.Missing.Any(codes.IsValue) && kept.Codes.Contains(InputColumn.Missing))
            return (null, $"'{name}' has a text that means missing now and was a value before.");
        return (codes.Translate(), null);
    }

    private (InputColumn? Column, string? Fault) ToRowDate(Column wanted)
    {
        var (days, fault) = Days(wanted.Name);
        if (days is null || contract.RowDate is not { } rowDate) return (days, fault);
        var (date, unknown) = Days(rowDate);
        if (date is null) return (null, $"'{wanted.Name}' counted to another date: {unknown}");
        return (days with
        {
            Numbers = [.. days.Numbers.Zip(date.Numbers, (day, to) => to - day)],
            Codes = [.. days.Codes.Zip(date.Codes, (day, to) => day >= 0 && to < 0 ? InputColumn.Missing : day)],
        }, null);
    }

    // A date in days since 1970-01-01, be it that of the rows or an input.
    private (InputColumn? Column, string? Fault) Days(string name)
    {
        var wanted = Wanted(name);
        if (name == rows.Contract.RowDate) return (new(wanted, rows.Dates, new int[rows.Count], []), null);
        var (read, fault) = Plain(wanted);
        return read is null || rows.Dates.Length == 0 ? (read, fault) : (read with { Numbers = [.. read.Numbers.Zip(rows.Dates, (days, date) => date - days)] }, null);
    }

    private InputColumn? Kept(string name) => rows.Columns.FirstOrDefault(c => c.Column.Name == name);

    private Column Wanted(string name) => contract.Columns.Single(c => c.Name == name);

    private static bool SameCodes(Column one, Column other) => one.Missing.SequenceEqual(other.Missing) && one.Special.SequenceEqual(other.Special);

    /// <summary>From the codes of a column that was kept to those of the contract that it is wanted under.</summary>
    private sealed class Codes(Column wanted, InputColumn kept, ValueFormat? format)
    {
        private readonly ColumnReader _reader = new(wanted with { Minimum = null, Maximum = null, Allowed = null }, false, format, format);
        private readonly List<string> _values = [.. kept.Values];

        /// <summary>Whether a text is more than missing; one that the contract cannot read would have been refused, and counts as missing.</summary>
        public bool IsValue(string text) => _reader.Read(text).Kind is not (CellKind.Missing or CellKind.Fault);

        public InputColumn Translate()
        {
            (int Code, double Number)[] values = [.. kept.Values.Select((text, place) => Of(text, place))];
            (int Code, double Number)[] special = [.. kept.Column.Special.Select(text => Of(text, _values.Count))];
            var (missing, specials) = (Numbers(wanted.Missing), Numbers(wanted.Special));
            var (codes, numbers) = ((int[])kept.Codes.Clone(), (double[])kept.Numbers.Clone());
            for (var row = 0; row < codes.Length; row++)
            {
                if (codes[row] < InputColumn.Missing)
                {
                    (codes[row], var number) = special[InputColumn.Special(0) - codes[row]];
                    if (numbers.Length > 0) numbers[row] = number;
                }
                else if (codes[row] >= 0) codes[row] = numbers.Length == 0 ? values[codes[row]].Code : OfNumber(numbers[row]);
            }

            return new(wanted, numbers, codes, [.. _values]);

            int OfNumber(double number) => Array.IndexOf(missing, number) >= 0 ? InputColumn.Missing
                : Array.IndexOf(specials, number) is var place and >= 0 ? InputColumn.Special(place) : 0;
        }

        // The place is that of the text, should it be a value; a special code that is one here has none yet.
        private (int Code, double Number) Of(string text, int place)
        {
            var cell = _reader.Read(text);
            if (cell.Kind == CellKind.Category && place == _values.Count) _values.Add(text);
            return cell.Kind switch
            {
                CellKind.Special => (InputColumn.Special(cell.Special), 0),
                CellKind.Number => (0, cell.Number),
                CellKind.Category => (place, 0),
                _ => (InputColumn.Missing, 0),
            };
        }

        private double[] Numbers(IReadOnlyList<string> codes) => wanted.Type == ColumnType.Number ? [.. codes.Select(code => ValueFormat.Code(code, format))] : [];
    }
}
