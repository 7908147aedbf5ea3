using Serverless.Serving.Documents;
using SkiaSharp;

namespace Serverless.Training.Samples;

/// <summary>How the points of a sheet move when it is turned, moved and seen from aside: the projective map of a rectangle onto four corners (Heckbert 1989).</summary>
internal sealed class Homography
{
    private readonly double _a, _b, _c, _d, _e, _f, _g, _h;

    /// <summary>Finds the map.</summary>
    /// <param name="width">Of the rectangle, whose first corner is 0, 0.</param>
    /// <param name="height">Of the rectangle.</param>
    /// <param name="to">Where its upper left, upper right, lower right and lower left go.</param>
    public Homography(double width, double height, PageBox to)
    {
        var (p0, p1, p2, p3) = (to.TopLeft, to.TopRight, to.BottomRight, to.BottomLeft);
        var (sx, sy) = (p0.X - p1.X + p2.X - p3.X, p0.Y - p1.Y + p2.Y - p3.Y);
        var (dx1, dx2, dy1, dy2) = (p1.X - p2.X, p3.X - p2.X, p1.Y - p2.Y, p3.Y - p2.Y);
        var whole = (dx1 * dy2) - (dx2 * dy1);
        var (g, h) = (((sx * dy2) - (dx2 * sy)) / whole, ((dx1 * sy) - (sx * dy1)) / whole);
        (_a, _b, _c) = ((p1.X - p0.X + (g * p1.X)) / width, (p3.X - p0.X + (h * p3.X)) / height, p0.X);
        (_d, _e, _f) = ((p1.Y - p0.Y + (g * p1.Y)) / width, (p3.Y - p0.Y + (h * p3.Y)) / height, p0.Y);
        (_g, _h) = (g / width, h / height);
    }

    /// <summary>The same for drawing.</summary>
    public SKMatrix Matrix => new((float)_a, (float)_b, (float)_c, (float)_d, (float)_e, (float)_f, (float)_g, (float)_h, 1);

    /// <summary>Where a point goes.</summary>
    public PagePoint Of(PagePoint point)
    {
        var depth = (_g * point.X) + (_h * point.Y) + 1;
        return new(((_a * point.X) + (_b * point.Y) + _c) / depth, ((_d * point.X) + (_e * point.Y) + _f) / depth);
    }

    /// <summary>Where the corners of an upright box go.</summary>
    public PageBox Of(double left, double top, double right, double bottom) =>
        new(Of(new(left, top)), Of(new(right, top)), Of(new(right, bottom)), Of(new(left, bottom)));
}
