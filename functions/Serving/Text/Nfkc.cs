using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Serverless.Serving.Text;

/// <summary>
/// Unicode normalisation form KC (Unicode Standard Annex #15) by a table of our own: the framework's leaves text as it is where
/// globalization is invariant, and a system library's answer would depend on the version that a machine happens to have.
/// </summary>
internal static class Nfkc
{
    private const int HangulFirst = 0xAC00, HangulCount = 11172;
    private const int LeadFirst = 0x1100, VowelFirst = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28;

    private static readonly Lazy<Table> Unicode = new(Table.Read);

    /// <summary>The text in form KC; a lone surrogate becomes U+FFFD.</summary>
    public static string Normalize(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var table = Unicode.Value;
        var points = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, points, table);
        Order(points, table);
        Compose(points, table);
        var result = new StringBuilder(points.Count);
        foreach (var point in points) result.Append(new Rune(point));
        return result.ToString();
    }

    /// <summary>The code points of a character's canonical decomposition (form D), marks in the order of the table; the character itself where it has none.</summary>
    public static void Decompose(Rune character, List<int> points) => Decompose(character.Value, points, Unicode.Value, canonical: true);

    private static void Decompose(int point, List<int> points, Table table, bool canonical = false)
    {
        if (point is >= HangulFirst and < HangulFirst + HangulCount)
        {
            var syllable = point - HangulFirst;
            points.Add(LeadFirst + (syllable / (Vowels * Tails)));
            points.Add(VowelFirst + (syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails > 0) points.Add(TailBase + (syllable % Tails));
        }
        else if (point > 0x7F && table.Decompositions.TryGetValue(point, out var parts) && !(canonical && table.Compatible.Contains(point)))
        {
            foreach (var part in parts) Decompose(part, points, table, canonical);
        }
        else
        {
            points.Add(point);
        }
    }

    // Marks of one base are sorted by combining class; a mark never passes one of its own class.
    private static void Order(List<int> points, Table table)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var combining = table.Combining(points[i]);
            if (combining == 0) continue;
            for (var j = i; j > 0 && table.Combining(points[j - 1]) > combining; j--) (points[j - 1], points[j]) = (points[j], points[j - 1]);
        }
    }

    private static void Compose(List<int> points, Table table)
    {
        int kept = 0, starter = -1, last = -1;
        // Over a span: composing shortens nothing before the end, but writes into the places already read.
        foreach (var point in CollectionsMarshal.AsSpan(points))
        {
            var combining = table.Combining(point);

            // A mark is blocked from its base by a mark of the same or a higher class between them.
            if (starter >= 0 && last < combining && table.Composite(points[starter], point) is { } composite)
            {
                points[starter] = composite;
                continue;
            }

            if (combining == 0) (starter, last) = (kept, -1);
            else last = combining;
            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private sealed record Table(FrozenDictionary<int, int[]> Decompositions, FrozenSet<int> Compatible, FrozenDictionary<int, int> Classes, FrozenDictionary<(int, int), int> Pairs)
    {
        public int Combining(int point) => point < 0x300 ? 0 : Classes.GetValueOrDefault(point);

        public int? Composite(int first, int second)
        {
            if (first is >= LeadFirst and < LeadFirst + Leads && second is >= VowelFirst and < VowelFirst + Vowels)
                return HangulFirst + ((((first - LeadFirst) * Vowels) + second - VowelFirst) * Tails);
            if (first is >= HangulFirst and < HangulFirst + HangulCount && (first - HangulFirst) % Tails == 0 && second is > TailBase and < TailBase + Tails)
                return first + second - TailBase;
            return Pairs.TryGetValue((first, second), out var composite) ? composite : null;
        }

        public static Table Read()
        {
            var decompositions = new Dictionary<int, int[]>();
            var compatible = new HashSet<int>();
            var classes = new Dictionary<int, int>();
            var pairs = new Dictionary<(int, int), int>();
            using var lines = new StreamReader(typeof(Nfkc).Assembly.GetManifestResourceStream("nfkc.txt")!);
            while (lines.ReadLine() is { } line)
            {
                if (line[0] == '#') continue;
                var fields = line.Split(';');
                var point = Hex(fields[0]);
                if (fields[1] != "0") classes[point] = int.Parse(fields[1], CultureInfo.InvariantCulture);
                if (fields[2].Length == 0) continue;
                int[] parts = [.. fields[2][1..].Split(' ').Select(Hex)];
                decompositions[point] = parts;
                if (fields[2][0] == '~') compatible.Add(point);
                if (fields[2][0] == '=') pairs[(parts[0], parts[1])] = point;
            }

            return new(decompositions.ToFrozenDictionary(), compatible.ToFrozenSet(), classes.ToFrozenDictionary(), pairs.ToFrozenDictionary());
        }

        private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
