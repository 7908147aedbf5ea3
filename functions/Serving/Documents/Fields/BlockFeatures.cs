namespace Serverless.Serving.Documents;

/// <summary>Features of a run of lines below each other: what its lines look like, and those right before and behind it.</summary>
internal static class BlockFeatures
{
    private static readonly string[] Inside = Named("inside:"), First = Named("first:"), Last = Named("last:"), Before = Named("before:"), After = Named("after:"), Any = Named("any:");

    /// <summary>Adds them.</summary>
    /// <param name="bag">Gets the features.</param>
    /// <param name="page">The page.</param>
    /// <param name="run">Lines from the top.</param>
    public static void Add(FeatureBag bag, PageLayout page, IReadOnlyList<PageLine> run)
    {
        for (var i = 0; i < LineSigns.Kinds.Count; i++)
        {
            var sign = LineSigns.Kinds[i];
            var count = run.Count(l => l.Signs.Has(sign));
            bag.Add(Inside[i], count);
            bag.AddIf(count > 0, Any[i]);
            bag.AddIf(run[0].Signs.Has(sign), First[i]);
            bag.AddIf(run[^1].Signs.Has(sign), Last[i]);
            bag.AddIf(page.Above[run[0].Index] is { } above && above.Signs.Has(sign), Before[i]);
            bag.AddIf(page.Below[run[^1].Index] is { } below && below.Signs.Has(sign), After[i]);
        }

        // Goods stand right below some letterheads, and what looks like a street and its number has a price beside it.
        bool Priced(PageLine line) => page.InRow[line.Row].Any(o => o != line && o.Signs.Has(LineSign.Amount));
        bag.Band("priced", run.Count(Priced), 1, 2);
        bag.AddIf(Priced(run[0]), "priced first");
        bag.AddIf(page.Below[run[^1].Index] is { } next && Priced(next), "priced after");
        bag.AddIf(page.Above[run[0].Index] is null, "nothing above");
        bag.AddIf(page.Below[run[^1].Index] is null, "nothing below");
        var (top, left) = ((run[0].Top - page.Top) / page.Height, (run[0].Left - page.Left) / page.Width);
        bag.Band("from top", top, 0.02, 0.06, 0.12, 0.2, 0.3, 0.5);
        bag.Band("row", run[0].Row, 1, 2, 3, 4, 6, 9, 14);
        bag.Band("from left", left, 0.05, 0.2, 0.45, 0.6);
        bag.AddIf(page.InRow[run[0].Row].Count() > 1, "not alone");
        bag.Band("height", run.Max(l => l.Height) / page.Unit, 0.85, 1.1, 1.25, 1.5, 2);
        bag.Band("lines", run.Count, 2, 3, 4, 5, 6);
    }

    private static string[] Named(string prefix) => [.. LineSigns.Kinds.Select(s => prefix + s)];
}
