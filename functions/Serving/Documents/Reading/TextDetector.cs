namespace Serverless.Serving.Documents;

/// <summary>Finds lines of text on a page with a network of differentiable binarization (Liao et al. 2020). Safe for parallel calls.</summary>
/// <param name="graph">Takes float [1, 3, height, width], gives the probability of text of each pixel.</param>
/// <param name="rules">Thresholds and limits.</param>
internal sealed class TextDetector(PictureGraph graph, DetectionRules rules)
{
    private const int Multiple = 32;
    private const double MostScale = 3;

    // Of ImageNet, in the order blue, green, red, as the network was trained.
    private static readonly PictureGraph.Channels Colours = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>The regions, in pixels of the page.</summary>
    public IReadOnlyList<TextRegion> Find(Picture page)
    {
        var (width, height) = Size(page.Width, page.Height, rules);
        using var scaled = page.Scaled(width, height);
        var values = new float[3 * width * height];
        PictureGraph.Fill(values, 0, width, scaled, Colours);
        var (map, shape) = graph.Run(values, [1, 3, height, width]);
        if (shape is not [1, 1, var h, var w] || h != height || w != width) throw new InvalidModelException("The graph that finds text gives another map than it was given a page: register the reader again.");
        var (x, y) = ((double)page.Width / width, (double)page.Height / height);
        return [.. TextRegions.Of(map, width, height, rules).Select(r => r with { Hull = [.. r.Hull.Select(p => new PagePoint(p.X * x, p.Y * y))] })];
    }

    /// <summary>In which size a page is looked at: sides that are multiples of 32, within the bound of pixels.</summary>
    internal static (int Width, int Height) Size(int width, int height, DetectionRules rules)
    {
        var scale = Math.Clamp((double)rules.LeastSide / Math.Min(width, height), 1, MostScale);
        scale = Math.Min(scale, Math.Sqrt((double)rules.MaxPixels / ((double)width * height)));
        var (w, h) = (Rounded(width * scale), Rounded(height * scale));

        // Of a page that is far longer than wide, rounding the short side up may break the bound: the long side gives way.
        var most = rules.MaxPixels / Multiple * 1.05;
        return w < h ? (w, Math.Min(h, Down(most * Multiple / w))) : (Math.Min(w, Down(most * Multiple / h)), h);
    }

    private static int Rounded(double side) => Math.Max(1, (int)Math.Round(side / Multiple)) * Multiple;

    private static int Down(double side) => Math.Max(1, (int)(side / Multiple)) * Multiple;
}
