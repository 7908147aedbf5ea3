using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Asks classifiers and holds their answers against the truth.</summary>
internal static class TextEvaluation
{
    /// <summary>The answers of a loaded model. Intents are matched by name; one that it does not know counts as an error.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">Texts with the intent as written; null is out of scope.</param>
    public static IReadOnlyList<AnsweredText> Ask(TextClassifier model, IReadOnlyList<(string Text, string? Intent)> texts)
    {
        var places = model.Intents.Index().ToDictionary(i => i.Item, i => i.Index);
        var answers = new AnsweredText[texts.Count];
        model.Run([.. texts.Select(t => t.Text)], (at, evidence, probabilities) =>
        {
            var truth = texts[at].Intent is not { } intent ? -1 : places.GetValueOrDefault(intent, -2);
            var best = 0;
            for (var i = 1; i < probabilities.Length; i++)
                if (probabilities[i] > probabilities[best]) best = i;
            answers[at] = new(truth, best, probabilities[best], truth >= 0 ? probabilities[truth] : 0, evidence, evidence < model.NoneBelow);
        });
        return answers;
    }

    /// <summary>The answers of a classifier in training. Each half is calibrated on the other one, so that no text calibrates its own answer.</summary>
    /// <param name="model">Fitted without these texts.</param>
    /// <param name="rows">Held-out texts with an intent.</param>
    /// <param name="outside">Texts out of scope; they calibrate nothing, but choose by which number none of the intents is told: the one that turns away most of them.</param>
    /// <param name="maxFalseNone">The contract's trade-off.</param>
    /// <returns>
    /// The answers, out of scope last, the calibration from all rows, which is the one to serve, the share of the texts out of scope that each number
    /// would turn away, and the labels that may be wrong.
    /// </returns>
    public static (IReadOnlyList<AnsweredText> Answers, Calibration Calibration, IReadOnlyList<(NoneScore Score, double Recall)> Choices, IReadOnlyList<LabelSuspect> Suspects) CrossFit(
        FittedText model, IReadOnlyList<TextRow> rows, IReadOnlyList<TextRow> outside, double maxFalseNone)
    {
        var scores = model.Scores([.. rows.Select(r => r.Text)]);
        var scoresOutside = model.Scores([.. outside.Select(r => r.Text)]);
        int[] classes = [.. rows.Select(r => r.Class)];
        var calibration = Calibration.Of(scores, classes, maxFalseNone);
        var choices = outside.Count == 0 ? [] : Enum.GetValues<NoneScore>()
            .Select(score => calibration.By(score, scores, maxFalseNone))
            .Select(by => (By: by, Recall: scoresOutside.Count(s => by.Evidence(s) < by.None) / (double)outside.Count)).ToList();
        if (choices.Count > 0) calibration = choices.MaxBy(c => c.Recall).By;
        var halves = new[] { Half(0), Half(1) };
        AnsweredText[] scoped = [.. rows.Select((row, i) => Answer(halves[1 - (i % 2)], scores[i], model.Knows(row.Text), row.Class))];
        return (
            [.. scoped, .. outside.Select((row, i) => Answer(calibration, scoresOutside[i], model.Knows(row.Text), -1))],
            calibration,
            [.. choices.Select(c => (c.By.Score, c.Recall))],
            LabelSuspects.Of(scoped, model.Features.Intents.Count, i => halves[1 - (i % 2)].Probabilities(scores[i])));

        Calibration Half(int which)
        {
            int[] of = [.. Enumerable.Range(0, rows.Count).Where(i => i % 2 == which)];
            return of.Length == 0 ? calibration : Calibration.Of(Array.ConvertAll(of, i => scores[i]), Array.ConvertAll(of, i => classes[i]), maxFalseNone, calibration.Score);
        }
    }

    /// <summary>The place of the greatest score, the first of equals.</summary>
    public static int Best(double[] scores) => Array.IndexOf(scores, scores.Max());

    private static AnsweredText Answer(Calibration calibration, TextScores scores, bool known, int truth)
    {
        var probabilities = calibration.Probabilities(scores);
        var best = Best(probabilities);
        var evidence = known ? calibration.Evidence(scores) : double.NegativeInfinity;
        return new(truth, best, probabilities[best], truth >= 0 ? probabilities[truth] : 0, evidence, evidence < calibration.None);
    }
}
