namespace Serverless.Serving.Documents;

/// <summary>Finds lines of text on a page with a network of differentiable binarization (Liao et al. 2020). Safe for parallel calls.</summary>
/// <param name="graph">Takes float [1, 3, height, width], gives the probability of text of each pixel.</param>
/// <param name="rules">Thresholds and limits.</param>
internal sealed class TextDetector(ReadingGraph graph, DetectionRules rules)
{
    private const int Multiple = 32;
    private const double MostScale = 3;

    // Heights of regions, which are shrunk lines, in pixels that the network sees: below the first it joins neighbouring lines and misses short ones; the second is
    // well read. Chosen on made-up receipts in several sizes. A gain of less is not worth the time.
    private const double SmallText = 7, ReadableText = 11, LeastGain = 1.25;

    // Of ImageNet, in the order blue, green, red, as the network was trained.
    private static readonly ReadingGraph.Channels Colours = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>
    /// The regions, in pixels of the page. Where text is small in what the network sees, such as on a receipt in a corner of a scanner's glass, the part of the
    /// page that has text is looked at once more, larger.
    /// </summary>
    public IReadOnlyList<TextRegion> Find(Picture page)
    {
        var (width, height) = Size(page.Width, page.Height, rules);
        var found = Look(page, new(0, 0, page.Width, page.Height), width, height);
        if (UsualHeight(found) is not { } usual || usual * width / page.Width >= SmallText) return found;
        var part = Extent(found, page, margin: 3 * usual);
        var scale = Math.Min(Math.Min(MostScale, ReadableText / usual), Math.Sqrt(rules.MaxPixels / part.Area));
        if (scale * page.Width / width < LeastGain) return found;
        (width, height) = Sides(part.Width * scale, part.Height * scale, rules);
        return Look(page, part, width, height);
    }

    /// <summary>The part of the page in which text was found, and a margin around it.</summary>
    private static Part Extent(List<TextRegion> found, Picture page, double margin)
    {
        var points = found.SelectMany(r => r.Hull).ToList();
        return new(
            Math.Max(0, points.Min(p => p.X) - margin),
            Math.Max(0, points.Min(p => p.Y) - margin),
            Math.Min(page.Width, points.Max(p => p.X) + margin),
            Math.Min(page.Height, points.Max(p => p.Y) + margin));
    }

    /// <summary>The median height of regions that are lines, in pixels of the page; null where none is.</summary>
    private static double? UsualHeight(List<TextRegion> found)
    {
        var heights = found.Select(r => TiltedRectangle.Least(r.Hull)).Where(b => b.Long >= PageDirection.Longish * b.Short).Select(b => b.Short).Order().ToList();
        return heights.Count == 0 ? null : heights[heights.Count / 2];
    }

    private List<TextRegion> Look(Picture page, Part part, int width, int height)
    {
        using var scaled = page.Straightened(part.Box, width, height);
        var values = new float[3 * width * height];
        ReadingGraph.Fill(values, 0, width, scaled, Colours);
        var (map, shape) = graph.Run(values, [1, 3, height, width]);
        if (shape is not [1, 1, var h, var w] || h != height || w != width) throw new InvalidModelException("The graph that finds text gives another map than it was given a page: register the reader again.");
        var (x, y) = (part.Width / width, part.Height / height);
        return [.. TextRegions.Of(map, width, height, rules).Select(r => r with { Hull = [.. r.Hull.Select(p => new PagePoint(part.Left + (p.X * x), part.Top + (p.Y * y)))] })];
    }

    /// <summary>In which size a page is looked at first: sides that are multiples of 32, within the bound of pixels.</summary>
    internal static (int Width, int Height) Size(int width, int height, DetectionRules rules)
    {
        var scale = Math.Clamp((double)rules.LeastSide / Math.Min(width, height), 1, MostScale);
        scale = Math.Min(scale, Math.Sqrt((double)rules.MaxPixels / ((double)width * height)));
        return Sides(width * scale, height * scale, rules);
    }

    private static (int Width, int Height) Sides(double width, double height, DetectionRules rules)
    {
        var (w, h) = (Rounded(width), Rounded(height));

        // Of a page that is far longer than wide, rounding the short side up may break the bound: the long side gives way.
        var most = rules.MaxPixels / Multiple * 1.05;
        return w < h ? (w, Math.Min(h, Down(most * Multiple / w))) : (Math.Min(w, Down(most * Multiple / h)), h);
    }

    private static int Rounded(double side) => Math.Max(1, (int)Math.Round(side / Multiple)) * Multiple;

    private static int Down(double side) => Math.Max(1, (int)(side / Multiple)) * Multiple;

    /// <summary>A part of a page, in its pixels.</summary>
    private readonly record struct Part(double Left, double Top, double Right, double Bottom)
    {
        public double Width => Right - Left;

        public double Height => Bottom - Top;

        public double Area => Width * Height;

        public PageBox Box => new(new(Left, Top), new(Right, Top), new(Right, Bottom), new(Left, Bottom));
    }
}
