using System.Text;
using System.Text.RegularExpressions;

namespace Serverless.Serving.Documents;

/// <summary>
/// The text of connectionist temporal classification by its best path (Graves et al. 2006, 3.2): the likeliest class of each step, one of those that repeat,
/// without blanks. Networks for many scripts, some of which have no spaces, write too few of them, take the letter O for a zero, an l for a one, both the
/// other way round, the marks of ü and ñ for an i, a raised dot for one at the foot and a bar for a letter; all are weighed anew.
/// </summary>
/// <param name="characters">Those of the classes from 1 on; the last is the space. Class 0 is the blank.</param>
/// <param name="spaceFrom">Probability from which a space is written.</param>
internal sealed partial class CtcText(IReadOnlyList<string> characters, double spaceFrom)
{
    // From which probability of the letter on a zero beside letters is one: zeros of numbers had three hundredths at most on the papers it was
    // chosen by; in a code of letters and zeros it can be wrong.
    private const float LetterFrom = 0.05f;

    // The same of an l beside small letters, where a one hardly stands, and of a one behind a digit, where no l does: either had a quarter where it was misread.
    private const float OneFrom = 0.1f;

    // On 430 made-up papers dots at the foot and colons that are such had less than four thousandths for a raised dot, and letters less than fourteen for a bar;
    // raised dots that were misread had three hundredths or more, bars a third. Blurred, one dot in 1,400 had as much, so numbers keep theirs; hyphens
    // are not told so, for more of them had.
    private const float RaisedFrom = 0.01f, BarFrom = 0.1f;

    // An S before a digit that is one had at most five hundredths for a dollar sign, dollar signs that were blurred nine.
    private const float DollarFrom = 0.06f;

    // On made-up papers, of 800 times an i that is one, the network left more than a fiftieth for u once, and then not a ten thousandth for one with marks. An i
    // in the step right behind u or n, though letters are two steps wide, is a part of it where the network was not sure of that.
    private const float UFrom = 0.03f, MarkedFrom = 1e-4f, SureFrom = 0.97f;

    private const char None = '\0';

    private readonly int _i = ClassOf(characters, "i"), _u = ClassOf(characters, "u");
    private readonly int[] _marked = ClassesOf(characters, "ü", "ú", "ū"), _raised = ClassesOf(characters, "·", "•"), _bars = ClassesOf(characters, "|", "丨");
    private readonly int[] _letterO = ClassesOf(characters, "O", "o"), _zero = ClassesOf(characters, "0"), _one = ClassesOf(characters, "1"), _l = ClassesOf(characters, "l"), _dollar = ClassesOf(characters, "$");

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
                signs.Add(new(characters[best - 1], at, space, now[best], Other(characters[best - 1], now), best == _i && IsMarked(now)));
                space = 0;
            }

            before = best;
        }

        return signs.Count == 0 ? ("", 0) : (Joined(signs), signs.Average(s => (double)s.Probability));
    }

    private bool IsMarked(ReadOnlySpan<float> now) => Sum(now, _marked) is >= MarkedFrom and var marked && marked + now[_u] >= UFrom;

    // What else a sign may be.
    private char Other(string text, ReadOnlySpan<float> now) => text switch
    {
        "." or ":" when Sum(now, _raised) >= RaisedFrom => '·',
        "I" or "l" or "1" or "丨" when Sum(now, _bars) >= BarFrom => '|',
        "0" when Sum(now, _letterO) >= LetterFrom => 'O',
        "O" or "o" when Sum(now, _zero) >= LetterFrom => '0',
        "1" when Sum(now, _l) >= OneFrom => 'l',
        "l" when Sum(now, _one) >= OneFrom => '1',
        "S" when Sum(now, _dollar) >= DollarFrom => '$',
        _ => None,
    };

    private static float Sum(ReadOnlySpan<float> now, int[] classes)
    {
        var sum = 0f;
        foreach (var c in classes) sum += now[c];
        return sum;
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
        List<(int At, char Other)> doubtful = [];
        for (var i = 0; i < signs.Count; i++)
        {
            if (i > 0 && SpaceBetween(signs[i - 1], signs[i], pitch) >= spaceFrom) text.Append(' ');
            if (signs[i].Other != None) doubtful.Add((text.Length, signs[i].Other));
            text.Append(signs[i].Text);
        }

        foreach (var (at, other) in doubtful) text[at] = Decided(at == 0 ? None : text[at - 1], text[at], at + 1 == text.Length ? None : text[at + 1], other);
        return Enye().Replace(SharpS().Replace(text.ToString(), "ß"), "ñ");
    }

    // Raised dots stand before something and in no number, bars between blanks, digits behind digits, letters beside letters.
    private static char Decided(char left, char sign, char right, char other) => other switch
    {
        '·' when right != None && !(char.IsDigit(left) && char.IsDigit(right)) => other,
        '|' when left == ' ' && right == ' ' => other,
        'l' when !char.IsDigit(right) && (char.IsLower(left) || (char.IsUpper(left) && char.IsLower(right))) => other,
        '1' when char.IsDigit(left) && !char.IsLower(right) => other,
        '0' when char.IsDigit(left) && !char.IsLetter(right) => other,
        '$' when char.IsDigit(right) => other,
        'O' when (char.IsLetter(left) || char.IsLetter(right)) && !char.IsDigit(left) && !char.IsDigit(right) => LatinText.LetterO(left, right),
        _ => sign,
    };

    // A logistic regression on 31,000 gaps between characters of made-up papers: what the network says of a space, how far the characters are from each
    // other in pitches of the line, and whether marks stand there behind which there mostly is a space, or mostly none.
    private static double SpaceBetween(Sign a, Sign b, double pitch)
    {
        var (left, right) = (a.Other == '·' ? a.Other : a.Text[^1], b.Other == '·' ? b.Other : b.Text[0]);
        var ends = left == ':' || (left is ',' or ';' or '.' && !char.IsDigit(right));
        var holds = (left is '.' or ',' && char.IsDigit(right)) || left is '(' or '#' or '/' or '-' || right is '.' or ',' or ':' or ';' or ')' or '/' or '-';
        var odds = -0.76 + (1.2 * Math.Log(b.Space + 1e-6)) + (4.63 * Math.Clamp((b.Step - a.Step) / pitch, 0.3, 3)) + (ends ? 2.47 : 0) - (holds ? 1.93 : 0);
        return 1 / (1 + Math.Exp(-odds));
    }

    // The list of characters has no ß, which is read as two letters or, in streets before their numbers, as an f or none.
    [GeneratedRegex(@"(?<=stra)(fB(?=e)|f?(?=e\s?\d))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SharpS();

    [GeneratedRegex(@"(?<=Espa)n?i(?=a(?!\p{L}))", RegexOptions.CultureInvariant)]
    private static partial Regex Enye();

    private static int[] ClassesOf(IReadOnlyList<string> characters, params string[] signs) => [.. signs.Select(s => ClassOf(characters, s)).Where(c => c > 0)];

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
    /// <param name="Other">What it may be too: a letter for a digit, a digit or a bar for a letter, a raised dot for one at the foot.</param>
    /// <param name="Marked">Whether it is an i that may be a letter with marks.</param>
    private readonly record struct Sign(string Text, int Step, float Space, float Probability, char Other, bool Marked);
}
