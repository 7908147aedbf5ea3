using System.Runtime.InteropServices;
using SkiaSharp;

namespace Serverless.Serving.Documents;

/// <summary>
/// A picture in memory: width times height pixels of red, green, blue (sRGB, 0 to 255) and 255, row after row from the upper left. It never changes; what
/// makes another of it returns a new one. Safe for parallel reading until disposed.
/// </summary>
public sealed class Picture : IDisposable
{
    private readonly SKBitmap _bitmap;
    private readonly SKImage _image; // keeps its smaller copies, so that many crops of one picture make them once

    private Picture(SKBitmap bitmap)
    {
        bitmap.SetImmutable(); // then the image shares its pixels
        (_bitmap, _image) = (bitmap, SKImage.FromBitmap(bitmap));
    }

    /// <summary>Pixels from left to right.</summary>
    public int Width => _bitmap.Width;

    /// <summary>Pixels from top to bottom.</summary>
    public int Height => _bitmap.Height;

    /// <summary>The pixels, 4 bytes each: red, green, blue, 255.</summary>
    public ReadOnlySpan<byte> Pixels => _bitmap.GetPixelSpan();

    /// <summary>A picture of given pixels.</summary>
    /// <param name="width">Pixels from left to right, at least 1.</param>
    /// <param name="height">Pixels from top to bottom, at least 1.</param>
    /// <param name="rgb">Red, green and blue of each pixel, row after row.</param>
    /// <exception cref="ArgumentException">The numbers do not fit each other.</exception>
    public static Picture Of(int width, int height, ReadOnlySpan<byte> rgb)
    {
        if (width < 1 || height < 1 || rgb.Length != 3L * width * height) throw new ArgumentException($"{rgb.Length} bytes are not 3 for each of {width} x {height} pixels.", nameof(rgb));
        var bitmap = Allocate(Info(width, height));
        var pixels = Writable(bitmap);
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4) (pixels[to], pixels[to + 1], pixels[to + 2], pixels[to + 3]) = (rgb[from], rgb[from + 1], rgb[from + 2], 255);
        return new Picture(bitmap);
    }

    /// <summary>The same in another size; what becomes smaller is averaged, not skipped.</summary>
    public Picture Scaled(int width, int height) =>
        Drawn(width, height, canvas =>
        {
            canvas.Scale((float)width / Width, (float)height / Height);
            canvas.DrawImage(_image, 0, 0, Sampling(Math.Min((double)width / Width, (double)height / Height)));
        });

    /// <summary>Turned clockwise.</summary>
    /// <param name="quarters">By how many times 90 degrees; negative ones turn the other way.</param>
    public Picture Turned(int quarters) => Upright(_bitmap, (quarters & 3) switch
    {
        1 => SKEncodedOrigin.RightTop,
        2 => SKEncodedOrigin.BottomRight,
        3 => SKEncodedOrigin.LeftBottom,
        _ => SKEncodedOrigin.TopLeft,
    });

    /// <summary>A part of it. What lies outside is white.</summary>
    /// <param name="x">Where it begins, from the left.</param>
    /// <param name="y">Where it begins, from the top.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    public Picture Cropped(int x, int y, int width, int height) => Drawn(width, height, canvas => canvas.DrawImage(_image, -x, -y, SKSamplingOptions.Default));

    /// <summary>A part that stands askew, or is seen from the side, as if looked at straight. What lies outside is white.</summary>
    /// <param name="box">Its corners here: they become those of the new picture, in their order.</param>
    /// <param name="width">Width of the new picture.</param>
    /// <param name="height">Its height.</param>
    /// <exception cref="ArgumentException">Three of the corners lie on a line.</exception>
    public Picture Straightened(PageBox box, int width, int height)
    {
        var there = Perspective.OfUnitSquare(box);
        if (!SKMatrix.Concat(there, SKMatrix.CreateScale(1f / width, 1f / height)).TryInvert(out var back)) throw new ArgumentException("Three corners lie on a line.", nameof(box));
        var shrink = Math.Min(width / Math.Max(1, Perspective.Distance(box.TopLeft, box.TopRight)), height / Math.Max(1, Perspective.Distance(box.TopLeft, box.BottomLeft)));
        return Drawn(width, height, canvas =>
        {
            canvas.SetMatrix(back);
            canvas.DrawImage(_image, 0, 0, Sampling(shrink));
        });
    }

    /// <summary>How light each pixel is, 0 (black) to 1 (white), row after row: luma of ITU-R BT.601.</summary>
    public float[] Grey()
    {
        var grey = new float[Width * Height];
        var pixels = Pixels;
        for (int i = 0, at = 0; i < grey.Length; i++, at += 4) grey[i] = ((0.299f * pixels[at]) + (0.587f * pixels[at + 1]) + (0.114f * pixels[at + 2])) / 255;
        return grey;
    }

    /// <summary>Red of all pixels, then green, then blue, each 0 to 1: [3, height, width] as networks take it.</summary>
    public float[] Rgb()
    {
        var size = Width * Height;
        var planes = new float[3 * size];
        var pixels = Pixels;
        for (int i = 0, at = 0; i < size; i++, at += 4)
        {
            planes[i] = pixels[at] / 255f;
            planes[size + i] = pixels[at + 1] / 255f;
            planes[(2 * size) + i] = pixels[at + 2] / 255f;
        }

        return planes;
    }

    /// <summary>The picture as PNG, without any metadata.</summary>
    public byte[] ToPng()
    {
        using var data = _image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The picture as JPEG, without any metadata.</summary>
    /// <param name="quality">1 to 100.</param>
    public byte[] ToJpeg(int quality = 85)
    {
        using var data = _image.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _image.Dispose();
        _bitmap.Dispose();
    }

    /// <summary>The picture of a bitmap that is its own from now on.</summary>
    internal static Picture Taking(SKBitmap bitmap) => new(bitmap);

    /// <summary>Memory for pixels.</summary>
    /// <exception cref="InsufficientMemoryException">There is none.</exception>
    internal static SKBitmap Allocate(SKImageInfo info)
    {
        var bitmap = new SKBitmap();
        if (bitmap.TryAllocPixels(info)) return bitmap;
        bitmap.Dispose();
        throw new InsufficientMemoryException($"There is no memory for {info.Width} x {info.Height} pixels.");
    }

    /// <summary>The pixels of a bitmap that nobody else knows yet.</summary>
    internal static Span<byte> Writable(SKBitmap bitmap)
    {
        var pixels = bitmap.GetPixelSpan();
        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(pixels), pixels.Length);
    }

    /// <summary>A copy that is turned and mirrored as a file's origin asks for (Exif 2.32, 4.6.4 A, tag Orientation).</summary>
    internal static Picture Upright(SKBitmap from, SKEncodedOrigin origin)
    {
        var (w, h) = (from.Width, from.Height);
        var (start, right, down) = origin switch // of the pixel that becomes the upper left one, and from each to the one that becomes its neighbour
        {
            SKEncodedOrigin.TopRight => (w - 1, -1, w),
            SKEncodedOrigin.BottomRight => ((w * h) - 1, -1, -w),
            SKEncodedOrigin.BottomLeft => (w * (h - 1), 1, -w),
            SKEncodedOrigin.LeftTop => (0, w, 1),
            SKEncodedOrigin.RightTop => (w * (h - 1), -w, 1),
            SKEncodedOrigin.RightBottom => ((w * h) - 1, -w, -1),
            SKEncodedOrigin.LeftBottom => (w - 1, w, -1),
            _ => (0, 1, w),
        };
        var lies = Math.Abs(right) != 1 || (w == 1 && origin >= SKEncodedOrigin.LeftTop);
        var turned = Allocate(lies ? Info(h, w) : Info(w, h));
        var source = MemoryMarshal.Cast<byte, uint>(from.GetPixelSpan());
        var target = MemoryMarshal.Cast<byte, uint>(Writable(turned));
        for (int y = 0, to = 0; y < turned.Height; y++)
            for (int x = 0, at = start + (y * down); x < turned.Width; x++, at += right) target[to++] = source[at];
        return new Picture(turned);
    }

    private static Picture Drawn(int width, int height, Action<SKCanvas> draw)
    {
        var bitmap = Allocate(Info(width, height));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.White);
            draw(canvas);
        }

        return new Picture(bitmap);
    }

    private static SKSamplingOptions Sampling(double scale) => scale < 0.75 ? new(SKFilterMode.Linear, SKMipmapMode.Linear) : new(SKFilterMode.Linear);

    private static SKImageInfo Info(int width, int height) => new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
}
