using System.Text;

namespace Serverless.Serving.Documents;

/// <summary>The text of connectionist temporal classification by its best path (Graves et al. 2006, 3.2), with more spaces than that has.</summary>
internal static class CtcText
{
    private const string Space = " ";

    /// <summary>
    /// Takes the likeliest class of each step, one of those that repeat, without blanks. Between two characters a space is written also where it is not the
    /// likeliest: networks for many scripts, some of which have no spaces, write too few.
    /// </summary>
    /// <param name="steps">Step after step the probability of each class; class 0 is the blank.</param>
    /// <param name="classes">How many there are.</param>
    /// <param name="characters">Those of the classes from 1 on; the last is the space.</param>
    /// <param name="spaceFrom">Probability from which a space is written.</param>
    /// <returns>The text without spaces around it, and the mean probability of its characters, spaces aside; 0 where there are none.</returns>
    public static (string Text, double Confidence) Of(ReadOnlySpan<float> steps, int classes, IReadOnlyList<string> characters, double spaceFrom)
    {
        var (text, sum, count, before, space) = (new StringBuilder(), 0.0, 0, 0, 0f);
        for (; steps.Length >= classes; steps = steps[classes..])
        {
            var best = Likeliest(steps[..classes]);
            if (best == 0 || best == before || characters[best - 1] == Space) space = Math.Max(space, steps[classes - 1]);
            else
            {
                if (space >= spaceFrom && text.Length > 0) text.Append(' ');
                text.Append(characters[best - 1]);
                (sum, count, space) = (sum + steps[best], count + 1, 0);
            }

            before = best;
        }

        return (text.ToString(), count == 0 ? 0 : sum / count);
    }

    private static int Likeliest(ReadOnlySpan<float> of)
    {
        var best = 0;
        for (var i = 1; i < of.Length; i++)
            if (of[i] > of[best]) best = i;
        return best;
    }
}
