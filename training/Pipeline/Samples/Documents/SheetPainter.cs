using SkiaSharp;

namespace Serverless.Training.Samples;

/// <summary>Draws a sheet as a scanner would see it.</summary>
internal static class SheetPainter
{
    /// <summary>Draws it.</summary>
    /// <param name="sheet">What is on it.</param>
    /// <param name="faces">Its fonts.</param>
    /// <param name="draws">Shade of paper and ink.</param>
    public static SKBitmap Paint(Sheet sheet, Typefaces faces, Draws draws)
    {
        var bitmap = new SKBitmap(new SKImageInfo((int)Math.Ceiling(sheet.Width), (int)Math.Ceiling(sheet.Height), SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        var paper = (byte)draws.Between(242, 255);
        canvas.Clear(new SKColor(paper, paper, (byte)draws.Between(paper - 8, paper)));
        using var paint = new SKPaint { IsAntialias = true };
        foreach (var bar in sheet.Bars)
        {
            paint.Color = new SKColor(bar.Grey, bar.Grey, bar.Grey);
            canvas.DrawRect((float)bar.X, (float)bar.Y, (float)bar.Width, (float)bar.Height, paint);
        }

        var ink = (byte)draws.Between(0, 70);
        paint.Color = new SKColor(ink, ink, (byte)Math.Min(255, ink + draws.Between(0, 25)));
        foreach (var text in sheet.Inks)
        {
            using var font = faces.Of(text.Style);
            canvas.DrawText(text.Text, (float)text.X, (float)text.Baseline, SKTextAlign.Left, font, paint);
        }

        return bitmap;
    }
}
