using Serverless.Serving.Documents;
using Serverless.Training.Quality;
using Serverless.Training.Text;

namespace Serverless.Training.Documents;

/// <summary>Asks classifiers and holds their answers against the truth.</summary>
internal static class DocumentEvaluation
{
    private const int LeastOfGroup = 20, MostGroups = 10;

    /// <summary>The answers of a loaded model. Labels are matched by name; one that it does not know counts as an error.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pictures">Pictures with the label as written; null is out of scope.</param>
    public static IReadOnlyList<AnsweredText> Ask(DocumentClassifier model, IReadOnlyList<(SmallPicture Picture, string? Label)> pictures)
    {
        var places = model.Labels.Index().ToDictionary(i => i.Item, i => i.Index);
        var answers = new AnsweredText[pictures.Count];
        model.Run([.. pictures.Select(p => p.Picture)], (at, evidence, _, probabilities) =>
        {
            var truth = pictures[at].Label is not { } label ? -1 : places.GetValueOrDefault(label, -2);
            var best = 0;
            for (var i = 1; i < probabilities.Length; i++)
                if (probabilities[i] > probabilities[best]) best = i;
            answers[at] = new(truth, best, probabilities[best], truth >= 0 ? probabilities[truth] : 0, evidence, evidence < model.NoneBelow);
        });
        return answers;
    }

    /// <summary>The answers of a network in training. Each half is calibrated on the other one, so that no picture calibrates its own answer.</summary>
    /// <param name="scores">Of held-out pictures with a label.</param>
    /// <param name="classes">Their labels.</param>
    /// <param name="outside">Of pictures out of scope; they calibrate nothing, but choose by which number none of the labels is told: the one that turns away most of them.</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="maxFalseNone">The contract's trade-off.</param>
    public static CrossFitted CrossFit(IReadOnlyList<PictureScores> scores, IReadOnlyList<int> classes, IReadOnlyList<PictureScores> outside, int labels, double maxFalseNone)
    {
        var means = NearestMeans.Of(scores, classes, labels);
        var calibration = PictureCalibration.Of(scores, classes, maxFalseNone, means);
        var choices = outside.Count == 0 ? [] : Enum.GetValues<PictureNoneScore>()
            .Select(score => calibration.By(score, scores, maxFalseNone))
            .Select(by => (By: by, Recall: outside.Count(s => by.Evidence(s) < by.None) / (double)outside.Count)).ToList();
        if (choices.Count > 0) calibration = choices.MaxBy(c => c.Recall).By;
        var halves = new[] { Half(0), Half(1) };
        AnsweredText[] scoped = [.. scores.Select((s, i) => Answer(halves[1 - (i % 2)], s, classes[i]))];
        return new(
            [.. scoped, .. outside.Select(s => Answer(calibration, s, -1))],
            calibration,
            [.. choices.Select(c => (c.By.Score, c.Recall))],
            LabelSuspects.Of(scoped, labels, i => halves[1 - (i % 2)].Probabilities(scores[i])));

        PictureCalibration Half(int which)
        {
            int[] of = [.. Enumerable.Range(0, scores.Count).Where(i => i % 2 == which)];
            if (of.Length == 0) return calibration;
            PictureScores[] some = Array.ConvertAll(of, i => scores[i]);
            int[] someClasses = Array.ConvertAll(of, i => classes[i]);
            return PictureCalibration.Of(some, someClasses, maxFalseNone, NearestMeans.Of(some, someClasses, labels), calibration.Score);
        }
    }

    /// <summary>
    /// By their names in the manifest: those of <see cref="TextMetrics"/>, the 95 % interval of the accuracy (Wilson 1927), the least recall of a label that has
    /// pictures, and <c>ece</c> over groups of twenty or more, ten of them at most: over groups of one, a few pictures would never agree with any probability.
    /// </summary>
    public static IReadOnlyDictionary<string, double> Metrics(IReadOnlyList<AnsweredText> answers)
    {
        var scoped = answers.Where(a => a.Class != -1).ToList();
        var (low, high) = Proportion.Interval(scoped.Count(a => a.Predicted == a.Class), scoped.Count);
        return new Dictionary<string, double>(TextMetrics.Of(answers))
        {
            ["ece"] = CalibrationError(scoped),
            ["accuracyLow"] = low,
            ["accuracyHigh"] = high,
            ["worstRecall"] = Worst(scoped) is { } worst ? worst.Recall : double.NaN,
        };
    }

    /// <summary>The label that is found least, and how often it is; null without pictures.</summary>
    public static (int Class, double Recall)? Worst(IReadOnlyList<AnsweredText> answers) => answers.Where(a => a.Class != -1).GroupBy(a => a.Class)
        .Select(g => (Class: g.Key, Recall: g.Count(a => a.Predicted == a.Class) / (double)g.Count())).OrderBy(g => g.Recall).ThenBy(g => g.Class)
        .Select(g => ((int, double)?)g).FirstOrDefault();

    private static double CalibrationError(List<AnsweredText> pictures)
    {
        if (pictures.Count == 0) return double.NaN;
        var (sorted, groups) = (pictures.OrderBy(p => p.Confidence).ToList(), Math.Clamp(pictures.Count / LeastOfGroup, 1, MostGroups));
        return Enumerable.Range(0, groups).Select(g => sorted[(sorted.Count * g / groups)..(sorted.Count * (g + 1) / groups)])
            .Sum(part => Math.Abs(part.Sum(p => p.Confidence) - part.Count(p => p.Predicted == p.Class))) / sorted.Count;
    }

    private static AnsweredText Answer(PictureCalibration calibration, PictureScores scores, int truth)
    {
        var probabilities = calibration.Probabilities(scores);
        var best = Array.IndexOf(probabilities, probabilities.Max());
        var evidence = calibration.Evidence(scores);
        return new(truth, best, probabilities[best], truth >= 0 ? probabilities[truth] : 0, evidence, evidence < calibration.None);
    }
}

/// <summary>What held-out pictures show.</summary>
/// <param name="Answers">The answers, out of scope last.</param>
/// <param name="Calibration">From all of them, which is the one to serve.</param>
/// <param name="Choices">The share of the pictures out of scope that each number would turn away.</param>
/// <param name="Suspects">The labels that may be wrong.</param>
internal sealed record CrossFitted(
    IReadOnlyList<AnsweredText> Answers, PictureCalibration Calibration, IReadOnlyList<(PictureNoneScore Score, double Recall)> Choices, IReadOnlyList<LabelSuspect> Suspects);
