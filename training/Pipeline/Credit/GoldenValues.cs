using System.Globalization;
using System.Text.Json;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Values for golden applications.</summary>
internal static class GoldenValues
{
    /// <summary>The date of every golden application.</summary>
    public static readonly DateOnly RowDate = new(2020, 1, 1);

    private static readonly int[] Digits = [1, 2, 5];
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>The same in days since 1970-01-01.</summary>
    public static double DaysOfRow => RowDate.DayNumber - Epoch;

    /// <summary>A value that the contract accepts and that falls into the bin, or null.</summary>
    public static JsonElement? In(ScorecardColumn column, int bin, ColumnReader reader)
    {
        foreach (var candidate in Candidates(column, bin, reader))
        {
            var cell = reader.Read(TextOf(candidate), DaysOfRow);
            if (cell.Kind != CellKind.Fault && column.BinOf(cell) == bin) return candidate;
        }

        return null;
    }

    /// <summary>Values of all sizes that the contract accepts.</summary>
    /// <param name="reader">Reads the column.</param>
    /// <param name="texts">For a category that may have any value, those to take.</param>
    public static IEnumerable<JsonElement?> Plausible(ColumnReader reader, IEnumerable<string> texts)
    {
        var column = reader.Column;
        double[] sizes = [0, .. Enumerable.Range(-2, 9).SelectMany(power => Digits.Select(digit => digit * Math.Pow(10, power)))];
        IEnumerable<JsonElement?> all = column.Type switch
        {
            ColumnType.Category => (column.Allowed ?? texts).Distinct().Select(text => (JsonElement?)Text(text)),
            ColumnType.Date => sizes.Where(s => s == Math.Floor(s)).Select(days => DateOf(days, toRowDate: true)),
            _ => sizes.Concat(sizes.Select(s => -s)).Concat(sizes.Select(s => (column.Minimum ?? 0) + s)).Append(column.Maximum ?? 0).Distinct().Select(n => (JsonElement?)JsonSerializer.SerializeToElement(n)),
        };
        return all.Where(value => value is { } given && reader.Read(TextOf(given), DaysOfRow).Kind is CellKind.Number or CellKind.Category);
    }

    /// <summary>A value as the reader of its column takes it.</summary>
    public static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>A date as a value.</summary>
    public static JsonElement Text(DateOnly date) => Text(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

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

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);
}
