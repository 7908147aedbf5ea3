using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Training.Cards;

namespace Serverless.Training.Credit;

/// <summary>The plots of a scorecard's card; both outcomes must be present.</summary>
internal static class CreditPlots
{
    private const int MaxCorners = 250;
    private const int Bars = 30;

    /// <summary>The ROC curve: of the bad and of the good loans, the shares whose probability lies above each threshold.</summary>
    public static CardChart Roc(IReadOnlyList<bool> bad, IReadOnlyList<double> probability, double auc)
    {
        var bads = bad.Count(b => b);
        var goods = bad.Count - bads;
        List<(double X, double Y)> curve = [(0, 0)];
        var (hits, alarms) = (0, 0);
        foreach (var tie in Enumerable.Range(0, bad.Count).GroupBy(i => probability[i]).OrderByDescending(g => g.Key))
        {
            foreach (var i in tie)
            {
                if (bad[i]) hits++;
                else alarms++;
            }

            curve.Add(((double)alarms / goods, (double)hits / bads));
        }

        var stride = Math.Max(1, curve.Count / MaxCorners);
        return new(
            "ROC curve",
            $"ROC curve; the area under it is {CardParts.Figure(auc)}.",
            CardAxis.Share("good loans above the threshold"),
            CardAxis.Share("bad loans above the threshold"),
            [CardSeries.Of("", CardSeriesKind.Line, curve.Where((_, i) => i % stride == 0 || i == curve.Count - 1))])
        { Diagonal = true };
    }

    /// <summary>How the points of good and of bad loans are spread, each as shares of their own number.</summary>
    public static CardChart Scores(IReadOnlyList<bool> bad, IReadOnlyList<double> points, IReadOnlyList<(string Name, double Points)> cuts)
    {
        var (least, most) = (Math.Floor(points.Min()), Math.Ceiling(points.Max()));
        var width = Math.Max((most - least) / Bars, 1e-9);
        double[] Spread(bool which)
        {
            var shares = new double[Bars];
            var rows = bad.Count(b => b == which);
            for (var i = 0; i < bad.Count; i++)
            {
                if (bad[i] == which) shares[Math.Min(Bars - 1, (int)((points[i] - least) / width))] += 1.0 / rows;
            }

            return shares;
        }

        var (good, badly) = (Spread(false), Spread(true));
        IEnumerable<(double, double)> Steps(double[] shares) => shares.SelectMany((s, i) => new[] { (least + (i * width), s), (least + ((i + 1) * width), s) });
        return new(
            "Spread of the score among good and bad loans of the holdout",
            string.Create(CultureInfo.InvariantCulture, $"Histogram of points: good loans have {Mean(false):0} points on average, bad ones {Mean(true):0}."),
            new CardAxis("points", least, least + (Bars * width)),
            CardAxis.Share("share of the loans", 1.25 * Math.Max(good.Max(), badly.Max())),
            [CardSeries.Of("good loans", CardSeriesKind.Area, Steps(good)), CardSeries.Of("bad loans", CardSeriesKind.Area, Steps(badly))])
        { Marks = [.. cuts.Select(c => (c.Name, c.Points))] };

        double Mean(bool which) => Enumerable.Range(0, bad.Count).Where(i => bad[i] == which).Average(i => points[i]);
    }
}
