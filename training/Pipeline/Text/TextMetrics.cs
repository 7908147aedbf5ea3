namespace Serverless.Training.Text;

/// <summary>An answer beside the truth.</summary>
/// <param name="Class">The true intent, from 0; -1 out of scope; -2 for an intent that the model does not know.</param>
/// <param name="Predicted">The best intent, whatever its probability.</param>
/// <param name="Confidence">Its probability.</param>
/// <param name="OfTruth">The probability of the true intent; 0 where the model does not know it.</param>
/// <param name="Evidence">How much speaks for its having any of the intents, see <see cref="Serverless.Serving.Text.NoneScore"/>; negative infinity when nothing of it is known.</param>
/// <param name="None">Whether the answer was none of the intents.</param>
internal readonly record struct AnsweredText(int Class, int Predicted, double Confidence, double OfTruth, double Evidence, bool None);

/// <summary>Figures of a text classifier.</summary>
internal static class TextMetrics
{
    private const int Groups = 10;
    private const double Least = 1e-15;

    /// <summary>
    /// By their names in the manifest: over texts with an intent <c>accuracy</c> and <c>macroF1</c> of the best intent, <c>logLoss</c>, <c>ece</c>
    /// (expected calibration error over ten groups of equal count), and <c>falseNone</c>, the share turned away; over out-of-scope texts, where
    /// there are any, <c>outOfScopeRecall</c>, the share turned away.
    /// </summary>
    public static IReadOnlyDictionary<string, double> Of(IReadOnlyList<AnsweredText> answers)
    {
        var scoped = answers.Where(a => a.Class != -1).ToList();
        var outside = answers.Where(a => a.Class == -1).ToList();
        var metrics = new Dictionary<string, double>
        {
            ["accuracy"] = Share(scoped, a => a.Predicted == a.Class),
            ["macroF1"] = MacroF1(scoped),
            ["logLoss"] = scoped.Count == 0 ? double.NaN : scoped.Average(a => -Math.Log(Math.Max(a.OfTruth, Least))),
            ["ece"] = CalibrationError(scoped),
            ["falseNone"] = Share(scoped, a => a.None),
        };
        if (outside.Count > 0) metrics["outOfScopeRecall"] = Share(outside, a => a.None);
        return metrics;
    }

    /// <summary>The share of the texts for which something holds; NaN without texts.</summary>
    public static double Share(IReadOnlyList<AnsweredText> texts, Func<AnsweredText, bool> holds) =>
        texts.Count == 0 ? double.NaN : (double)texts.Count(holds) / texts.Count;

    /// <summary>Standard error of the difference of two shares of hits on the same texts (McNemar 1947); NaN without texts.</summary>
    public static double DifferenceError(bool[] one, bool[] other)
    {
        var (gained, lost) = (one.Zip(other).Count(p => p is (true, false)), one.Zip(other).Count(p => p is (false, true)));
        return Math.Sqrt(gained + lost - ((double)(gained - lost) * (gained - lost) / one.Length)) / one.Length;
    }

    // The mean over the true intents of 2TP / (2TP + FP + FN).
    private static double MacroF1(List<AnsweredText> texts)
    {
        if (texts.Count == 0) return double.NaN;
        var predicted = texts.CountBy(t => t.Predicted).ToDictionary();
        return texts.GroupBy(t => t.Class)
            .Average(g => 2.0 * g.Count(t => t.Predicted == g.Key) / (g.Count() + predicted.GetValueOrDefault(g.Key)));
    }

    private static double CalibrationError(List<AnsweredText> texts)
    {
        if (texts.Count == 0) return double.NaN;
        var sorted = texts.OrderBy(t => t.Confidence).ToList();
        double sum = 0;
        for (var group = 0; group < Groups; group++)
        {
            var part = sorted[(sorted.Count * group / Groups)..(sorted.Count * (group + 1) / Groups)];
            if (part.Count > 0) sum += Math.Abs(part.Sum(t => t.Confidence) - part.Count(t => t.Predicted == t.Class));
        }

        return sum / texts.Count;
    }
}
