using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Training.Cards;

namespace Serverless.Training.Text;

/// <summary>The part of a text classifier's card on "none of them": what the threshold turns away and what it costs.</summary>
internal static class TextThresholdPart
{
    private const int Steps = 50;

    public static void Write(CardPage page, TextCardInput input)
    {
        page.Heading("When it answers none")
            .Text($"The threshold may turn away {CardParts.Share(input.Contract.MaxFalseNone)} of the texts that have an intent. A higher one turns away more of those that have none, and more of those that have one.");
        var thresholds = new[] { 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, input.NoneThreshold }.Distinct().Order();
        page.Table("The trade-off on the holdout", ["Threshold", "#With an intent, turned away", "#Without, turned away", "#Right among those answered"], thresholds.Select(t =>
        {
            var answered = Enumerable.Range(0, input.Labels.Count).Where(i => input.Labels[i] >= 0 && input.Confidence[i] >= t).ToArray();
            return new CardCell[]
            {
                CardParts.Figure(t) + (t == input.NoneThreshold ? " (chosen)" : ""),
                CardParts.Share(TurnedAway(input, t, inScope: true)),
                CardParts.Share(TurnedAway(input, t, inScope: false)),
                CardParts.Share(answered.Length == 0 ? double.NaN : (double)answered.Count(i => input.Predicted[i] == input.Labels[i]) / answered.Length),
            };
        }));
    }

    /// <summary>Shares turned away by threshold; texts with an intent must be there.</summary>
    public static CardChart Chart(TextCardInput input)
    {
        CardSeries Curve(string name, bool inScope) => CardSeries.Of(name, CardSeriesKind.Line, Enumerable.Range(0, Steps + 1)
            .Select(i => (X: (double)i / Steps, Y: TurnedAway(input, (double)i / Steps, inScope))));
        var curves = new List<CardSeries> { Curve("with an intent", true) };
        if (input.Labels.Contains(-1)) curves.Add(Curve("without an intent", false));
        return new(
            "Texts turned away at each threshold of none",
            string.Create(CultureInfo.InvariantCulture, $"At the chosen threshold {CardParts.Share(TurnedAway(input, input.NoneThreshold, true))} of the texts with an intent are turned away."),
            new CardAxis("threshold of none", 0, 1),
            CardAxis.Share("share turned away"),
            curves)
        { Marks = [("chosen", input.NoneThreshold)] };
    }

    private static double TurnedAway(TextCardInput input, double threshold, bool inScope)
    {
        var (rows, away) = (0, 0);
        for (var i = 0; i < input.Labels.Count; i++)
        {
            if (input.Labels[i] >= 0 != inScope) continue;
            rows++;
            if (input.Confidence[i] < threshold) away++;
        }

        return rows == 0 ? double.NaN : (double)away / rows;
    }
}
