using System.Text;

namespace Serverless.Serving.Documents;

/// <summary>
/// The text of connectionist temporal classification by its best path (Graves et al. 2006, 3.2): the likeliest class of each step, one of those that repeat,
/// without blanks. Networks for many scripts, some of which have no spaces, write too few of them, take the letter O for a zero, an l for a one and the marks
/// of ü and ñ for an i; all are weighed anew.
/// </summary>
/// <param name="characters">Those of the classes from 1 on; the last is the space. Class 0 is the blank.</param>
/// <param name="spaceFrom">Probability from which a space is written.</param>
internal sealed class CtcText(IReadOnlyList<string> characters, double spaceFrom)
{
    // From which probability of the letter on a zero beside letters is one: zeros of numbers had three hundredths at most on the papers it was
    // chosen by; in a code of letters and zeros it can be wrong.
    private const float LetterFrom = 0.05f;

    // The same of an l behind a small letter, where a one hardly stands: it had a third where it was misread.
    private const float SmallLFrom = 0.1f;

    // On made-up papers, of 800 times an i that is one, the network left more than a fiftieth for u once, and then not a ten thousandth for one with marks. An i
    // in the step right behind u or n, though letters are two steps wide, is a part of it where the network was not sure of that.
    private const float UFrom = 0.04f, MarkedFrom = 1e-4f, SureFrom = 0.97f;

    private readonly int _zero = ClassOf(characters, "0"), _capital = ClassOf(characters, "O"), _small = ClassOf(characters, "o"), _i = ClassOf(characters, "i"), _u = ClassOf(characters, "u"), _one = ClassOf(characters, "1"), _l = ClassOf(characters, "l");
    private readonly int[] _marked = [.. new[] { "ü", "ú", "ū" }.Select(c => ClassOf(characters, c)).Where(c => c > 0)];

    /// <summary>Reads a line.</summary>
    /// <param name="steps">Step after step the probability of each class.</param>
    /// <returns>The text without spaces around it, and the mean probability of its characters, spaces aside; 0 where there are none.</returns>
    public (string Text, double Confidence) Of(ReadOnlySpan<float> steps)
    {
        var (classes, signs, before, space) = (characters.Count + 1, new List<Sign>(), 0, 0f);
        for (var at = 0; (at + 1) * classes <= steps.Length; at++)
        {
            var now = steps.Slice(at * classes, classes);
            var best = Likeliest(now);
            if (best == 0 || best == before || best == classes - 1)
            {
                space = Math.Max(space, now[^1]);
            }
            else
            {
                signs.Add(new(characters[best - 1], at, space, now[best], (best == _zero && now[_capital] + now[_small] >= LetterFrom) || (best == _one && now[_l] >= SmallLFrom), best == _i && IsMarked(now)));
                space = 0;
            }

            before = best;
        }

        return signs.Count == 0 ? ("", 0) : (Joined(signs), signs.Average(s => (double)s.Probability));
    }

    private bool IsMarked(ReadOnlySpan<float> now)
    {
        var marked = 0f;
        foreach (var c in _marked) marked += now[c];
        return marked >= MarkedFrom && marked + now[_u] >= UFrom;
    }

    // Letters whose marks were read as an i, with them.
    private static List<Sign> Marked(List<Sign> signs, double pitch)
    {
        List<Sign> marked = [];
        foreach (var sign in signs)
        {
            if (sign.Text == "i" && pitch >= 2 && marked is [.., { Text: "u" or "n" } last] && last.Step == sign.Step - 1 && (last.Probability < SureFrom || (last.Text == "u" && sign.Marked)))
                marked[^1] = last with { Text = last.Text == "u" ? "ü" : "ñ" };
            else
                marked.Add(sign.Marked ? sign with { Text = "ü" } : sign);
        }

        return marked;
    }

    private string Joined(List<Sign> read)
    {
        var gaps = read.Zip(read.Skip(1), (a, b) => b.Step - a.Step).Order().ToList();
        var pitch = gaps.Count == 0 ? 1 : Math.Max(1, gaps[gaps.Count / 2]);
        var signs = Marked(read, pitch);
        var text = new StringBuilder();
        List<int> likened = [];
        for (var i = 0; i < signs.Count; i++)
        {
            if (i > 0 && SpaceBetween(signs[i - 1], signs[i], pitch) >= spaceFrom) text.Append(' ');
            if (signs[i].Letter) likened.Add(text.Length);
            text.Append(signs[i].Text);
        }

        foreach (var at in likened)
        {
            var (left, right) = (at == 0 ? ' ' : text[at - 1], at + 1 == text.Length ? ' ' : text[at + 1]);
            if (text[at] == '1') text[at] = char.IsLower(left) && !char.IsDigit(right) ? 'l' : '1';
            else if ((char.IsLetter(left) || char.IsLetter(right)) && !char.IsDigit(left) && !char.IsDigit(right)) text[at] = LatinText.LetterO(left, right);
        }

        return text.Replace("strafBe", "straße").ToString(); // a ß read as two letters, as the list of characters has none
    }

    // A logistic regression on 31,000 gaps between characters of made-up papers: what the network says of a space, how far the characters are from each
    // other in pitches of the line, and whether marks stand there behind which there mostly is a space, or mostly none.
    private static double SpaceBetween(Sign a, Sign b, double pitch)
    {
        var (left, right) = (a.Text[^1], b.Text[0]);
        var ends = left == ':' || (left is ',' or ';' or '.' && !char.IsDigit(right));
        var holds = (left is '.' or ',' && char.IsDigit(right)) || left is '(' or '#' or '/' or '-' || right is '.' or ',' or ':' or ';' or ')' or '/' or '-';
        var odds = -0.76 + (1.2 * Math.Log(b.Space + 1e-6)) + (4.63 * Math.Clamp((b.Step - a.Step) / pitch, 0.3, 3)) + (ends ? 2.47 : 0) - (holds ? 1.93 : 0);
        return 1 / (1 + Math.Exp(-odds));
    }

    private static int ClassOf(IReadOnlyList<string> characters, string sign)
    {
        for (var i = 0; i < characters.Count; i++)
            if (characters[i] == sign) return i + 1;
        return 0; // the blank, which is never the likeliest where a character is
    }

    private static int Likeliest(ReadOnlySpan<float> of)
    {
        var best = 0;
        for (var i = 1; i < of.Length; i++)
            if (of[i] > of[best]) best = i;
        return best;
    }

    /// <summary>A character of the path.</summary>
    /// <param name="Text">What it is.</param>
    /// <param name="Step">Where it begins.</param>
    /// <param name="Space">Highest probability of a space since the one before.</param>
    /// <param name="Probability">Its own.</param>
    /// <param name="Letter">Whether it is a zero or a one that may be a letter.</param>
    /// <param name="Marked">Whether it is an i that may be a letter with marks.</param>
    private readonly record struct Sign(string Text, int Step, float Space, float Probability, bool Letter, bool Marked);
}
