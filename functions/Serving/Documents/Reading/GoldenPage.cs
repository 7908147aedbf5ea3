using System.Globalization;

namespace Serverless.Serving.Documents;

/// <summary>A page with the lines that were read when the version was registered; <c>golden.json</c>. It is drawn for that, and nobody's document.</summary>
/// <param name="Picture">The page as PNG.</param>
/// <param name="Lines">What is read on it.</param>
public sealed record GoldenPage(byte[] Picture, IReadOnlyList<ReadLine> Lines)
{
    private const double ConfidenceWithin = 0.02, PixelsWithin = 2;

    /// <summary>The page, decoded.</summary>
    /// <exception cref="InvalidModelException">It is no picture.</exception>
    public Picture Open() => PictureFile.Decode(Picture) is Outcome<Picture>.Done { Value: var page } ? page : throw new InvalidModelException($"'{PageReader.GoldenFile}' holds no picture: register the reader again.");

    /// <summary>Compares with what is read now.</summary>
    /// <exception cref="InvalidModelException">It differs.</exception>
    public void Check(ReadPage page)
    {
        if (page.Lines.Count != Lines.Count) throw Differs($"{page.Lines.Count} lines are read instead of {Lines.Count}");
        foreach (var (i, (is_, was)) in page.Lines.Zip(Lines).Index())
        {
            if (is_.Text != was.Text) throw Differs($"line {i + 1} is read otherwise");
            if (!(Math.Abs(is_.Confidence - was.Confidence) <= ConfidenceWithin)) throw Differs($"line {i + 1} is read with another confidence");
            var moved = Corners(is_.Box).Zip(Corners(was.Box), Perspective.Distance).Max();
            if (!(moved <= PixelsWithin)) throw Differs(string.Create(CultureInfo.InvariantCulture, $"line {i + 1} stands {moved:0.#} pixels elsewhere"));
        }
    }

    private static PagePoint[] Corners(PageBox box) => [box.TopLeft, box.TopRight, box.BottomRight, box.BottomLeft];

    private static InvalidModelException Differs(string how) => new($"The golden page is not read as when the version was registered: {how}.");
}
