using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Documents;

/// <summary>
/// What is refused before a picture is decoded. Decoding holds 4 bytes for each pixel, a progressive JPEG up to 6 more while it is read, and
/// turning a picture upright 4 more behind that: at most 10 bytes for each of <see cref="MaxPixels"/>, 500 MB by default.
/// </summary>
public sealed record PictureLimits
{
    /// <summary>Most bytes of a file.</summary>
    [Range(1, 1 << 28)]
    public int MaxBytes { get; init; } = 20 << 20;

    /// <summary>Most pixels, width times height; an A4 page scanned with 600 dots an inch has 35 million.</summary>
    [Range(1, 250_000_000)]
    public int MaxPixels { get; init; } = 50_000_000;

    /// <summary>Most pixels of a side.</summary>
    [Range(1, 65_535)]
    public int MaxSide { get; init; } = 20_000;

    /// <summary>Most scans of a JPEG. Usual ones have 1 to 20; each goes over all pixels, so thousands are an attack on time.</summary>
    [Range(1, 10_000)]
    public int MaxScans { get; init; } = 100;
}
