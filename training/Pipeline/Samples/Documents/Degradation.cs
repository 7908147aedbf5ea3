using Serverless.Serving.Documents;
using SkiaSharp;

namespace Serverless.Training.Samples;

/// <summary>What happens to paper and to pictures of it: turned, seen from aside, folded, lit from one side, blurred, noisy.</summary>
internal static class Degradation
{
    /// <summary>Makes the picture that a telephone takes.</summary>
    /// <param name="sheet">As drawn; stays as it is.</param>
    /// <param name="severity">0: hardly anything; 1: as bad as what people still hand in.</param>
    /// <param name="draws">What happens.</param>
    /// <returns>The picture, and where points of the sheet are in it.</returns>
    public static (SKBitmap Picture, Homography Moved) Of(SKBitmap sheet, double severity, Draws draws)
    {
        var (width, height) = ((double)sheet.Width, (double)sheet.Height);
        var margin = Math.Min(width, height) * draws.Between(0.01, 0.07);
        var angle = draws.Between(-3.5, 3.5) * severity * Math.PI / 180;
        double Shift() => draws.Between(-0.025, 0.025) * severity * Math.Min(width, height);
        PagePoint Corner(double x, double y)
        {
            var (dx, dy) = (x - (width / 2), y - (height / 2));
            return new((width / 2) + (dx * Math.Cos(angle)) - (dy * Math.Sin(angle)) + Shift(), (height / 2) + (dx * Math.Sin(angle)) + (dy * Math.Cos(angle)) + Shift());
        }

        PagePoint[] corners = [Corner(0, 0), Corner(width, 0), Corner(width, height), Corner(0, height)];
        var (left, top) = (corners.Min(c => c.X) - margin, corners.Min(c => c.Y) - margin);
        var placed = corners.Select(c => new PagePoint(c.X - left, c.Y - top)).ToArray();
        var moved = new Homography(width, height, new(placed[0], placed[1], placed[2], placed[3]));
        var picture = new SKBitmap(new SKImageInfo((int)(placed.Max(c => c.X) + margin), (int)(placed.Max(c => c.Y) + margin), SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(picture))
        {
            var desk = draws.Between(40, 200);
            canvas.Clear(new SKColor((byte)desk, (byte)(desk * draws.Between(0.8, 1)), (byte)(desk * draws.Between(0.6, 1))));
            using var blur = SKImageFilter.CreateBlur((float)(severity * draws.Between(0.1, 0.9)), (float)(severity * draws.Between(0.1, 0.9)));
            using var paint = new SKPaint { IsAntialias = true, ImageFilter = blur };
            using var image = SKImage.FromBitmap(sheet);
            canvas.Save();
            canvas.SetMatrix(moved.Matrix);
            canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKCubicResampler.Mitchell), paint);
            Folds(canvas, width, height, severity, draws);
            canvas.Restore();
            Light(canvas, picture.Width, picture.Height, severity, draws);
        }

        Noise(picture, severity * draws.Between(2, 12), draws);
        return (picture, moved);
    }

    private static void Folds(SKCanvas canvas, double width, double height, double severity, Draws draws)
    {
        for (var i = draws.Between(0, 3); i > 0; i--)
        {
            var across = draws.Chance(0.7);
            var at = (float)((across ? height : width) * draws.Between(0.15, 0.85));
            var reach = (float)(Math.Min(width, height) * draws.Between(0.02, 0.1));
            var (from, to) = across ? (new SKPoint(0, at - reach), new SKPoint(0, at + reach)) : (new SKPoint(at - reach, 0), new SKPoint(at + reach, 0));
            var dark = (byte)(severity * draws.Between(30, 90));
            using var shade = SKShader.CreateLinearGradient(from, to, [SKColors.Transparent, new SKColor(0, 0, 0, dark), new SKColor(255, 255, 255, dark), SKColors.Transparent], [0, 0.49f, 0.51f, 1], SKShaderTileMode.Clamp);
            using var paint = new SKPaint { Shader = shade };
            canvas.DrawRect(0, 0, (float)width, (float)height, paint);
        }
    }

    private static void Light(SKCanvas canvas, int width, int height, double severity, Draws draws)
    {
        SKPoint Point() => new((float)(width * draws.Between(0.0, 1)), (float)(height * draws.Between(0.0, 1)));
        using var shade = SKShader.CreateRadialGradient(Point(), Math.Max(width, height), [SKColors.Transparent, new SKColor(0, 0, 0, (byte)(severity * draws.Between(40, 120)))], [0.1f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shade };
        canvas.DrawRect(0, 0, width, height, paint);
    }

    private static void Noise(SKBitmap picture, double deviation, Draws draws)
    {
        // A table of noise is enough: nobody sees that it comes back, and a page has millions of pixels.
        var table = new sbyte[65_521];
        for (var i = 0; i < table.Length; i++) table[i] = (sbyte)Math.Clamp(draws.Normal() * deviation, -100, 100);
        var pixels = picture.GetPixelSpan().ToArray();
        for (var i = 0; i < pixels.Length; i += 4)
        {
            var grain = table[i / 4 * 7 % table.Length];
            for (var c = 0; c < 3; c++) pixels[i + c] = (byte)Math.Clamp(pixels[i + c] + grain + (table[(i + (c * 977)) % table.Length] / 3), 0, 255);
        }

        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, picture.GetPixels(), pixels.Length);
    }
}
