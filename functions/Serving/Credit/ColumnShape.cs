using System.Text.Json;

namespace Serverless.Serving.Credit;

/// <summary>What a column gives, bin by bin, and where an application is.</summary>
/// <param name="Column">The contract's column.</param>
/// <param name="Value">What the application says; null where it says nothing, as of a computed column.</param>
/// <param name="Given">Points above (or, negative, below) the portfolio's average that the application gets on account of the column.</param>
/// <param name="Bins">The bins.</param>
/// <param name="Here">Place of the application's bin.</param>
public sealed record ColumnShape(string Column, JsonElement? Value, decimal Given, IReadOnlyList<ShapeBin> Bins, int Here)
{
    /// <summary>
    /// The shapes of a model's columns, those that cost the application most first. Of scores that add up a bin's points are exact, against the average and
    /// without pairs; of all others they are what it does to a score on average.
    /// </summary>
    /// <param name="scorer">The model.</param>
    /// <param name="fields">The fields of the application.</param>
    /// <param name="bins">Its bins.</param>
    public static IReadOnlyList<ColumnShape> Of(CreditScorer scorer, IReadOnlyDictionary<string, JsonElement> fields, ReadOnlySpan<long> bins)
    {
        var given = new double[bins.Length];
        scorer.Model.Contributions(bins, given);
        var shapes = new ColumnShape[bins.Length];
        foreach (var (place, column) in scorer.Card.Columns.Index())
        {
            double rows = Math.Max(1, column.Bins.Sum(b => (long)b.Rows));
            shapes[place] = new(
                column.Name, fields.TryGetValue(column.Name, out var value) ? value : null, Points(given[place]),
                [.. column.Bins.Select(b => new ShapeBin(b.Label, (b.Points - column.AveragePoints) / 100m, b.Rows / rows))], (int)bins[place]);
        }

        return [.. shapes.OrderBy(s => s.Given)];
    }

    private static decimal Points(double hundredths) => Math.Round((decimal)hundredths, 1) / 100m;
}

/// <summary>A bin of a shape.</summary>
/// <param name="Label">For people.</param>
/// <param name="Points">Points above or below the portfolio's average.</param>
/// <param name="Share">Share of the portfolio in it, 0 to 1.</param>
public sealed record ShapeBin(string Label, decimal Points, double Share);

/// <summary>What two columns give together, besides what each gives alone.</summary>
/// <param name="First">One column, whose groups of bins are the rows.</param>
/// <param name="Second">The other one.</param>
/// <param name="Rows">The labels of the bins in each row.</param>
/// <param name="Columns">The labels of the bins in each column.</param>
/// <param name="Points">Row after row, against the portfolio's average.</param>
/// <param name="Here">Row and column of the application.</param>
public sealed record PairShape(string First, string Second, IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, IReadOnlyList<decimal> Points, (int Row, int Column) Here)
{
    /// <summary>The shapes of a model's pairs.</summary>
    /// <param name="card">The table of the model.</param>
    /// <param name="bins">The application's bins.</param>
    public static IReadOnlyList<PairShape> Of(Scorecard card, long[] bins) => [.. card.Pairs.Select(pair => new PairShape(
        card.Columns[pair.First].Name, card.Columns[pair.Second].Name, PairTerm.Labels(card.Columns[pair.First], pair.FirstGroups), PairTerm.Labels(card.Columns[pair.Second], pair.SecondGroups),
        [.. pair.Points.Select(p => (p - pair.AveragePoints) / 100m)], (pair.FirstGroups[(int)bins[pair.First]], pair.SecondGroups[(int)bins[pair.Second]])))];
}
