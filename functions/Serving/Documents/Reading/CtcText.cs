using System.Text;

namespace Serverless.Serving.Documents;

/// <summary>The text of connectionist temporal classification by its best path (Graves et al. 2006, 3.2).</summary>
internal static class CtcText
{
    /// <summary>Takes the likeliest class of each step, one of those that repeat, without blanks.</summary>
    /// <param name="steps">Step after step the probability of each class; class 0 is the blank.</param>
    /// <param name="classes">How many there are.</param>
    /// <param name="characters">Those of the classes from 1 on.</param>
    /// <returns>The text without blanks around it, and the mean probability of its characters; 0 where there are none.</returns>
    public static (string Text, double Confidence) Of(ReadOnlySpan<float> steps, int classes, IReadOnlyList<string> characters)
    {
        var (text, sum, count, before) = (new StringBuilder(), 0.0, 0, 0);
        for (; steps.Length >= classes; steps = steps[classes..])
        {
            var best = Likeliest(steps[..classes]);
            if (best != 0 && best != before)
            {
                text.Append(characters[best - 1]);
                sum += steps[best];
                count++;
            }

            before = best;
        }

        return (text.ToString().Trim(), count == 0 ? 0 : sum / count);
    }

    private static int Likeliest(ReadOnlySpan<float> of)
    {
        var best = 0;
        for (var i = 1; i < of.Length; i++)
            if (of[i] > of[best]) best = i;
        return best;
    }
}
