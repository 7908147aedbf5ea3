using System.Globalization;
using System.Text.Json;

namespace Serverless.Serving.Credit;

/// <summary>Finds what an applicant can change and what to. Protected columns, the outcome and whatever is not actionable are never among it.</summary>
internal sealed class LeverFinder(CreditScorer scorer, IReadOnlyDictionary<string, JsonElement> fields, BinnedApplication present)
{
    // More values of a category are no list that anybody reads.
    private const int MostCategories = 200;

    // A division by it takes zeros behind the point from a decimal.
    private const decimal Plain = 1.0000000000000000000000000000m;

    private readonly ColumnReader? _rowDate = ColumnReader.RowDate(scorer.Contract);

    /// <summary>The levers in the contract's order, each with one option or more.</summary>
    public IReadOnlyList<Lever> Find() => [.. scorer.Contract.Columns.Where(CanChange).Select(Of).OfType<Lever>()];

    // A column of another role that inputs are computed from can be changed too.
    private static bool CanChange(Column column) => column is { Actionable: true, Expression: null, Role: ColumnRole.Input or ColumnRole.Ignored };

    private Lever? Of(Column column)
    {
        var own = scorer.Card.Columns.Index().FirstOrDefault(c => c.Item.Name == column.Name);
        var computed = scorer.Card.Columns.Index().Where(c => scorer.Derivation.SourcesOf(c.Item.Name).Contains(column.Name)).Select(c => c.Index);
        int[] places = [.. own.Item is null ? [] : new[] { own.Index }, .. computed];
        int[] rules = [.. scorer.Policy.RulesOn(column.Name)];
        if (places.Length == 0 && rules.Length == 0) return null;

        // The nearest value of those with the same effect.
        var now = State(present, places);
        var options = Values(column, own.Item, own.Item is null || computed.Any() || rules.Length > 0, places).Select(v => (v.Value, v.Distance, Read: Read(column.Name, v.Value)))
            .Where(o => o.Read is not null && State(o.Read, places) != now && places.All(p => o.Read.Bins[p] == present.Bins[p] || Seen(p, o.Read.Bins[p])))
            .GroupBy(o => State(o.Read!, places)).Select(same => same.MinBy(o => o.Distance)).OrderBy(o => o.Distance).Select(o => new LeverOption(o.Value, o.Distance, o.Read!.Bins)).ToList();
        return options.Count > 0 ? new(column, places, rules, options) : null;
    }

    private IEnumerable<(JsonElement Value, double Distance)> Values(Column column, ScorecardColumn? own, bool effects, int[] places)
    {
        if (!fields.TryGetValue(column.Name, out var field)) return [];
        if (column.Type == ColumnType.Category)
        {
            if (CreditScorer.Read(new ColumnReader(column), fields, 0).Kind != CellKind.Category) return [];
            var seen = own?.Categories.SelectMany(c => c).Where(c => column.Allowed?.Contains(c) != false) ?? column.Allowed ?? [];
            return seen.Take(MostCategories).Select(text => (JsonSerializer.SerializeToElement(text), 1.0));
        }

        // As the model reads it: dates in days, to the row's date where there is one.
        var toRow = column.Type == ColumnType.Date && _rowDate is not null && column.Role == ColumnRole.Input;
        var row = toRow ? CreditScorer.Read(_rowDate!, fields, 0) : default;
        if (toRow && row.Kind != CellKind.Number) return [];
        var day = row.Number;
        var cell = CreditScorer.Read(new ColumnReader(column, toRow, codes: ValueFormat.Of(scorer.Contract.Format)), fields, day);
        if (cell.Kind != CellKind.Number) return [];
        var now = cell.Number;
        var values = new LeverValues(column, own, now, Bounds(column, now, toRow));
        var scanned = effects ? values.Changes(v => Read(column.Name, Written(v)) is { } read ? State(read, places) : null) : [];
        return [.. values.Nearest().Concat(scanned).Select(v => (Written(v), LeverDistance.Of(own, now, (double)v)))];

        JsonElement Written(decimal value) => column.Type == ColumnType.Date ? Date(toRow ? day - (double)value : (double)value) : JsonSerializer.SerializeToElement(value / Plain);
    }

    private static (double Least, double Most) Bounds(Column column, double present, bool toRow)
    {
        var change = column.Change ?? new();
        var least = Math.Max(column.Minimum ?? double.NegativeInfinity, change.Least ?? double.NegativeInfinity);
        var most = Math.Min(column.Maximum ?? double.PositiveInfinity, change.Most ?? double.PositiveInfinity);

        // An earlier date is more days before the application, which it cannot come after.
        var (up, down) = toRow ? (ChangeDirection.Down, ChangeDirection.Up) : (ChangeDirection.Up, ChangeDirection.Down);
        if (toRow) least = 0;
        if (change.Direction == up) least = Math.Max(least, present);
        if (change.Direction == down) most = Math.Min(most, present);
        return (least, most);
    }

    private static JsonElement Date(double days) => days is >= -700_000 and <= 2_900_000
        ? JsonSerializer.SerializeToElement(DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)Math.Ceiling(days)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
        : default;

    // Null where the changed application cannot be read, as where a value is a special code.
    private BinnedApplication? Read(string name, JsonElement value) =>
        value.ValueKind != JsonValueKind.Undefined && scorer.Read(new Dictionary<string, JsonElement>(fields) { [name] = value }) is Outcome<BinnedApplication>.Done { Value: var read } ? read : null;

    // A bin that training saw no rows in says nothing; where no bin has rows, nothing is known of them.
    private bool Seen(int place, long code)
    {
        var (column, bin) = (scorer.Card.Columns[place], CellCode.BinOf(code));
        return bin < column.MissingBin && (column.Bins[bin].Rows > 0 || column.Bins.All(b => b.Rows == 0));
    }

    // What a value does: the bins of the columns that it moves, and the rules of the policy that fire.
    private string State(BinnedApplication read, int[] places) => $"{string.Join(' ', places.Select(p => CellCode.BinOf(read.Bins[p])))} {scorer.Policy.State(read.PolicyValues)}";
}
