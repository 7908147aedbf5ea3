using System.Text.RegularExpressions;
using Serverless.Serving.Documents;

namespace Serverless.Tests.Serving.Documents;

/// <summary>Pages typed as text: a character is 12 pixels wide, a line 30 high; three blanks begin another line in the same height.</summary>
internal static partial class PrintedPage
{
    /// <summary>The page of a text.</summary>
    /// <param name="text">Its rows.</param>
    /// <param name="glued">Whether the reader lost all blanks.</param>
    /// <param name="slant">Of the page, in radians.</param>
    public static ReadPage Of(string text, bool glued = false, double slant = 0)
    {
        List<ReadLine> lines = [];
        var rows = text.Split('\n');
        foreach (var (row, written) in rows.Index())
        {
            foreach (Match match in Piece().Matches(written))
            {
                var (x, y, width) = (20 + (match.Index * 12), 30 + (row * 30), match.Length * 12);
                PagePoint At(double px, double py) => new((px * Math.Cos(slant)) - (py * Math.Sin(slant)), (px * Math.Sin(slant)) + (py * Math.Cos(slant)));
                lines.Add(new(glued ? match.Value.Replace(" ", "", StringComparison.Ordinal) : match.Value, 0.9, new(At(x, y), At(x + width, y), At(x + width, y + 22), At(x, y + 22))));
            }
        }

        return new(900, 60 + (30 * rows.Length), lines);
    }

    [GeneratedRegex(@"\S+( {1,2}\S+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Piece();
}
