using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Training.Cards;

namespace Serverless.Training.Credit;

/// <summary>The parts of a scorecard's card on how good it is over time and in parts of the portfolio, all on the holdout.</summary>
internal static class CreditCardPerformance
{
    private const int MostPeriods = 12, Fewest = 30;

    /// <summary>By month of the application, or by quarter or year where months are too many.</summary>
    public static void OverTime(CardPage page, CreditCardInput input)
    {
        page.Heading("Performance over time");
        if (input.Dates.Count == 0)
        {
            page.Text("The contract names no column with the date of the application, so nothing can be said about time, and the holdout is drawn at random. Give a column the role date.");
            return;
        }

        DateTime[] days = [.. input.Dates.Select(d => DateTime.UnixEpoch.AddDays(Math.Floor(d)))];
        Func<DateTime, string>[] lengths =
        [
            day => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            day => string.Create(CultureInfo.InvariantCulture, $"{day.Year} Q{((day.Month - 1) / 3) + 1}"),
            day => day.ToString("yyyy", CultureInfo.InvariantCulture),
        ];
        var period = lengths.FirstOrDefault(l => days.Select(l).Distinct().Count() <= MostPeriods) ?? lengths[^1];
        Table(page, input, "The holdout by date of application", "Period", days.Select(period));
    }

    /// <summary>By the values of the contract's segments.</summary>
    public static void BySegment(CardPage page, CreditCardInput input)
    {
        page.Heading("Performance by segment");
        if (input.Segments.Count == 0) page.Text("The contract names no 'segments', and no category among the inputs has few enough values to be one.");
        foreach (var (column, labels) in input.Segments) Table(page, input, $"The holdout by {column}", column, labels);
    }

    private static void Table(CardPage page, CreditCardInput input, string caption, string name, IEnumerable<string> labels)
    {
        var groups = labels.Index().GroupBy(l => l.Item, l => l.Index).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        page.Table(caption, [name, "#Rows", "#Went bad", "#Predicted", "#AUC", "#95 % interval"], groups.Select(g =>
        {
            int[] of = [.. g];
            var bad = Array.ConvertAll(of, i => input.Bad[i]);
            var probability = Array.ConvertAll(of, i => input.Probability[i]);
            var (auc, variance) = ScoreMetrics.Auc(bad, probability);
            var bads = bad.Count(b => b);
            var known = of.Length >= Fewest && double.IsFinite(auc);
            return new CardCell[]
            {
                g.Key, CardParts.Count(of.Length), CardParts.Share((double)bads / of.Length), CardParts.Share(probability.Average()),
                known ? CardParts.Figure(auc) : "too few rows",
                known ? $"{CardParts.Figure(Math.Max(0, auc - (Normal.Z95 * Math.Sqrt(variance))))} to {CardParts.Figure(Math.Min(1, auc + (Normal.Z95 * Math.Sqrt(variance))))}" : "",
            };
        }));
    }
}
