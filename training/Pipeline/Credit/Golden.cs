using System.Globalization;
using System.Text.Json;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Makes the golden applications of a scorecard: together they fall into every bin that an application can reach. No loan of the export is among them.</summary>
internal static class GoldenApplications
{
    private static readonly DateOnly RowDate = new(2020, 1, 1);
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>As many as the column with most bins has bins; the others begin again.</summary>
    public static IReadOnlyList<GoldenApplication> Of(Scorecard card, CreditContract contract)
    {
        var readers = ColumnReader.Inputs(contract).ToDictionary(r => r.Column.Name);
        var date = contract.Columns.FirstOrDefault(c => c.Role == ColumnRole.Date);
        var values = card.Columns.Select(c => Enumerable.Range(0, c.Bins.Count).Select(bin => ValueIn(c, bin, readers[c.Name])).ToArray()).ToList();
        return [.. Enumerable.Range(0, values.Max(v => v.Length)).Select(Make)];

        GoldenApplication Make(int place)
        {
            var fields = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
            if (date is not null) fields[date.Name] = Text(RowDate);
            var bins = new long[card.Columns.Count];
            foreach (var (c, column) in card.Columns.Index())
            {
                var bin = place % values[c].Length;
                bins[c] = values[c][bin] is null ? column.MissingBin : bin;
                if (values[c][bin] is { } value) fields[column.Name] = value;
            }

            var (points, probability) = card.ScoreOf(bins);
            return new GoldenApplication(fields, points / 100m, probability);
        }
    }

    // A value that the contract accepts and that falls into the bin, or null.
    private static JsonElement? ValueIn(ScorecardColumn column, int bin, ColumnReader reader)
    {
        foreach (var candidate in Candidates(column, bin, reader))
        {
            var text = candidate.ValueKind == JsonValueKind.String ? candidate.GetString() : candidate.GetRawText();
            var cell = reader.Read(text, RowDate.DayNumber - Epoch);
            if (cell.Kind != CellKind.Fault && column.BinOf(cell) == bin) return candidate;
        }

        return null;
    }

    private static IEnumerable<JsonElement> Candidates(ScorecardColumn column, int bin, ColumnReader reader)
    {
        var ordinary = column.MissingBin;
        if (bin == ordinary) return [];
        if (bin > ordinary) return [Text(bin - ordinary <= reader.Column.Special.Count ? reader.Column.Special[bin - ordinary - 1] : "not seen in training")];
        if (column.Type == ColumnType.Category) return column.Categories[bin].Select(Text);
        IEnumerable<double> numbers = column.Cuts.Count == 0 ? [0, 1, reader.Column.Minimum ?? 0, reader.Column.Maximum ?? 0]
            : bin == 0 ? [column.Cuts[0], column.Cuts[0] - 1, reader.Column.Minimum ?? 0]
            : bin == column.Cuts.Count ? [column.Cuts[^1] + 1, column.Cuts[^1] * 2, reader.Column.Maximum ?? 0]
            : [NumberBins.Between(Math.BitIncrement(column.Cuts[bin - 1]), column.Cuts[bin]), column.Cuts[bin]];
        return column.Type == ColumnType.Number
            ? numbers.Select(n => JsonSerializer.SerializeToElement(n))
            : numbers.SelectMany(n => new[] { Math.Floor(n), Math.Ceiling(n) }).Select(n => DateOf(n, reader.NeedsRowDate)).OfType<JsonElement>();
    }

    private static JsonElement? DateOf(double days, bool toRowDate)
    {
        var day = toRowDate ? RowDate.DayNumber - days : Epoch + days;
        return day >= DateOnly.MinValue.DayNumber && day <= DateOnly.MaxValue.DayNumber ? Text(DateOnly.FromDayNumber((int)day)) : null;
    }

    private static JsonElement Text(DateOnly date) => Text(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);
}
