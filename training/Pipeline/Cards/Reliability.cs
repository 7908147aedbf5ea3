using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Training.Quality;

namespace Serverless.Training.Cards;

/// <summary>
/// A reliability diagram (DeGroot and Fienberg 1983): rows sorted by predicted probability fall into groups of equal count, and each
/// group's mean prediction stands beside the share in which the event happened, with its 95 % interval (Wilson 1927).
/// </summary>
internal sealed record Reliability(int Rows, double Predicted, double Happened, double Low, double High)
{
    /// <summary>Up to ten groups, fewer where there are fewer than ten rows for each.</summary>
    public static IReadOnlyList<Reliability> Of(IReadOnlyList<double> predicted, IReadOnlyList<bool> happened)
    {
        var order = Enumerable.Range(0, predicted.Count).OrderBy(i => predicted[i]).ToArray();
        var groups = Math.Clamp(order.Length / 10, 1, 10);
        return
        [
            .. Enumerable.Range(0, groups)
                .Select(g => order[(int)((long)g * order.Length / groups)..(int)((long)(g + 1) * order.Length / groups)])
                .Where(rows => rows.Length > 0)
                .Select(rows => Of(rows.Length, rows.Average(i => predicted[i]), rows.Count(i => happened[i]))),
        ];
    }

    /// <summary>The plot, with axes that fit both predictions and outcomes.</summary>
    public static CardChart Chart(IReadOnlyList<Reliability> groups, string title, string predicted, string happened)
    {
        var most = Math.Min(1, Math.Max(0.05, 1.05 * groups.Max(g => Math.Max(g.Predicted, g.High))));
        var worst = groups.Max(g => Math.Abs(g.Predicted - g.Happened));
        return new(
            title,
            string.Create(CultureInfo.InvariantCulture, $"Reliability diagram of {groups.Count} groups of equal size; the largest distance between prediction and outcome is {worst:P1}."),
            CardAxis.Share(predicted, most),
            CardAxis.Share(happened, most),
            [new("", CardSeriesKind.Dots, [.. groups.Select(g => (g.Predicted, g.Happened, g.Low, g.High))])])
        { Diagonal = true };
    }

    private static Reliability Of(int rows, double predicted, int events)
    {
        var (low, high) = Proportion.Interval(events, rows);
        return new(rows, predicted, (double)events / rows, low, high);
    }
}
