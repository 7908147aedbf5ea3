namespace Serverless.Serving.Documents;

/// <summary>What tells the kind of a paper: which words of the lexicon it has, often or at all, and what its page is like.</summary>
internal static class KindFeatures
{
    private static readonly string[][] Has = [.. Enum.GetNames<PaperKind>().Select(k => Enum.GetNames<Keyword>().Select(w => $"{k}:{w}").ToArray())];
    private static readonly string[][] HasMany = [.. Enum.GetNames<PaperKind>().Select(k => Enum.GetNames<Keyword>().Select(w => $"{k}:{w}+").ToArray())];
    private static readonly string[] Amounts = Named("amounts"), Few = Named("few lines"), Dates = Named("dates"), Iban = Named("iban"), Plain = Named("bias");

    /// <summary>A set of features for each kind, in the order of <see cref="PaperKind"/>.</summary>
    public static IReadOnlyList<IReadOnlyList<(string Name, double Value)>> Of(PageLayout page)
    {
        var counts = page.Lines.SelectMany(l => l.Hits).CountBy(h => h.Keyword).ToList();
        var (amounts, dates, iban) = (page.Money.All.Count, page.Dates.All.Count, AccountNumbers.Ibans(page).Any());
        return [.. Enum.GetValues<PaperKind>().Select(kind =>
        {
            var (bag, k) = (new FeatureBag(), (int)kind);
            foreach (var (word, count) in counts)
            {
                bag.Add(Has[k][(int)word]);
                bag.AddIf(count > 2, HasMany[k][(int)word]);
            }

            bag.Band(Amounts[k], amounts, 1, 3, 8);
            bag.Band(Dates[k], dates, 1, 2, 4, 8);
            bag.Band(Few[k], page.Lines.Count, 12, 25, 50);
            bag.AddIf(iban, Iban[k]);
            bag.Add(Plain[k]);
            return bag.All;
        })];
    }

    private static string[] Named(string what) => [.. Enum.GetNames<PaperKind>().Select(k => $"{k}:{what}")];
}
