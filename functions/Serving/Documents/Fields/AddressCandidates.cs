using System.Text.RegularExpressions;

namespace Serverless.Serving.Documents;

/// <summary>Addresses: up to six lines below each other.</summary>
internal static partial class AddressCandidates
{
    private const int MostLines = 6, LeastBefore = 5, LeastNumber = 8, LeastPostcode = 4;
    private const LineSign Likely = LineSign.Street | LineSign.Postcode | LineSign.HouseNumber | LineSign.NumberBehind | LineSign.Comma | LineSign.Region | LineSign.AddressWord;

    // House numbers such as 55,57 look like amounts.
    private static bool CanBe(PageLine line) => line.Text.Count(char.IsLetterOrDigit) >= 2 && (!line.Signs.Has(LineSign.Amount) || line.Signs.Has(LineSign.Street));

    private static bool IsLabel(PageLine line) => line.Hits is [{ Start: 0 } hit] && hit.End >= line.Text.TrimEnd(':', ' ').Length;

    /// <summary>All of a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="kind">Kind of paper, if it is known.</param>
    /// <param name="issuer">Lines of the likeliest company from the top; none where there is no candidate.</param>
    public static IEnumerable<Candidate> Of(PageLayout page, PaperKind? kind, IReadOnlyList<PageLine> issuer)
    {
        var blocks = page.Lines.Where(l => l.Signs.Has(LineSign.Postcode)).Select(l => l.Row).ToList();
        foreach (var line in page.Lines.Where(l => CanBe(l) && !CompanyCandidates.Closes(page, l)))
        {
            List<PageLine> run = [];
            for (var at = line; at is not null && run.Count < MostLines && CanBe(at); at = page.Below[at.Index])
            {
                run.Add(at);
                if (!run.Any(l => l.Signs.Has(Likely))) continue;
                var (start, contact) = (Start(run[0]), Contact(run[^1], run.Count == 1));
                foreach (var from in issuer.Contains(run[0]) ? [start, .. CompanyCandidates.Rests(run[0].Text).Select(r => r.Next)] : new[] { start })
                {
                    if (from > 0 && from + LeastBefore > run[0].Text.Length) continue;
                    yield return Made(page, run, from, null, kind, issuer, blocks);
                    if (contact is { } end && (run.Count > 1 || from + LeastBefore <= end)) yield return Made(page, run, from, end, kind, issuer, blocks);
                }
            }
        }
    }

    // Behind a label; words that names of branches have too are one only with a colon.
    private static int Start(PageLine first)
    {
        var start = first.Hits is [{ Keyword: Keyword.Address, Start: 0 } hit, ..] && hit.End + 3 < first.Text.Length ? hit.End : 0;
        if (start == 0 && Label().Match(first.Text) is { Success: true, Length: var length } && length + 3 < first.Text.Length) start = length;
        while (start > 0 && start < first.Text.Length && first.Text[start] is ':' or ' ' or '.' or ';') start++;
        return start;
    }

    // Where telephone numbers and the like begin that stand in the last line. A line alone without a number before them is no address, and a number alone
    // that is no postcode is one of them.
    private static int? Contact(PageLine last, bool alone)
    {
        var said = last.Hits.Where(h => h.Keyword is Keyword.Phone or Keyword.Web or Keyword.Registration).Select(h => (int?)h.Start).FirstOrDefault();
        var end = said ?? (Number().Match(last.Text) is { Success: true, Index: var at } ? at : 0);
        while (end > 0 && last.Text[end - 1] is ' ' or ',' or '-' or '·' or '•' or '|' or '(' or '/' or ';') end--;
        var kept = last.Text[..end];
        return end >= (alone ? LeastBefore : LeastPostcode) && (!alone || kept.Any(char.IsAsciiDigit)) && (end < LeastNumber || kept.Any(char.IsLetter)) ? end : null;
    }

    private static Candidate Made(PageLayout page, List<PageLine> run, int start, int? end, PaperKind? kind, IReadOnlyList<PageLine> issuer, List<int> postcodes)
    {
        var bag = new FeatureBag();
        BlockFeatures.Add(bag, page, run);
        bag.Band("postcodes", run.Count(l => l.Signs.Has(LineSign.Postcode)), 1, 2, 3);
        Issuer(bag, page, run, issuer);
        LineRoles.Add(bag, page, run, issuer);
        bag.Band("postcodes before", postcodes.Count(r => r < run[0].Row), 1, 2);
        var (after, before) = (page.Below[run[^1].Index], page.Above[run[0].Index]);
        bag.AddIf(after is not null && after.Signs.Has(LineSign.Postcode) && !run[^1].Signs.Has(LineSign.Postcode), "postcode follows");
        bag.AddIf(after is not null && run[^1].Signs.Has(LineSign.EndsWithComma), "comma at the end");
        bag.AddIf(before is not null && before.Signs.Has(LineSign.EndsWithComma), "comma before");
        bag.AddIf(run[^1].Signs.Has(LineSign.Postcode) && after is not null && !after.Signs.Has(LineSign.Digit | LineSign.Label), "words follow postcode");
        bag.AddIf(run.Any(l => l.Signs.Has(LineSign.Postcode)) && !run[^1].Signs.Has(LineSign.Postcode), "ends behind postcode");
        bag.AddIf(before is not null && before.Signs.Has(LineSign.LegalForm) && before.Signs.Has(LineSign.Trade), "company before");
        bag.AddIf(before is not null && before.Height > run[0].Height * 1.2, "taller above");
        bag.AddIf(run[0].Height > run[^1].Height * 1.25, "first is taller");
        bag.AddIf(after is not null && Math.Abs(after.Height - run[^1].Height) > run[^1].Height * 0.25, "other size below");
        bag.AddIf(IsLabel(run[^1]), "label last");
        var gap = after is null ? 9 : (after.MiddleY - run[^1].MiddleY) / run[^1].Height;
        bag.Band("gap below", gap, 1.3, 1.7, 2.1, 8);
        if (kind is { } k) bag.Add(KindAndRow[(int)k][Math.Min(run[0].Row / 2, 5)]);
        bag.AddIf(start > 0, issuer.Contains(run[0]) ? "issuer left out" : "label left out");
        bag.AddIf(end is not null, "contact left out");
        List<Span> parts = [];
        foreach (var (i, line) in run.Index())
        {
            var (from, to) = (i == 0 ? start : 0, i == run.Count - 1 ? end ?? line.Text.Length : line.Text.Length);
            parts.Add(new(line, from, to - from));
        }

        return new(parts, CompanyCandidates.Normalised(parts), bag.All);
    }

    // Where it stands to who issued the paper: customers and employees have addresses too.
    private static void Issuer(FeatureBag bag, PageLayout page, List<PageLine> run, IReadOnlyList<PageLine> issuer)
    {
        if (issuer.Count == 0) return;
        var (first, from) = (run[0], issuer[^1]);
        bag.AddIf(run.Any(issuer.Contains), "is the issuer");
        bag.Band("behind issuer", first.Row - from.Row, 0, 1, 2, 3, 5, 9);
        var (steps, person, at) = (1, false, page.Above[first.Index]);
        for (; at is not null && !issuer.Contains(at) && steps < MostSteps; at = page.Above[at.Index], steps++) person |= at.Signs.Has(LineSign.Person);
        var below = at is not null && issuer.Contains(at);
        bag.Add(below ? Steps[steps] : "not below issuer");
        bag.AddIf(person, below ? "person between" : "person above");
        var aligned = Math.Min(Math.Abs(first.Left - from.Left), Math.Min(Math.Abs(first.MiddleX - from.MiddleX), Math.Abs(first.Right - from.Right))) < 1.2 * Math.Max(page.Unit, first.Height);
        bag.AddIf(aligned, below ? "below and aligned" : "aligned with issuer");
        bag.AddIf(first.Left > from.Right || first.Right < from.Left, "beside issuer");
    }

    private const int MostSteps = 8;
    private static readonly string[] Steps = [.. Enumerable.Range(0, MostSteps + 1).Select(s => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"below issuer#{s}"))];
    private static readonly string[][] KindAndRow = [.. Enum.GetNames<PaperKind>().Select(k => Enumerable.Range(0, 6).Select(r => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{k}|rows:{r}")).ToArray())];

    [GeneratedRegex(@"(\s[.:]|[·•|])\s*\+?\(?\d[\d\s()/.-]{6,}$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^\W*(outlet|branch|store|shop|head office|hq|visit us|find us|location|kedai|cawangan|filiale|sede|sucursal)\s*(address|alamat|at)?\s*:", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Label();
}
