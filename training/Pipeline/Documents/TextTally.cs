using Serverless.Serving.Documents;
using Serverless.Training.Samples;

namespace Serverless.Training.Documents;

/// <summary>
/// Character accuracy: one less edits by characters printed (Rice 1996, "Measuring the accuracy of page-reading systems"), over lines that stand at the same place.
/// A reader may cut or join what the truth cuts otherwise: lines are matched in groups that overlap, and a group's texts are compared as one. What was not read counts
/// as missing, and what is read where nothing is printed counts as edits too. Runs of blanks are one blank.
/// </summary>
public sealed class TextTally
{
    /// <summary>Characters printed, blanks included.</summary>
    public long Characters { get; private set; }

    /// <summary>Edits, blanks included.</summary>
    public long Edits { get; private set; }

    /// <summary>Characters printed without blanks.</summary>
    public long PlainCharacters { get; private set; }

    /// <summary>Edits without blanks.</summary>
    public long PlainEdits { get; private set; }

    /// <summary>Character accuracy, blanks included; 0 at least.</summary>
    public double Accuracy => Share(Edits, Characters);

    /// <summary>Character accuracy without blanks.</summary>
    public double PlainAccuracy => Share(PlainEdits, PlainCharacters);

    /// <summary>Counts a page.</summary>
    public void Add(IReadOnlyList<TruthLine> truth, IReadOnlyList<ReadLine> read)
    {
        var slant = Slant(truth);
        var printed = truth.Select(l => Placed.Of(l.Text, l.Box, slant, 0)).ToList();
        var all = printed.Concat(read.Select(l => Placed.Of(l.Text, l.Box, slant, 1))).ToList();
        foreach (var group in Groups(all, printed.Count))
        {
            var (is_, said) = (Text(group, 0), Text(group, 1));
            var (plainIs, plainSaid) = (is_.Replace(" ", "", StringComparison.Ordinal), said.Replace(" ", "", StringComparison.Ordinal));
            (Characters, PlainCharacters) = (Characters + is_.Length, PlainCharacters + plainIs.Length);
            (Edits, PlainEdits) = (Edits + EditDistance.Of(is_, said), PlainEdits + EditDistance.Of(plainIs, plainSaid));
        }
    }

    private static IEnumerable<List<Placed>> Groups(List<Placed> all, int printed)
    {
        var group = Enumerable.Range(0, all.Count).ToArray();
        int Root(int i) => group[i] == i ? i : group[i] = Root(group[i]);
        for (var i = 0; i < printed; i++)
        {
            for (var j = printed; j < all.Count; j++) if (all[i].Meets(all[j])) group[Root(i)] = Root(j);
        }

        return Enumerable.Range(0, all.Count).GroupBy(Root).Select(g => g.Select(i => all[i]).ToList());
    }

    private static string Text(List<Placed> group, int side)
    {
        List<List<Placed>> rows = [];
        foreach (var line in group.Where(l => l.Side == side).OrderBy(l => l.MiddleY))
        {
            if (rows.Count > 0 && line.MiddleY - rows[^1].Average(l => l.MiddleY) < 0.5 * line.Height) rows[^1].Add(line);
            else rows.Add([line]);
        }

        return string.Join(' ', rows.SelectMany(r => r.OrderBy(l => l.Left)).SelectMany(l => l.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    private static double Slant(IReadOnlyList<TruthLine> lines)
    {
        var slants = lines.Select(l => l.Box).Where(b => b.TopRight.X - b.TopLeft.X > 50).Select(b => Math.Atan2(b.TopRight.Y - b.TopLeft.Y, b.TopRight.X - b.TopLeft.X)).Order().ToList();
        return slants.Count == 0 ? 0 : slants[slants.Count / 2];
    }

    private static double Share(long edits, long characters) => characters == 0 ? 0 : Math.Max(0, 1 - ((double)edits / characters));

    private sealed record Placed(string Text, int Side, double Left, double Right, double MiddleY, double Height)
    {
        public static Placed Of(string text, PageBox box, double slant, int side)
        {
            var (cos, sin) = (Math.Cos(-slant), Math.Sin(-slant));
            PagePoint[] corners = [.. new[] { box.TopLeft, box.TopRight, box.BottomRight, box.BottomLeft }.Select(p => new PagePoint((p.X * cos) - (p.Y * sin), (p.X * sin) + (p.Y * cos)))];
            var height = (Math.Abs(corners[3].Y - corners[0].Y) + Math.Abs(corners[2].Y - corners[1].Y)) / 2;
            return new(text, side, corners.Min(c => c.X), corners.Max(c => c.X), corners.Average(c => c.Y), height);
        }

        public bool Meets(Placed other)
        {
            var across = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
            return Math.Abs(MiddleY - other.MiddleY) < 0.5 * Math.Max(Height, other.Height) && across > 0.25 * Math.Min(Right - Left, other.Right - other.Left);
        }
    }
}
