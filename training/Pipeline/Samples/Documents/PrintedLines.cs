using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>The lines of a sheet, as whoever reads it sees them.</summary>
internal static class PrintedLines
{
    /// <summary>Pieces in rows from top to bottom, each from left to right, by number.</summary>
    public static List<List<int>> Rows(Sheet sheet)
    {
        List<List<int>> rows = [];
        foreach (var (i, ink) in sheet.Inks.Index().OrderBy(p => p.Item.Baseline).ThenBy(p => p.Item.X))
        {
            if (rows.Count > 0 && ink.Baseline - sheet.Inks[rows[^1][0]].Baseline < 0.35 * ink.Style.Size) rows[^1].Add(i);
            else rows.Add([i]);
        }

        foreach (var row in rows) row.Sort((a, b) => sheet.Inks[a].X.CompareTo(sheet.Inks[b].X));
        return rows;
    }

    /// <summary>Pieces that stand closer than <paramref name="gap"/> times their size make a line.</summary>
    public static IEnumerable<List<int>> Lines(Sheet sheet, double gap)
    {
        foreach (var row in Rows(sheet))
        {
            List<int> line = [];
            foreach (var i in row)
            {
                if (line.Count > 0 && sheet.Inks[i].X - (sheet.Inks[line[^1]].X + sheet.Inks[line[^1]].Width) > gap * Math.Max(sheet.Inks[i].Style.Size, sheet.Inks[line[^1]].Style.Size))
                {
                    yield return line;
                    line = [];
                }

                line.Add(i);
            }

            yield return line;
        }
    }

    /// <summary>The truth about a picture of the sheet.</summary>
    public static DocumentTruth Truth(Sheet sheet, string file, int width, int height, Homography moved)
    {
        var lines = Lines(sheet, 1).Select(line =>
        {
            var inks = line.Select(i => sheet.Inks[i]).ToList();
            return new TruthLine(string.Join(' ', inks.Select(i => i.Text)), Rounded(moved.Of(inks[0].X, inks.Min(i => i.Top), inks[^1].X + inks[^1].Width, inks.Max(i => i.Bottom))));
        }).ToList();
        return new(file, sheet.Kind, width, height, lines, Fields(sheet, moved));
    }

    /// <summary>The fields, in a picture of the sheet.</summary>
    public static Dictionary<KeyFieldName, TruthField> Fields(Sheet sheet, Homography moved) => sheet.Marks.GroupBy(m => m.Name).OrderBy(g => g.Key).ToDictionary(g => g.Key, g =>
    {
        var parts = g.Select(m => (Mark: m, Ink: sheet.Inks[m.Ink])).ToList();
        var value = string.Join(' ', parts.Select(p => p.Ink.Text.Substring(p.Mark.Start, p.Mark.Length)));
        var left = parts.Min(p => p.Ink.X + sheet.Measure(p.Ink.Text[..p.Mark.Start], p.Ink.Style));
        var right = parts.Max(p => p.Ink.X + sheet.Measure(p.Ink.Text[..(p.Mark.Start + p.Mark.Length)], p.Ink.Style));
        return new TruthField(value, sheet.Normalised[g.Key], Rounded(moved.Of(left, parts.Min(p => p.Ink.Top), right, parts.Max(p => p.Ink.Bottom))));
    });

    private static PageBox Rounded(PageBox box) => new(Rounded(box.TopLeft), Rounded(box.TopRight), Rounded(box.BottomRight), Rounded(box.BottomLeft));

    private static PagePoint Rounded(PagePoint point) => new(Math.Round(point.X, 1), Math.Round(point.Y, 1));
}
