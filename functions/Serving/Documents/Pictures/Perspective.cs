using SkiaSharp;

namespace Serverless.Serving.Documents;

/// <summary>How a flat rectangle is seen from anywhere (Heckbert 1989, Fundamentals of Texture Mapping, 2.2.3).</summary>
internal static class Perspective
{
    /// <summary>The projection that takes the corners of the unit square, clockwise from the origin, to those of a box.</summary>
    public static SKMatrix OfUnitSquare(PageBox box)
    {
        var (a, b, c, d) = (box.TopLeft, box.TopRight, box.BottomRight, box.BottomLeft);
        var (sumX, sumY) = (a.X - b.X + c.X - d.X, a.Y - b.Y + c.Y - d.Y);
        var (g, h) = (0.0, 0.0); // both 0 for a parallelogram
        if (Math.Abs(sumX) > 1e-9 || Math.Abs(sumY) > 1e-9)
        {
            var (x1, y1, x2, y2) = (b.X - c.X, b.Y - c.Y, d.X - c.X, d.Y - c.Y);
            var of = (x1 * y2) - (x2 * y1);
            (g, h) = (((sumX * y2) - (x2 * sumY)) / of, ((x1 * sumY) - (sumX * y1)) / of);
        }

        return new SKMatrix(
            (float)(b.X - a.X + (g * b.X)), (float)(d.X - a.X + (h * d.X)), (float)a.X,
            (float)(b.Y - a.Y + (g * b.Y)), (float)(d.Y - a.Y + (h * d.Y)), (float)a.Y,
            (float)g, (float)h, 1);
    }

    /// <summary>Pixels between two points.</summary>
    public static double Distance(PagePoint from, PagePoint to) => Math.Sqrt(((from.X - to.X) * (from.X - to.X)) + ((from.Y - to.Y) * (from.Y - to.Y)));
}
