namespace Serverless.Serving.Documents;

/// <summary>
/// A page as its lines stand to each other, turned upright by the middle slant of its lines. Pieces of a row that stand closer than they are high
/// are one line here. Positions are shares of the box around all text.
/// </summary>
internal sealed class PageLayout
{
    private const double Joined = 0.8;

    /// <summary>Lays a page out.</summary>
    public PageLayout(ReadPage page)
    {
        var slant = Slant(page.Lines);
        var pieces = page.Lines.Where(l => !string.IsNullOrWhiteSpace(l.Text)).Select(l => new Piece(l, slant)).ToList();
        var rows = Rows(pieces);
        Lines = [.. rows.SelectMany((row, r) => Merged(row).Select(p => (Row: r, Pieces: p))).Select((l, i) => new PageLine(i, l.Row, l.Pieces))];
        RowCount = rows.Count;
        (Left, Top) = (Lines.Select(l => l.Left).DefaultIfEmpty().Min(), Lines.Select(l => l.Top).DefaultIfEmpty().Min());
        (Width, Height) = (Math.Max(1, Lines.Select(l => l.Right).DefaultIfEmpty().Max() - Left), Math.Max(1, Lines.Select(l => l.Bottom).DefaultIfEmpty().Max() - Top));
        var heights = Lines.Select(l => l.Height).Order().ToList();
        Unit = heights.Count == 0 ? 1 : Math.Max(1, heights[heights.Count / 2]);
        InRow = Lines.ToLookup(l => l.Row);
        Below = [.. Lines.Select(NextBelow)];
        Above = [.. Lines.Select(l => Lines.LastOrDefault(o => Below[o.Index] == l))];
        Dates = new(this);
        Money = new(this);
    }

    /// <summary>Lines by row from the top, in a row from the left.</summary>
    public IReadOnlyList<PageLine> Lines { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Left edge of all text.</summary>
    public double Left { get; }

    /// <summary>Upper edge of all text.</summary>
    public double Top { get; }

    /// <summary>Width of all text.</summary>
    public double Width { get; }

    /// <summary>Height of all text.</summary>
    public double Height { get; }

    /// <summary>The middle height of a line.</summary>
    public double Unit { get; }

    /// <summary>The lines of a row.</summary>
    public ILookup<int, PageLine> InRow { get; }

    /// <summary>For each line the one that goes on below it in the same block, if there is one.</summary>
    public IReadOnlyList<PageLine?> Below { get; }

    /// <summary>For each line the one that it goes on from.</summary>
    public IReadOnlyList<PageLine?> Above { get; }

    /// <summary>Its dates.</summary>
    public PageDates Dates { get; }

    /// <summary>Its amounts.</summary>
    public PageAmounts Money { get; }

    /// <summary>Whether a word of the lexicon is anywhere.</summary>
    public bool Has(Keyword keyword) => Lines.Any(l => l.Hits.Any(h => h.Keyword == keyword));

    private PageLine? NextBelow(PageLine line)
    {
        PageLine? best = null;
        var closest = double.MaxValue;
        foreach (var other in Lines)
        {
            var down = other.MiddleY - line.MiddleY;
            if (other.Row <= line.Row || down > 2.3 * Math.Max(line.Height, other.Height)) continue;
            var overlap = Math.Min(line.Right, other.Right) - Math.Max(line.Left, other.Left);
            if (overlap < 0.3 * Math.Min(line.Right - line.Left, other.Right - other.Left)) continue;
            var offset = Math.Min(Math.Abs(line.Left - other.Left), Math.Min(Math.Abs(line.Right - other.Right), Math.Abs(line.MiddleX - other.MiddleX)));
            var distance = down + (0.5 * offset);
            if (distance < closest) (best, closest) = (other, distance);
        }

        return best;
    }

    private static double Slant(IReadOnlyList<ReadLine> lines)
    {
        var slants = lines.Select(l => (l.Box, X: l.Box.TopRight.X - l.Box.TopLeft.X, Y: l.Box.TopRight.Y - l.Box.TopLeft.Y, High: Math.Abs(l.Box.BottomLeft.Y - l.Box.TopLeft.Y)))
            .Where(l => l.X > 3 * l.High && l.High > 0).Select(l => Math.Atan2(l.Y, l.X)).Order().ToList();
        return slants.Count == 0 ? 0 : slants[slants.Count / 2];
    }

    private static List<List<Piece>> Rows(List<Piece> pieces)
    {
        List<List<Piece>> rows = [];
        foreach (var piece in pieces.OrderBy(p => p.MiddleY).ThenBy(p => p.Left))
        {
            // The last rows only: a row is a band, and taller text beside it must not swallow the next one.
            var row = rows.TakeLast(3).LastOrDefault(r => Math.Abs(r.Average(p => p.MiddleY) - piece.MiddleY) < 0.5 * Math.Min(piece.Height, r.Average(p => p.Height)) && !r.Any(p => Math.Min(p.Right, piece.Right) - Math.Max(p.Left, piece.Left) > 0.3 * Math.Min(p.Right - p.Left, piece.Right - piece.Left)));
            if (row is null) rows.Add([piece]);
            else row.Add(piece);
        }

        foreach (var row in rows) row.Sort((a, b) => a.Left.CompareTo(b.Left));
        return rows;
    }

    private static IEnumerable<List<Piece>> Merged(List<Piece> row)
    {
        List<Piece> line = [];
        foreach (var piece in row)
        {
            if (line.Count > 0 && (piece.Left - line[^1].Right > Joined * Math.Min(piece.Height, line[^1].Height) || Math.Max(piece.Height, line[^1].Height) > 1.6 * Math.Min(piece.Height, line[^1].Height)))
            {
                yield return line;
                line = [];
            }

            line.Add(piece);
        }

        yield return line;
    }
}
