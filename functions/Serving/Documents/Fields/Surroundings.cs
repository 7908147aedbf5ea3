namespace Serverless.Serving.Documents;

/// <summary>The words beside a value: before it in its line and row, above it, and anywhere in its row.</summary>
internal static class Surroundings
{
    private static readonly string[] Left = Names("left:"), Further = Names("further:"), Above = Names("above:"), Row = Names("row:"), Next = Names("next:");
    private static readonly string[][] KindLeft = [.. Enumerable.Range(-1, 6).Select(k => Names($"{KindName(k)}|left:"))];
    private static readonly string[][] KindAbove = [.. Enumerable.Range(-1, 6).Select(k => Names($"{KindName(k)}|above:"))];

    /// <summary>Adds what stands around a value.</summary>
    /// <param name="bag">Gets the features.</param>
    /// <param name="page">The page.</param>
    /// <param name="line">Line of the value.</param>
    /// <param name="start">Its first character.</param>
    /// <param name="kind">Kind of paper, if it is known.</param>
    public static void Add(FeatureBag bag, PageLayout page, PageLine line, int start, PaperKind? kind)
    {
        var at = kind is { } k ? (int)k + 1 : 0;
        var before = line.Hits.Where(h => h.Start < start).Select(h => h.Keyword).ToList();
        var own = before.Count;
        foreach (var other in page.InRow[line.Row].Where(o => o.Index < line.Index).Reverse()) before.InsertRange(0, other.Hits.Select(h => h.Keyword));
        if (before.Count > 0)
        {
            bag.Add(Left[(int)before[^1]]);
            bag.Add(KindLeft[at][(int)before[^1]]);
            bag.AddIf(own > 0, "label in line");
            foreach (var keyword in before.Take(before.Count - 1).Distinct()) bag.Add(Further[(int)keyword]);
        }
        else
        {
            bag.Add("nothing left");
        }

        foreach (var keyword in page.InRow[line.Row].SelectMany(l => l.Hits).Select(h => h.Keyword).Distinct()) bag.Add(Row[(int)keyword]);
        foreach (var keyword in line.Hits.Where(h => h.Start >= start).Select(h => h.Keyword).Take(1)) bag.Add(Next[(int)keyword]);
        if (Over(page, line, start) is { } above)
        {
            var words = above.Hits.Select(h => h.Keyword).Distinct().ToList();
            foreach (var keyword in words)
            {
                bag.Add(Above[(int)keyword]);
                bag.Add(KindAbove[at][(int)keyword]);
                if (before.Count == 0) bag.Add(OnlyAbove[(int)keyword]);
            }
        }
    }

    private static readonly string[] OnlyAbove = Names("only above:");

    /// <summary>The nearest line that stands over a value.</summary>
    private static PageLine? Over(PageLayout page, PageLine line, int start)
    {
        var x = line.At(start);
        return page.Lines.Where(o => o.Row < line.Row && line.MiddleY - o.MiddleY < 2.6 * Math.Max(line.Height, page.Unit) && o.Left < line.Right && o.Right > x - line.Height)
            .OrderBy(o => line.MiddleY - o.MiddleY).FirstOrDefault();
    }

    private static string KindName(int kind) => kind < 0 ? "unknown" : ((PaperKind)kind).ToString();

    private static string[] Names(string prefix) => [.. Enum.GetNames<Keyword>().Select(n => prefix + n)];
}
