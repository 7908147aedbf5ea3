using System.Globalization;
using Serverless.Serving.Cards;

namespace Serverless.Serving.Documents;

/// <summary>A page that was read as a page for people: the picture with its boxes, and the lines; one HTML file that runs no script.</summary>
public static class DocumentPage
{
    private const int MostSide = 1600; // of the picture in the file

    /// <summary>The page.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="picture">The picture that was read.</param>
    /// <param name="page">What was read.</param>
    public static byte[] Html(string name, Picture picture, ReadPage page)
    {
        var card = new CardPage(name, string.Create(CultureInfo.InvariantCulture, $"{page.Lines.Count} lines were read on a page of {page.Width} x {page.Height} pixels."));
        Draw(card, picture, page);
        return card.Heading("Lines")
            .Table("In reading order", ["#Line", "Text", "#Confidence"], page.Lines.Index().Select(l => new CardCell[] { (l.Index + 1).ToString(CultureInfo.InvariantCulture), l.Item.Text, l.Item.Confidence.ToString("0.00", CultureInfo.InvariantCulture) }))
            .Html();
    }

    /// <summary>Adds the picture with its boxes to a page.</summary>
    public static void Draw(CardPage card, Picture picture, ReadPage page)
    {
        var scale = Math.Min(1, (double)MostSide / Math.Max(picture.Width, picture.Height));
        using var smaller = picture.Scaled(Math.Max(1, (int)(picture.Width * scale)), Math.Max(1, (int)(picture.Height * scale)));
        card.Picture("The page, with the lines that were read", smaller.ToJpeg(), page.Width, page.Height, page.Lines.Index().Select(l => ($"{l.Index + 1}: {l.Item.Text}", Corners(l.Item.Box))));
    }

    private static IEnumerable<(double X, double Y)> Corners(PageBox box) => new[] { box.TopLeft, box.TopRight, box.BottomRight, box.BottomLeft }.Select(p => (p.X, p.Y));
}
