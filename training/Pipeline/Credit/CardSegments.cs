using System.Globalization;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>The parts of the holdout that a card shows apart.</summary>
internal static class CardSegments
{
    private const int Most = 3, MostValues = 12, Quarters = 4;

    /// <summary>The contract's segments; without any, the first inputs that are categories of a few values.</summary>
    public static IReadOnlyList<(string Column, IReadOnlyList<string> Labels)> Of(CreditRows rows, int[] holdout)
    {
        var named = rows.Contract.Segments;
        var columns = named.Count > 0
            ? named.Select(name => rows.Columns.FirstOrDefault(c => c.Column.Name == name)).OfType<InputColumn>()
            : rows.Columns.Where(c => c.Column.Type == ColumnType.Category && c.Values.Length is > 1 and <= MostValues).Take(Most);
        return [.. columns.Select(c => (c.Column.Name, Labels(c, holdout)))];
    }

    private static string[] Labels(InputColumn column, int[] holdout)
    {
        var cuts = column.Column.Type == ColumnType.Category ? [] : Cuts(column, holdout);
        var frequent = column.Values.Length <= MostValues
            ? null
            : holdout.Where(r => column.Codes[r] >= 0).CountBy(r => column.Codes[r]).OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(MostValues - 1).Select(c => c.Key).ToHashSet();
        return Array.ConvertAll(holdout, row => column.Codes[row] switch
        {
            InputColumn.Missing => "missing",
            < 0 and var code => column.Column.Special[-2 - code],
            var code when column.Column.Type == ColumnType.Category => frequent?.Contains(code) == false ? "all others" : column.Values[code],
            _ => Quarter(column.Numbers[row], cuts),
        });
    }

    private static double[] Cuts(InputColumn column, int[] holdout)
    {
        double[] values = [.. holdout.Where(r => column.Codes[r] >= 0).Select(r => column.Numbers[r]).Order()];
        return values.Length == 0 ? [] : [.. Enumerable.Range(1, Quarters - 1).Select(i => values[i * values.Length / Quarters]).Distinct()];
    }

    // The number in front keeps the quarters in order where labels are sorted.
    private static string Quarter(double number, double[] cuts)
    {
        var place = Array.BinarySearch(cuts, number);
        place = place < 0 ? ~place : place;
        return cuts.Length == 0 ? "any value"
            : place == 0 ? string.Create(CultureInfo.InvariantCulture, $"1: up to {cuts[0]}")
            : place == cuts.Length ? string.Create(CultureInfo.InvariantCulture, $"{place + 1}: above {cuts[^1]}")
            : string.Create(CultureInfo.InvariantCulture, $"{place + 1}: above {cuts[place - 1]} to {cuts[place]}");
    }
}
