using System.Globalization;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace Serverless.Serving.Documents;

/// <summary>
/// Decodes PNG, JPEG and WebP from bytes that may be anything. What the file is, its first bytes tell; its size is read from its header and checked
/// before a pixel is allocated. The picture is turned upright as its EXIF says, has the colours of sRGB (from CMYK, 16 bits, grey and palettes too) and
/// stands on white where it was transparent. Nothing else of the file is kept: no EXIF, no profile, no thumbnail. A JPEG has no check sums: one
/// that is damaged inside and has its end is decoded to what is left of it.
/// </summary>
public static class PictureFile
{
    private const string SendAnother = "send it as PNG, JPEG or WebP", SendSmaller = "send it smaller; 2,000 pixels across a page are ample";

    /// <summary>Decodes.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="limits">What is refused; null for the defaults.</param>
    /// <returns>The picture, to be disposed of; rejected when the file is no picture, damaged, cut off, animated, or beyond a limit.</returns>
    public static Outcome<Picture> Decode(ReadOnlySpan<byte> file, PictureLimits? limits = null)
    {
        limits ??= new();
        if (file.IsEmpty) return Rejected($"The file is empty: {SendAnother}.");
        if (file.Length > limits.MaxBytes) return Rejected($"The file has {file.Length} bytes and may have {limits.MaxBytes}: send the picture smaller, or as JPEG.");
        if (PictureKind.Of(file) is not { } kind) return Rejected($"The file is no picture, whatever its name says: {SendAnother}.");
        if (kind is not (PictureKind.Png or PictureKind.Jpeg or PictureKind.WebP)) return Rejected($"The file is {kind}, whatever its name says: {SendAnother}.");
        if (PictureKind.IsAnimated(kind, file)) return Rejected($"The {kind} is animated: send one picture that stands still.");
        if (!PictureKind.HasEnd(kind, file)) return Rejected($"The {kind} is cut off or damaged: send the whole file.");
        if (kind == PictureKind.Jpeg && PictureKind.Scans(file) > limits.MaxScans)
            return Rejected($"The JPEG has more than {limits.MaxScans} scans: save it again with a usual program.");

        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        if (codec is null) return Rejected($"The {kind} cannot be read, or has no pixels: it is damaged or cut off, send it again.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width < 1 || height < 1) return Rejected($"The {kind} has no pixels: send it again.");
        if (width > limits.MaxSide || height > limits.MaxSide || (long)width * height > limits.MaxPixels)
        {
            return Rejected($"The {kind} says that it has {width} x {height} pixels, and may have {limits.MaxPixels} in all and {limits.MaxSide} a side: {SendSmaller}.");
        }

        if (codec.FrameCount > 1) return Rejected($"The {kind} is animated: send one picture that stands still.");
        return Decode(codec, kind);
    }

    private static Outcome<Picture> Decode(SKCodec codec, string kind)
    {
        var opaque = codec.Info.AlphaType == SKAlphaType.Opaque;
        using var sRgb = SKColorSpace.CreateSrgb();
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, opaque ? SKAlphaType.Opaque : SKAlphaType.Premul, sRgb);
        var pixels = Picture.Allocate(info);
        try
        {
            var result = codec.GetPixels(info, pixels.GetPixels());
            if (result != SKCodecResult.Success)
            {
                pixels.Dispose();
                return Rejected(result switch
                {
                    SKCodecResult.IncompleteInput => $"The {kind} is cut off: send the whole file.",
                    SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => $"The {kind} is damaged: send it again.",
                    _ => $"The {kind} is of a form that cannot be read ({result}): save it again, as PNG of 8 bits.",
                });
            }

            if (!opaque) OnWhite(MemoryMarshal.Cast<byte, uint>(Picture.Writable(pixels)));
            if (codec.EncodedOrigin == SKEncodedOrigin.TopLeft) return Picture.Taking(pixels);
            using var lying = pixels;
            return Picture.Upright(lying, codec.EncodedOrigin);
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }

    // Colours are multiplied with their opacity already: what is missing to it is white.
    private static void OnWhite(Span<uint> pixels)
    {
        foreach (ref var pixel in pixels) pixel += (255 - (pixel >> 24)) * 0x01010101u;
    }

    private static Outcome<Picture> Rejected(FormattableString reason) => Outcome<Picture>.Reject(reason.ToString(CultureInfo.InvariantCulture));
}
