using System.Text;
using Serverless.Serving.Documents;
using Serverless.Training.Samples;

namespace Serverless.Training.Documents;

/// <summary>
/// Reads a sheet as a reader would that makes mistakes: blanks and what parts a sender's line lost, characters confused, lines joined and cut where columns
/// are, lines left out, the page slanted. What a page suffers is drawn once for it. A model that is trained on such pages does not depend on one reader's habits.
/// </summary>
internal static class SimulatedReading
{
    private static readonly string[] Raised = [" · ", " | "];

    private static readonly Dictionary<char, string> Confused = new()
    {
        ['0'] = "O",
        ['O'] = "0",
        ['1'] = "lI",
        ['l'] = "1I",
        ['I'] = "1l",
        ['5'] = "S",
        ['S'] = "5",
        ['8'] = "B",
        ['B'] = "8",
        [':'] = ";.",
        ['.'] = ",",
        [','] = ".",
        ['e'] = "c",
        ['c'] = "e",
        ['n'] = "r",
        ['m'] = "n",
        ['i'] = "l",
        ['t'] = "f",
        ['a'] = "o",
        ['o'] = "a",
        ['u'] = "v",
        ['E'] = "F",
        ['G'] = "C",
        ['D'] = "O",
        ['é'] = "e",
        ['ä'] = "a",
        ['ö'] = "o",
        ['ü'] = "u",
        ['Ä'] = "A",
        ['Ö'] = "O",
        ['Ü'] = "U",
        ['ß'] = "B",
        ['6'] = "8",
        ['3'] = "8",
        ['7'] = "1",
        ['€'] = "E",
        ['£'] = "E",
    };

    /// <summary>Reads it.</summary>
    /// <param name="sheet">What is printed.</param>
    /// <param name="draws">Which mistakes.</param>
    /// <param name="perfect">None at all.</param>
    public static ReadPage Of(Sheet sheet, Draws draws, bool perfect = false)
    {
        var lost = perfect ? 0 : draws.Pick(0, 0, 0, 0.1, 0.3, 1);
        var glued = !perfect && draws.Chance(0.4); // after a colon
        var bare = !perfect && draws.Chance(0.4); // marks over letters
        var zeros = perfect ? 0 : draws.Pick(0, 0, 0, 0, 0.3); // O in capitals
        var wrong = perfect ? 0 : draws.Pick(0, 0, 0.003, 0.01, 0.025);
        var missed = perfect ? 0 : draws.Pick(0, 0, 0.004, 0.01);
        var gap = perfect ? 1 : draws.Between(0.5, 2.2);
        var cut = perfect ? 0 : draws.Pick(0, 0, 0, 0.03);
        var slant = perfect ? 0 : draws.Between(-2.5, 2.5) * draws.Pick(0, 1) * Math.PI / 180;
        var unparted = perfect ? 0 : draws.Pick(0, 0, 0, 0, 0, 0, 0, 0.5);
        List<ReadLine> lines = [];
        foreach (var numbers in PrintedLines.Lines(sheet, gap))
        {
            if (draws.Chance(missed)) continue;
            var inks = numbers.Select(i => sheet.Inks[i]).ToList();
            var text = string.Join(' ', inks.Select(i => i.Text));
            var (left, right, top, bottom) = (inks[0].X, inks[^1].X + inks[^1].Width, inks.Min(i => i.Top), inks.Max(i => i.Bottom));
            var from = 0;
            for (var at = 1; at <= text.Length; at++)
            {
                var doubled = at < text.Length - 1 && text[at] == ' ' && text[at + 1] == ' ';
                if (at < text.Length && !doubled && !(text[at] == ' ' && draws.Chance(cut))) continue;
                var part = Misread(Habits(Unparted(text[from..at].Trim(), unparted, draws), glued, bare, zeros, draws), draws, lost, wrong);
                var (a, b) = (left + ((right - left) * from / text.Length), left + ((right - left) * at / text.Length));
                double Off() => perfect ? 0 : draws.Between(-0.12, 0.12) * (bottom - top);
                if (part.Length > 0) lines.Add(new(part, 0.9, Turned(a, top + Off(), b, bottom + Off(), slant)));
                from = at;
            }
        }

        return new((int)sheet.Width, (int)sheet.Height, lines);
    }

    private static string Unparted(string text, double share, Draws draws)
    {
        if (share == 0) return text;
        foreach (var raised in Raised)
        {
            for (var at = text.IndexOf(raised, StringComparison.Ordinal); at >= 0; at = text.IndexOf(raised, at + 1, StringComparison.Ordinal))
            {
                if (draws.Chance(share)) text = text[..at] + draws.Pick(" ", ". ", "·", "- ") + text[(at + raised.Length)..];
            }
        }

        return text;
    }

    private static string Habits(string text, bool glued, bool bare, double zeros, Draws draws)
    {
        if (glued) text = text.Replace(": ", ":", StringComparison.Ordinal);
        if (bare) text = string.Concat(text.Select(c => c is 'ß' ? 'B' : LatinText.Bare(c)));
        return zeros == 0 ? text : string.Concat(text.Select(c => c == 'O' && draws.Chance(zeros) ? '0' : c));
    }

    private static string Misread(string text, Draws draws, double lost, double wrong)
    {
        var read = new StringBuilder(text.Length);
        foreach (var sign in text)
        {
            if (sign == ' ' && lost > 0 && draws.Chance(lost)) continue;
            if (wrong == 0 || !draws.Chance(wrong)) read.Append(sign);
            else if (draws.Chance(0.2)) continue;
            else if (Confused.TryGetValue(sign, out var others)) read.Append(others[draws.Between(0, others.Length - 1)]);
            else read.Append(draws.Chance(0.3) ? char.IsLower(sign) ? char.ToUpperInvariant(sign) : sign : sign);
        }

        return read.ToString();
    }

    private static PageBox Turned(double left, double top, double right, double bottom, double slant)
    {
        var (cos, sin) = (Math.Cos(slant), Math.Sin(slant));
        PagePoint Of(double x, double y) => new((x * cos) - (y * sin), (x * sin) + (y * cos));
        return new(Of(left, top), Of(right, top), Of(right, bottom), Of(left, bottom));
    }
}
