namespace Serverless.Serving.Documents;

/// <summary>In which direction the lines of a page run.</summary>
internal static class PageDirection
{
    /// <summary>Long to short side of a box from which on it is a line: its direction says something, and its height.</summary>
    public const double Longish = 3;

    /// <summary>The direction of most text, either way: radians, above -90 and up to 90 degrees. Directions are averaged at twice their angle (Mardia and Jupp 2000), long boxes counting more.</summary>
    public static double Of(IEnumerable<TiltedRectangle> boxes)
    {
        var (x, y) = (1e-9, 0.0);
        foreach (var box in boxes.Where(b => b.Long >= Longish * b.Short))
        {
            var angle = box.Width >= box.Height ? box.Angle : box.Angle + (Math.PI / 2);
            (x, y) = (x + (box.Long * box.Long * Math.Cos(2 * angle)), y + (box.Long * box.Long * Math.Sin(2 * angle)));
        }

        return Math.Atan2(y, x) / 2;
    }

    /// <summary>The box of a region as it is read on a page whose lines run in a direction: long ones as they stand, others as the page does.</summary>
    public static TiltedRectangle Box(TextRegion region, double direction)
    {
        var least = TiltedRectangle.Least(region.Hull);
        if (least.Long < Longish * least.Short) return TiltedRectangle.Around(region.Hull, direction);
        var facing = least.Facing(direction);
        return facing.Width >= facing.Height || facing.Height < Longish * facing.Width ? facing : Narrow(facing);
    }

    // A high and narrow box is one character, or a line up the margin: then it is far longer than a character.
    private static TiltedRectangle Narrow(TiltedRectangle box) => box.Height < 2 * Longish * box.Width ? box : box.Facing(box.Angle - (Math.PI / 2));
}
