using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>
/// Makes the golden applications of a credit model: together they fall into every bin that an application can reach, of a computed column
/// into every one that a search finds. No loan of the export is among them.
/// </summary>
internal sealed class GoldenApplications
{
    // Combinations tried for one computed column, and then values between two of them.
    private const int MaxTried = 20_000;

    private readonly CreditModel _model;
    private readonly Scorecard _card;
    private readonly Dictionary<string, ColumnReader> _readers;
    private readonly Derivation _derivation;
    private readonly Column? _date;
    private int _tried;

    private GoldenApplications(CreditModel model, CreditContract contract)
    {
        _model = model;
        var card = _card = model.Table;
        _readers = ColumnReader.Inputs(contract).ToDictionary(r => r.Column.Name);
        _derivation = new Derivation(contract, card.Columns.Select(c => _readers[c.Name].Column));
        _date = contract.Columns.FirstOrDefault(c => c.Role == ColumnRole.Date);
    }

    /// <summary>As many as the column with most bins has bins, where the others begin again, and those that reach further bins of computed columns.</summary>
    public static IReadOnlyList<GoldenApplication> Of(CreditModel model, CreditContract contract)
    {
        var golden = new GoldenApplications(model, contract);
        var fields = golden.Plain();
        foreach (var column in model.Table.Columns.Where(c => golden._readers[c.Name].Column.Expression is not null)) golden.Reach(column, fields);
        return [.. fields.Select(golden.Score)];
    }

    private List<Dictionary<string, JsonElement>> Plain()
    {
        var values = _card.Columns.Where(c => _readers[c.Name].Column.Expression is null).Select(c => (c.Name, Values: OfBins(c)))
            .Concat(_derivation.Sources.Where(s => CardColumn(s) is null).Select(s => (s.Column.Name, Values: Pool(s))))
            .ToList();
        return [.. Enumerable.Range(0, values.Max(v => v.Values.Length)).Select(place =>
        {
            var fields = new Dictionary<string, JsonElement>();
            if (_date is not null) fields[_date.Name] = GoldenValues.Text(GoldenValues.RowDate);
            foreach (var (name, ofColumn) in values) Set(fields, name, ofColumn[place % ofColumn.Length]);
            return fields;
        })];
    }

    // Adds an application for each bin of a computed column that the given ones do not reach, by trying combinations of what it is computed from.
    private void Reach(ScorecardColumn column, List<Dictionary<string, JsonElement>> given)
    {
        var sources = ((Outcome<Expression>.Done)Expression.Parse(_readers[column.Name].Column.Expression!)).Value.Columns
            .Select(name => (Name: name, Values: Pool(_derivation.Sources.Single(s => s.Column.Name == name)))).ToArray();
        var reached = given.Select(fields => column.BinOf(CellOf(column.Name, fields))).ToHashSet();
        var first = given[0];
        var combinations = sources.Aggregate(1L, (product, s) => Math.Min(int.MaxValue, product * s.Values.Length));
        var stride = Math.Max(1, combinations / MaxTried);
        for (long at = 0; at < combinations && reached.Count < column.Bins.Count; at += stride)
        {
            var fields = new Dictionary<string, JsonElement>(first);
            var rest = at;
            foreach (var (name, values) in sources)
            {
                Set(fields, name, values[rest % values.Length]);
                rest /= values.Length;
            }

            if (reached.Add(column.BinOf(CellOf(column.Name, fields)))) given.Add(fields);
        }

        _tried = 0;
        foreach (var fields in given.ToList())
        {
            foreach (var (name, values) in sources)
            {
                double[] numbers = [.. values.OfType<JsonElement>().Where(v => v.ValueKind == JsonValueKind.Number).Select(v => v.GetDouble()).Distinct().Order()];
                for (var i = 1; i < numbers.Length && reached.Count < column.Bins.Count; i++) Halve(column, fields, name, (numbers[i - 1], numbers[i]), reached, given);
            }
        }
    }

    // Between two values of a column that lead to bins which are no neighbours lie values that lead to those between.
    private void Halve(ScorecardColumn column, Dictionary<string, JsonElement> fields, string source, (double Low, double High) between, HashSet<int> reached, List<Dictionary<string, JsonElement>> given)
    {
        if (_tried > MaxTried || between.High - between.Low <= 1e-9 * Math.Max(1, Math.Abs(between.High))) return;
        _tried += 2;
        if (Math.Abs(BinAt(between.Low) - BinAt(between.High)) <= 1) return;
        var middle = NumberBins.Between(Math.BitIncrement(between.Low), between.High);
        if (reached.Add(BinAt(middle))) given.Add(With(middle));
        Halve(column, fields, source, (between.Low, middle), reached, given);
        Halve(column, fields, source, (middle, between.High), reached, given);

        Dictionary<string, JsonElement> With(double value) => new(fields) { [source] = JsonSerializer.SerializeToElement(value) };
        int BinAt(double value) => column.BinOf(CellOf(column.Name, With(value)));
    }

    private GoldenApplication Score(Dictionary<string, JsonElement> fields)
    {
        var bins = new long[_card.Columns.Count];
        foreach (var (c, column) in _card.Columns.Index()) bins[c] = column.CodeOf(CellOf(column.Name, fields));
        var (points, probability) = _model.Score(bins);
        return new GoldenApplication(new SortedDictionary<string, JsonElement>(fields, StringComparer.Ordinal), (decimal)Math.Round(points * 100) / 100, probability);
    }

    private Cell CellOf(string column, Dictionary<string, JsonElement> fields)
    {
        if (_readers[column].Column.Expression is null) return Read(_readers[column], fields, GoldenValues.DaysOfRow);
        var sources = new Operand[_derivation.Sources.Count];
        for (var i = 0; i < sources.Length; i++) sources[i] = Operand.Of(Read(_derivation.Sources[i], fields, 0));
        return _derivation.Compute(column, sources);
    }

    private static Cell Read(ColumnReader reader, Dictionary<string, JsonElement> fields, double rowDate) =>
        fields.TryGetValue(reader.Column.Name, out var value) ? reader.Read(GoldenValues.TextOf(value), rowDate) : reader.Read(default);

    private ScorecardColumn? CardColumn(ColumnReader reader) => _card.Columns.FirstOrDefault(c => c.Name == reader.Column.Name);

    private JsonElement?[] OfBins(ScorecardColumn column) =>
        [.. Enumerable.Range(0, column.Bins.Count).Select(bin => GoldenValues.In(column, bin, _readers[column.Name]))];

    // Values of a column that others are computed from: those of its own bins, or plausible ones; null among them.
    private JsonElement?[] Pool(ColumnReader source)
    {
        IEnumerable<JsonElement?> own = CardColumn(source) is { } column ? OfBins(column) : [];
        var parts = _card.Columns.Where(c => _readers[c.Name].Column.Expression is not null)
            .SelectMany(c => c.Categories).SelectMany(values => values).SelectMany(text => text.Split(Expression.Joint));
        return [.. own.Concat(GoldenValues.Plausible(source, parts)).Append(null)];
    }

    private static void Set(Dictionary<string, JsonElement> fields, string name, JsonElement? value)
    {
        if (value is { } given) fields[name] = given;
        else fields.Remove(name);
    }
}
