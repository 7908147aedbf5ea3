namespace Serverless.Serving.Documents;

/// <summary>A read line, turned upright.</summary>
internal sealed class Piece
{
    /// <summary>Turns it.</summary>
    /// <param name="line">As read.</param>
    /// <param name="slant">Of the page, in radians.</param>
    public Piece(ReadLine line, double slant)
    {
        Read = line;
        var (cos, sin) = (Math.Cos(-slant), Math.Sin(-slant));
        PagePoint Turned(PagePoint p) => new((p.X * cos) - (p.Y * sin), (p.X * sin) + (p.Y * cos));
        PagePoint[] corners = [Turned(line.Box.TopLeft), Turned(line.Box.TopRight), Turned(line.Box.BottomRight), Turned(line.Box.BottomLeft)];
        (Left, Right) = (corners.Min(c => c.X), corners.Max(c => c.X));
        MiddleY = corners.Average(c => c.Y);
        Height = Math.Max(1, (Distance(line.Box.TopLeft, line.Box.BottomLeft) + Distance(line.Box.TopRight, line.Box.BottomRight)) / 2);
    }

    /// <summary>As read.</summary>
    public ReadLine Read { get; }

    /// <summary>Left edge.</summary>
    public double Left { get; }

    /// <summary>Right edge.</summary>
    public double Right { get; }

    /// <summary>Middle of its height.</summary>
    public double MiddleY { get; }

    /// <summary>How high it is.</summary>
    public double Height { get; }

    private static double Distance(PagePoint a, PagePoint b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));
}

/// <summary>A line of a laid out page: one read line, or several that stand close.</summary>
internal sealed class PageLine
{
    private readonly List<Piece> _pieces;
    private readonly Lazy<List<KeywordHit>> _hits;
    private readonly Lazy<LineSigns> _signs;

    /// <summary>Joins pieces.</summary>
    public PageLine(int index, int row, List<Piece> pieces)
    {
        (Index, Row, _pieces) = (index, row, pieces);
        Text = LatinText.Of(string.Join(' ', pieces.Select(p => p.Read.Text)));
        Digits = NumberText.Folded(Text);
        (Left, Right, MiddleY, Height) = (pieces.Min(p => p.Left), pieces.Max(p => p.Right), pieces.Average(p => p.MiddleY), pieces.Average(p => p.Height));
        _hits = new(() => KeywordFinder.Find(Text));
        _signs = new(() => LineSigns.Of(this));
    }

    /// <summary>Number of the line.</summary>
    public int Index { get; }

    /// <summary>Number of its row.</summary>
    public int Row { get; }

    /// <summary>What was read.</summary>
    public string Text { get; }

    /// <summary>The same with letters as digits where they stand for them; equally long.</summary>
    public string Digits { get; }

    /// <summary>Left edge.</summary>
    public double Left { get; }

    /// <summary>Right edge.</summary>
    public double Right { get; }

    /// <summary>Middle of its height.</summary>
    public double MiddleY { get; }

    /// <summary>Middle of its width.</summary>
    public double MiddleX => (Left + Right) / 2;

    /// <summary>How high it is.</summary>
    public double Height { get; }

    /// <summary>Upper edge.</summary>
    public double Top => MiddleY - (Height / 2);

    /// <summary>Lower edge.</summary>
    public double Bottom => MiddleY + (Height / 2);

    /// <summary>Words of the lexicon in it.</summary>
    public IReadOnlyList<KeywordHit> Hits => _hits.Value;

    /// <summary>What kind of line it looks like.</summary>
    public LineSigns Signs => _signs.Value;

    /// <summary>Where about a character is, from the left.</summary>
    public double At(int character) => Left + ((Right - Left) * character / Math.Max(1, Text.Length));

    /// <summary>The corners of a part of it on the page.</summary>
    public IEnumerable<PagePoint> Corners(int start, int length)
    {
        var from = 0;
        foreach (var piece in _pieces)
        {
            var (all, box) = (piece.Read.Text.Length, piece.Read.Box);
            var (first, last) = (Math.Max(0, start - from), Math.Min(all, start + length - from));
            from += all + 1;
            if (first >= last) continue;
            var (a, b) = ((double)first / all, (double)last / all);
            yield return Between(box.TopLeft, box.TopRight, a);
            yield return Between(box.TopLeft, box.TopRight, b);
            yield return Between(box.BottomLeft, box.BottomRight, a);
            yield return Between(box.BottomLeft, box.BottomRight, b);
        }
    }

    private static PagePoint Between(PagePoint a, PagePoint b, double share) => new(a.X + ((b.X - a.X) * share), a.Y + ((b.Y - a.Y) * share));
}
