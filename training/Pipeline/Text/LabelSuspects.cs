namespace Serverless.Training.Text;

/// <summary>A held-out text whose label may be wrong.</summary>
/// <param name="Text">Its place among the held-out texts.</param>
/// <param name="Label">The intent that it is labelled with.</param>
/// <param name="Suggested">The intent that it seems to have.</param>
/// <param name="Probability">Probability of the suggested intent.</param>
/// <param name="OfLabel">Probability of the label.</param>
internal readonly record struct LabelSuspect(int Text, int Label, int Suggested, double Probability, double OfLabel);

/// <summary>
/// Finds labels that may be wrong by confident learning (Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset
/// Labels", section 3.1): an intent is likely for a text when its probability is at least the mean that it has among the texts which are
/// labelled with it, so that neither rare intents nor those of which a model is rarely sure are suspected more.
/// </summary>
internal static class LabelSuspects
{
    /// <summary>
    /// The texts for which another intent than the label is the likely one of the greatest probability, and the label is not even the most
    /// probable; those first in which the other is furthest above the label.
    /// </summary>
    /// <param name="answers">Answers to held-out texts, each by a model and a calibration that did not see it; texts out of scope are passed over.</param>
    /// <param name="intents">Number of intents.</param>
    /// <param name="probabilities">The probability of each intent for the text at a place among the answers.</param>
    public static IReadOnlyList<LabelSuspect> Of(IReadOnlyList<AnsweredText> answers, int intents, Func<int, double[]> probabilities)
    {
        var least = Thresholds(answers, intents);
        var suspects = new List<LabelSuspect>();
        foreach (var (text, answer) in answers.Index())
        {
            if (answer.Class < 0 || answer.Predicted == answer.Class) continue;
            var of = probabilities(text);
            var likely = -1;
            for (var intent = 0; intent < intents; intent++)
            {
                if (of[intent] >= least[intent] && (likely < 0 || of[intent] > of[likely])) likely = intent;
            }

            if (likely >= 0 && likely != answer.Class) suspects.Add(new(text, answer.Class, likely, of[likely], of[answer.Class]));
        }

        return [.. suspects.OrderByDescending(s => s.Probability - s.OfLabel).ThenBy(s => s.Text)];
    }

    // An intent that no held-out text is labelled with is never likely.
    private static double[] Thresholds(IReadOnlyList<AnsweredText> answers, int intents)
    {
        var (sums, counts) = (new double[intents], new int[intents]);
        foreach (var answer in answers.Where(a => a.Class >= 0))
        {
            sums[answer.Class] += answer.OfTruth;
            counts[answer.Class]++;
        }

        return [.. sums.Zip(counts, (sum, count) => count == 0 ? double.PositiveInfinity : sum / count)];
    }
}
