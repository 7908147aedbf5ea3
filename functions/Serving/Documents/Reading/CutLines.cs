namespace Serverless.Serving.Documents;

/// <summary>
/// Lines that detection cut in two. Regions are widened before they are read; where two of one line overlap then, both hold the character at the cut, and it
/// would be read twice or not at all.
/// </summary>
internal static class CutLines
{
    // Shares of a line's height. Columns that stand close overlap less; the parts of a line are as high and as far down.
    private const double LeastOverlap = 0.35, MostOverlap = 1.5, MostStep = 0.15, MostGrowth = 1.2, MostTurn = 0.05;

    /// <summary>The boxes, those of a cut line as one.</summary>
    /// <param name="boxes">Widened, each read along its width.</param>
    public static TiltedRectangle[] Joined(IEnumerable<TiltedRectangle> boxes)
    {
        List<TiltedRectangle> lines = [.. boxes];
        for (var i = 0; i < lines.Count; i++)
        {
            for (var j = 0; j < lines.Count; j++)
            {
                if (i == j || !GoesOn(lines[i], lines[j])) continue;
                lines[i] = Both(lines[i], lines[j]);
                lines.RemoveAt(j);
                if (j < i) i--;
                j = -1; // the longer line may meet another
            }
        }

        return [.. lines];
    }

    private static bool GoesOn(TiltedRectangle line, TiltedRectangle next)
    {
        var height = Math.Min(line.Height, next.Height);
        if (Math.Max(line.Height, next.Height) > MostGrowth * height || Math.Abs(Math.IEEERemainder(line.Angle - next.Angle, 2 * Math.PI)) > MostTurn) return false;
        var (right, down, reach) = (next.Centre.X - line.Centre.X, next.Centre.Y - line.Centre.Y, (line.Width + next.Width) / 2);
        if ((right * right) + (down * down) > reach * reach) return false; // most are: no angle need be looked up
        var (cos, sin) = (Math.Cos(line.Angle), Math.Sin(line.Angle));
        var (end, start) = (line.Middle(1), next.Middle(-1));
        var (x, y) = (end.X - start.X, end.Y - start.Y);
        var (overlap, step) = ((x * cos) + (y * sin), (y * cos) - (x * sin));
        return overlap >= LeastOverlap * height && overlap <= Math.Min(MostOverlap * height, Math.Min(line.Width, next.Width)) && Math.Abs(step) <= MostStep * height;
    }

    private static TiltedRectangle Both(TiltedRectangle line, TiltedRectangle next)
    {
        var (a, b) = (line.Box(), next.Box());
        return TiltedRectangle.Around([a.TopLeft, a.TopRight, a.BottomRight, a.BottomLeft, b.TopLeft, b.TopRight, b.BottomRight, b.BottomLeft], (line.Width >= next.Width ? line : next).Angle);
    }
}
