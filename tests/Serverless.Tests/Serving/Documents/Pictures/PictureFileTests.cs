using Serverless.Serving;
using Serverless.Serving.Documents;
using SkiaSharp;

namespace Serverless.Tests.Serving.Documents.Pictures;

public class PictureFileTests
{
    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Picture_of_each_kind_is_decoded(SKEncodedImageFormat format)
    {
        using var picture = Decoded(DrawnFiles.Encoded(format, 64, 48));
        Assert.Equal((64, 48), (picture.Width, picture.Height));
        AssertNear([255, 0, 0], At(picture, 12, 24), 12);
        AssertNear([0, 0, 255], At(picture, 52, 24), 12);
        Assert.All(picture.Pixels.ToArray().Where((_, i) => i % 4 == 3), a => Assert.Equal(255, a));
    }

    [Fact]
    public void Cmyk_becomes_red_green_blue()
    {
        using var paper = Decoded(DrawnFiles.CmykJpeg(255, 255, 255, 255));
        AssertNear([255, 255, 255], At(paper, 3, 3), 3);
        using var cyan = Decoded(DrawnFiles.CmykJpeg(0, 255, 255, 255));
        AssertNear([0, 255, 255], At(cyan, 3, 3), 3);
        using var black = Decoded(DrawnFiles.CmykJpeg(255, 255, 255, 0));
        AssertNear([0, 0, 0], At(black, 3, 3), 3);
    }

    [Fact]
    public void Sixteen_bits_become_eight()
    {
        using var picture = Decoded(DrawnFiles.Png(2, 1, 16, 2, [0, 0x12, 0x34, 0x80, 0x00, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0]));
        AssertNear([0x12, 0x80, 0xFF], At(picture, 0, 0), 1);
        AssertNear([0, 0, 0], At(picture, 1, 0), 0);
        using var grey = Decoded(DrawnFiles.Png(1, 1, 16, 0, [0, 0x7F, 0xFF]));
        AssertNear([0x80, 0x80, 0x80], At(grey, 0, 0), 1);
    }

    [Fact]
    public void Black_and_white_scan_of_one_bit_is_decoded()
    {
        using var picture = Decoded(DrawnFiles.Png(8, 1, 1, 0, [0, 0b0101_0101]));
        AssertNear([0, 0, 0], At(picture, 0, 0), 0);
        AssertNear([255, 255, 255], At(picture, 1, 0), 0);
    }

    [Fact]
    public void Transparent_picture_stands_on_white()
    {
        using var picture = Decoded(DrawnFiles.Png(3, 1, 8, 6, [0, 200, 0, 0, 0, 0, 0, 0, 128, 0, 0, 0, 255]));
        AssertNear([255, 255, 255], At(picture, 0, 0), 0);
        AssertNear([127, 127, 127], At(picture, 1, 0), 1);
        AssertNear([0, 0, 0], At(picture, 2, 0), 0);
    }

    /// <summary>Where the upper left corner of what the camera stored is on the upright picture (Exif 2.32).</summary>
    [Theory]
    [InlineData(1, false, 0, 0)]
    [InlineData(2, false, 1, 0)]
    [InlineData(3, false, 1, 1)]
    [InlineData(4, false, 0, 1)]
    [InlineData(5, true, 0, 0)]
    [InlineData(6, true, 1, 0)]
    [InlineData(7, true, 1, 1)]
    [InlineData(8, true, 0, 1)]
    public void Orientation_of_exif_is_applied_and_dropped(byte orientation, bool turned, int right, int down)
    {
        using var picture = Decoded(DrawnFiles.WithOrientation(Corner(), orientation));
        Assert.Equal(turned ? (32, 48) : (48, 32), (picture.Width, picture.Height));
        AssertNear([0, 0, 0], At(picture, right * (picture.Width - 8) + 4, down * (picture.Height - 8) + 4), 20);
        AssertNear([255, 255, 255], At(picture, (1 - right) * (picture.Width - 8) + 4, (1 - down) * (picture.Height - 8) + 4), 20);
        Assert.DoesNotContain("Exif", System.Text.Encoding.Latin1.GetString(picture.ToJpeg()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Cut_off_picture_is_rejected(SKEncodedImageFormat format)
    {
        var file = DrawnFiles.Encoded(format, 300, 200);
        foreach (var share in new[] { 0.02, 0.3, 0.5, 0.9, 0.99 })
            Assert.Matches("cut off|damaged", Reason(file[..Math.Max(16, (int)(file.Length * share))]));
    }

    [Fact]
    public void Damaged_picture_is_rejected()
    {
        var file = DrawnFiles.Encoded(SKEncodedImageFormat.Png, 300, 200);
        for (var i = 60; i < 80; i++) file[i] ^= 0x5A;
        Assert.Contains("damaged", Reason(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0], "empty")]
    [InlineData(new byte[] { 1, 2, 3 }, "no picture")]
    [InlineData(new byte[] { 0x25, 0x50, 0x44, 0x46, 0x2D }, "PDF")]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4 }, "ZIP")]
    [InlineData(new byte[] { 0x42, 0x4D, 3, 4 }, "BMP")]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF }, "cut off")]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xD9 }, "cannot be read")]
    [InlineData(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }, "cut off")]
    public void File_that_is_no_picture_is_rejected_by_its_content(byte[] file, string because) => Assert.Contains(because, Reason(file), StringComparison.Ordinal);

    [Fact]
    public void Text_with_the_name_of_a_picture_is_rejected() => Assert.Contains("no picture", Reason("Dear bank, this is my payslip.png"u8.ToArray()), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(0, 0)]
    public void Picture_without_pixels_is_rejected(int width, int height) => Assert.Contains("no pixels", Reason(DrawnFiles.Png(width, height, 8, 0, [0])), StringComparison.Ordinal);

    [Theory]
    [InlineData(30_000, 30_000)]
    [InlineData(20_001, 1)]
    [InlineData(1, 20_001)]
    [InlineData(7_072, 7_072)]
    public void Picture_beyond_the_limits_is_rejected_by_its_header(int width, int height) => // whose pixels are not there: who looked for them would say so
        Assert.Contains($"{width} x {height}", Reason(DrawnFiles.Png(width, height, 8, 2, new byte[1_000])), StringComparison.Ordinal);

    [Fact]
    public void Claim_of_two_thousand_million_pixels_a_side_is_rejected() => Assert.Matches("says that it has|damaged", Reason(DrawnFiles.Png(int.MaxValue, int.MaxValue, 8, 6, [0])));

    [Fact]
    public void File_of_too_many_bytes_is_rejected()
    {
        var file = DrawnFiles.Encoded(SKEncodedImageFormat.Png);
        Assert.Contains("bytes and may have", Reason(file, new PictureLimits { MaxBytes = file.Length - 1 }), StringComparison.Ordinal);
        Decoded(file, new PictureLimits { MaxBytes = file.Length }).Dispose();
    }

    [Fact]
    public void Animated_pictures_are_rejected()
    {
        Assert.Contains("GIF", Reason(DrawnFiles.AnimatedGif()), StringComparison.Ordinal);
        Assert.Contains("animated", Reason(DrawnFiles.AnimatedWebP()), StringComparison.Ordinal);
        Assert.Contains("animated", Reason(DrawnFiles.Png(1, 1, 8, 0, [0, 0], ("acTL", [0, 0, 0, 2, 0, 0, 0, 0]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Jpeg_of_thousands_of_scans_is_rejected()
    {
        var file = DrawnFiles.Encoded(SKEncodedImageFormat.Jpeg);
        byte[] scans = [.. file[..^2], .. Enumerable.Repeat(new byte[] { 0xFF, 0xDA }, 101).SelectMany(b => b), 0xFF, 0xD9];
        Assert.Contains("scans", Reason(scans), StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_chunks_of_a_png_end_the_look_for_animation()
    {
        var file = DrawnFiles.Png(1, 1, 8, 0, [0, 0]);
        file[8] = 0xFF; // IHDR of 4 GB
        Assert.Contains("cut off or damaged", Reason(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Picture_that_lost_its_middle_is_rejected(SKEncodedImageFormat format)
    {
        var file = DrawnFiles.Encoded(format, 300, 200);
        byte[] holed = [.. file[..(file.Length / 2)], .. file[^14..]];
        if (format == SKEncodedImageFormat.Webp) BitConverter.TryWriteBytes(holed.AsSpan(4), holed.Length - 8);
        Assert.Matches("cut off|damaged", Reason(holed));
    }

    private static byte[] Corner()
    {
        using var bitmap = new SKBitmap(48, 32, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.White);
            using var black = new SKPaint { Color = SKColors.Black };
            canvas.DrawRect(0, 0, 16, 16, black);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        return data.ToArray();
    }

    private static byte[] At(Picture picture, int x, int y) => picture.Pixels.Slice(4 * ((y * picture.Width) + x), 3).ToArray();

    private static void AssertNear(byte[] expected, byte[] actual, int within)
    {
        for (var i = 0; i < 3; i++) Assert.InRange(actual[i], expected[i] - within, expected[i] + within);
    }

    private static Picture Decoded(byte[] file, PictureLimits? limits = null) => Assert.IsType<Outcome<Picture>.Done>(PictureFile.Decode(file, limits)).Value;

    private static string Reason(byte[] file, PictureLimits? limits = null) => Assert.Single(Assert.IsType<Outcome<Picture>.Rejected>(PictureFile.Decode(file, limits)).Reasons);
}
