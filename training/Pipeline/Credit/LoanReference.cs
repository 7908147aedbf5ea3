using Serverless.Serving.Credit;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>The profile of the rows that a scorecard was trained on.</summary>
internal static class LoanReference
{
    // Tenths of more rows move by less than anybody acts on.
    private const int MostRows = 50_000;

    /// <summary>Makes the profile of every input, of the score and of the outcomes.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="points">Points of the holdout.</param>
    public static ModelProfile Of(CreditRows rows, double[] points)
    {
        var stride = Math.Max(1, (rows.Count + MostRows - 1) / MostRows);
        var calendar = new OutcomeCalendar();
        for (var row = 0; row < rows.Count; row++)
            calendar.Add(row + 1, rows.Dates.Length == 0 ? 0 : (int)Math.Floor(rows.Dates[row]), rows.Bad[row] ? LoanOutcome.Bad : LoanOutcome.Good, usable: true);
        return new ModelProfile
        {
            Rows = rows.Count,
            Columns = [.. rows.Columns.Select(c => Of(c, stride))],
            Score = points.Length == 0 ? null : ReferenceColumn.Of("score", [], new int[points.Length], points),
            Outcomes = calendar.Rate(int.MaxValue),
            Months = rows.Dates.Length == 0 ? [] : calendar.Months(int.MaxValue),
        };
    }

    private static ReferenceColumn Of(InputColumn column, int stride)
    {
        T[] Every<T>(T[] values) => stride == 1 ? values : [.. values.Where((_, i) => i % stride == 0)];
        return ReferenceColumn.Of(
            column.Column.Name, [.. column.Column.Special], Every(column.Codes), Every(column.Numbers), column.Column.Type == ColumnType.Category ? place => column.Values[place] : null);
    }
}
