using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Serving.Text;
using Serverless.Training.Cards;

namespace Serverless.Training.Text;

/// <summary>The part of a text classifier's card on "none of them": what the threshold turns away and what it costs.</summary>
internal static class TextThresholdPart
{
    private const int Steps = 50;

    private static readonly double[] Shares = [0, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5];

    /// <summary>What a number is called in a sentence.</summary>
    public static string Name(NoneScore score) => score switch
    {
        NoneScore.Probability => "the best probability",
        NoneScore.Energy => "the energy of all scores",
        NoneScore.LinearEnergy => "the energy of the linear part's scores",
        NoneScore.ClassMeans => "the cosine to the nearest intent's mean",
        _ => throw new ArgumentOutOfRangeException(nameof(score)),
    };

    public static void Write(CardPage page, TextCardInput input)
    {
        page.Heading("When it answers none")
            .Text($"It is told by {Name(input.Score)}. The threshold may turn away {CardParts.Share(input.Contract.MaxFalseNone)} of the texts that have an intent. A higher one turns away more of those that have none, and more of those that have one.");
        var known = Known(input);
        IEnumerable<double> thresholds = known.Length == 0 ? [] : Shares.Select(share => NoneScores.Threshold(known, share)).Append(input.NoneThreshold).Distinct().Order();
        page.Table("The trade-off on the holdout", ["Threshold", "#With an intent, turned away", "#Without, turned away", "#Right among those answered"], thresholds.Select(t =>
        {
            var answered = Enumerable.Range(0, input.Labels.Count).Where(i => input.Labels[i] >= 0 && input.Evidence[i] >= t).ToArray();
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
        var known = Known(input);
        var (least, most) = input.Score == NoneScore.Probability || known.Length == 0 ? (0.0, 1.0) : (known.Min(), known.Max());
        CardSeries Curve(string name, bool inScope) => CardSeries.Of(name, CardSeriesKind.Line, Enumerable.Range(0, Steps + 1)
            .Select(i => least + (i * (most - least) / Steps)).Select(t => (X: t, Y: TurnedAway(input, t, inScope))));
        var curves = new List<CardSeries> { Curve("with an intent", true) };
        if (input.Labels.Contains(-1)) curves.Add(Curve("without an intent", false));
        return new(
            "Texts turned away at each threshold of none",
            string.Create(CultureInfo.InvariantCulture, $"At the chosen threshold {CardParts.Share(TurnedAway(input, input.NoneThreshold, true))} of the texts with an intent are turned away."),
            new CardAxis($"threshold of {Name(input.Score)}", least, most),
            CardAxis.Share("share turned away"),
            curves)
        { Marks = [("chosen", input.NoneThreshold)] };
    }

    // What has no known feature has no number.
    private static double[] Known(TextCardInput input) =>
        [.. Enumerable.Range(0, input.Labels.Count).Where(i => input.Labels[i] >= 0 && double.IsFinite(input.Evidence[i])).Select(i => input.Evidence[i])];

    private static double TurnedAway(TextCardInput input, double threshold, bool inScope)
    {
        var (rows, away) = (0, 0);
        for (var i = 0; i < input.Labels.Count; i++)
        {
            if (input.Labels[i] >= 0 != inScope) continue;
            rows++;
            if (input.Evidence[i] < threshold) away++;
        }

        return rows == 0 ? double.NaN : (double)away / rows;
    }
}
