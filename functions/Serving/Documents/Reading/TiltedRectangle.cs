namespace Serverless.Serving.Documents;

/// <summary>A rectangle in any direction.</summary>
/// <param name="Centre">Its middle.</param>
/// <param name="Angle">Direction of its width: radians, clockwise on a page from pointing right.</param>
/// <param name="Width">Along <paramref name="Angle"/>, in pixels.</param>
/// <param name="Height">Across, in pixels.</param>
internal readonly record struct TiltedRectangle(PagePoint Centre, double Angle, double Width, double Height)
{
    /// <summary>The longer side.</summary>
    public double Long => Math.Max(Width, Height);

    /// <summary>The shorter side.</summary>
    public double Short => Math.Min(Width, Height);

    /// <summary>The smallest rectangle in a direction around points.</summary>
    public static TiltedRectangle Around(IReadOnlyList<PagePoint> points, double angle)
    {
        var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
        var (left, right, top, bottom) = (double.MaxValue, double.MinValue, double.MaxValue, double.MinValue);
        foreach (var p in points)
        {
            var (along, across) = ((p.X * cos) + (p.Y * sin), (p.Y * cos) - (p.X * sin));
            (left, right, top, bottom) = (Math.Min(left, along), Math.Max(right, along), Math.Min(top, across), Math.Max(bottom, across));
        }

        var (x, y) = ((left + right) / 2, (top + bottom) / 2);
        return new(new((x * cos) - (y * sin), (x * sin) + (y * cos)), angle, right - left, bottom - top);
    }

    /// <summary>The rectangle of least area around a convex hull: it has a side in common with it (Freeman and Shapira 1975), so each side is tried.</summary>
    public static TiltedRectangle Least(IReadOnlyList<PagePoint> hull)
    {
        var least = Around(hull, 0);
        for (int i = 0, j = hull.Count - 1; i < hull.Count; j = i++)
        {
            var tried = Around(hull, Math.Atan2(hull[i].Y - hull[j].Y, hull[i].X - hull[j].X));
            if (tried.Width * tried.Height < least.Width * least.Height) least = tried;
        }

        return least;
    }

    /// <summary>The corners of the convex hull, clockwise on a page (Andrew's monotone chain, 1979); points on its sides are none.</summary>
    public static List<PagePoint> Hull(IEnumerable<PagePoint> points)
    {
        PagePoint[] sorted = [.. points.Distinct().OrderBy(p => p.X).ThenBy(p => p.Y)];
        if (sorted.Length < 3) return [.. sorted];
        var hull = new List<PagePoint>();
        foreach (var half in new[] { sorted, [.. sorted.Reverse()] })
        {
            var from = hull.Count;
            foreach (var p in half)
            {
                while (hull.Count - from >= 2 && Turn(hull[^2], hull[^1], p) <= 0) hull.RemoveAt(hull.Count - 1);
                hull.Add(p);
            }

            hull.RemoveAt(hull.Count - 1); // it begins the other half
        }

        return hull;
    }

    /// <summary>Widened on every side.</summary>
    public TiltedRectangle Widened(double by) => this with { Width = Width + (2 * by), Height = Height + (2 * by) };

    /// <summary>The same rectangle with its width in one of its four directions: the nearest to a given one, in radians.</summary>
    public TiltedRectangle Facing(double direction)
    {
        var quarters = (int)Math.Round((direction - Angle) / (Math.PI / 2));
        var turned = this with { Angle = Angle + (quarters * Math.PI / 2) };
        return int.IsEvenInteger(quarters) ? turned : turned with { Width = Height, Height = Width };
    }

    /// <summary>Whether a point lies in it.</summary>
    public bool Holds(double x, double y)
    {
        var (cos, sin, dx, dy) = (Math.Cos(Angle), Math.Sin(Angle), x - Centre.X, y - Centre.Y);
        return Math.Abs((dx * cos) + (dy * sin)) <= Width / 2 && Math.Abs((dy * cos) - (dx * sin)) <= Height / 2;
    }

    /// <summary>The middle of the side at its end (1) or start (-1).</summary>
    public PagePoint Middle(int side) => new(Centre.X + (side * Width / 2 * Math.Cos(Angle)), Centre.Y + (side * Width / 2 * Math.Sin(Angle)));

    /// <summary>Its corners, for who reads along its width.</summary>
    public PageBox Box()
    {
        var (cos, sin, centre) = (Math.Cos(Angle), Math.Sin(Angle), Centre);
        var (w, h) = (Width / 2, Height / 2);
        PagePoint Corner(double along, double across) => new(centre.X + (along * cos) - (across * sin), centre.Y + (along * sin) + (across * cos));
        return new(Corner(-w, -h), Corner(w, -h), Corner(w, h), Corner(-w, h));
    }

    private static double Turn(PagePoint a, PagePoint b, PagePoint c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
