using System.Text.RegularExpressions;

namespace Serverless.Serving.Documents;

/// <summary>Companies: one to three lines below each other in the upper part or at the end, a registration number behind them left out, and what stands behind the word employer.</summary>
internal static partial class CompanyCandidates
{
    private const int MostRows = 16, LastRows = 12, MostLines = 3, Nearby = 4, LeastBrand = 3;

    /// <summary>All of a page.</summary>
    public static IEnumerable<Candidate> Of(PageLayout page, PaperKind? kind)
    {
        var tallest = page.Lines.Where(l => l.Row < MostRows).Select(l => l.Height).DefaultIfEmpty(1).Max();
        foreach (var line in page.Lines.Where(l => (l.Row < MostRows || IsSignature(page, l)) && IsWords(l) && !GoesOn(page, l)))
        {
            List<PageLine> run = [];
            for (var at = line; at is not null && run.Count < MostLines; at = page.Below[at.Index])
            {
                if (run.Count > 0 && (at.Signs.Has(LineSign.Phone | LineSign.Date | LineSign.Amount | LineSign.Web) || Repeats(run[0], at))) break;
                run.Add(at);
                if (at.Text.TrimEnd() is [.., '&' or '+'] && page.Below[at.Index] is not null) continue; // nor does one end with "and"
                foreach (var candidate in Forms(page, run, kind, tallest)) yield return candidate;
            }
        }
    }

    // No name begins with "and", with its form of law, with a word in brackets, or inside brackets that were opened above.
    private static bool GoesOn(PageLayout page, PageLine line) =>
        page.Above[line.Index] is not null && (line.Text.TrimStart() is ['&' or '+', ..] || line.Signs.Has(LineSign.FormAlone) || BracketFirst().IsMatch(line.Text) || Closes(page, line));

    /// <summary>Whether a line ends what a bracket above it begins.</summary>
    internal static bool Closes(PageLayout page, PageLine line) => Open(line) < 0 && page.Above[line.Index] is { } above && Open(above) > 0;

    // A brand above the whole name.
    private static bool Repeats(PageLine first, PageLine other) => first.Text.Length >= LeastBrand && other.Text.StartsWith(first.Text, StringComparison.OrdinalIgnoreCase);

    private static int Open(PageLine line) => line.Text.Count(c => c == '(') - line.Text.Count(c => c == ')');

    // No masked number, no number of registration alone.
    private static bool IsWords(PageLine line) => line.Text.Where(char.IsLetter).Distinct().Count() >= 2 && (!line.Signs.Has(LineSign.Digits) || line.Signs.Has(LineSign.LegalForm | LineSign.Trade));

    private static bool IsOther(PageLine line) => line.Signs.Has(LineSign.LegalForm) && !line.Signs.Has(LineSign.Person | LineSign.Owner | LineSign.Motto);

    // At the end stand thanks, conditions and cards too.
    private static bool IsSignature(PageLayout page, PageLine line) =>
        line.Row >= page.RowCount - LastRows && (line.Signs.Has(LineSign.LegalForm | LineSign.Trade) || (page.Above[line.Index] is { } above && above.Signs.Has(LineSign.Thanks)));

    private static IEnumerable<Candidate> Forms(PageLayout page, List<PageLine> run, PaperKind? kind, double tallest)
    {
        var last = run[^1];
        var (start, label) = (0, false);
        if (run.Count == 1 && last.Hits is [{ Keyword: Keyword.Employer, Start: 0 } hit, ..] && hit.End + 2 < last.Text.Length && last.Text[hit.End..].TrimStart() is [':' or '.', ..]) (start, label) = (hit.End + 1, true);
        if (run.Count == 1 && OperatedBy().Match(last.Text) is { Success: true, Length: var length } && length + 2 < last.Text.Length) (start, label) = (length, true);
        bool Names(int end) => run.Count > 1 || (end > start && last.Text[start..end].Count(char.IsLetter) >= 2);
        if (NumberFrom(last.Text, behindAnd: run.Count > 1 && run[^2].Text.TrimEnd() is [.., '&']) is var cut && cut < last.Text.Length && Names(cut)) yield return Made(page, run, start, cut, kind, tallest, label, true);
        foreach (var (end, _, form) in Rests(last.Text, start).Where(r => Names(r.End))) yield return Made(page, run, start, end, kind, tallest, label, false, form ? "form of law ends it" : "rest left out");
        if (Names(last.Text.Length)) yield return Made(page, run, start, last.Text.Length, kind, tallest, label, false);
    }

    /// <summary>
    /// Where a name may end in a line that goes on, and where what it trades as or a sender's address begins there: behind a separator, or behind its form of
    /// law where that was lost.
    /// </summary>
    internal static IEnumerable<(int End, int Next, bool Form)> Rests(string text, int start = 0)
    {
        var mark = Separator().Match(text, start);
        var parts = mark is { Success: true, Index: > 2 } && (mark.Value.Any(c => char.IsLetter(c) || c is '·' or '•' or '|') || !text[start..mark.Index].Any(char.IsDigit));
        if (parts) yield return (mark.Index, mark.Index + mark.Length, false);
        if (LineSigns.FormEnd(text, start) is { } form && !(parts && mark.Index <= form + 1) && WordsAndNumber().IsMatch(text[form..])) yield return (form, form, true);
    }

    // Of the company and of its tax: at most two behind each other. Behind "and" a Co is no word for it.
    private static int NumberFrom(string text, bool behindAnd)
    {
        var lead = behindAnd ? "& " : "";
        var (whole, from) = (lead + text, lead.Length + text.Length);
        for (var i = 0; i < 2 && Number().Match(whole[..from]) is { Success: true, Index: > 2 and var at }; i++) from = at;
        return from - lead.Length;
    }

    private static Candidate Made(PageLayout page, List<PageLine> run, int start, int end, PaperKind? kind, double tallest, bool label, bool cut, string? shortened = null)
    {
        var bag = new FeatureBag();
        BlockFeatures.Add(bag, page, run);
        bag.AddIf(cut, "number left out");
        bag.AddIf(label, "behind label");
        if (shortened is not null) bag.Add(shortened);
        var kept = run.SelectMany(l => Rests(l.Text)).ToList();
        bag.AddIf(shortened is null && kept.Any(r => !r.Form), "rest kept");
        bag.AddIf(shortened is null && kept.Any(r => r.Form), "goes on behind the form of law");
        bag.AddIf(run[0].Text.TrimStart() is ['(', ..], "begins with bracket");
        bag.AddIf(run.Sum(Open) != 0, "bracket open");
        bag.AddIf(page.Below[run[^1].Index] is { } bracketed && bracketed.Text.TrimStart() is ['(', ..], "bracket follows");
        bag.AddIf(run.Max(l => l.Height) >= tallest * 0.95, "tallest");
        bag.AddIf(run.Max(l => l.Height) > run.Min(l => l.Height) * 1.3, "uneven");
        bag.AddIf(page.Lines[0] == run[0], "first line");
        bag.AddIf(page.Below[run[^1].Index] is { } next && next.Height < run[^1].Height * 0.85, "smaller below");
        bag.AddIf(page.Below[run[^1].Index] is { } same && Math.Abs(same.Height - run[^1].Height) < run[^1].Height * 0.1 && run[^1].Height > page.Unit * 1.2, "as tall below");
        bag.AddIf(page.Above[run[0].Index] is { } above && above.Height > run[0].Height * 1.2, "taller above");
        bag.AddIf(page.Above[run[0].Index] is { } over && Math.Abs(over.Height - run[0].Height) < run[0].Height * 0.1 && run[0].Height > page.Unit * 1.2, "as tall above");
        bag.AddIf(page.Below[run[^1].Index] is { } rest && rest.Text.TrimStart() is ['&' or '+', ..], "and follows");
        bag.AddIf(run[^1].Text.TrimEnd() is [.., '&' or '+'], "ends with and");
        var text = string.Join(' ', run.Select(l => l.Text));
        bag.Band("length", text.Length, 4, 8, 15, 25, 40, 60);
        bag.AddIf(run.Count > 1 && !run[0].Signs.Has(LineSign.LegalForm) && run[^1].Signs.Has(LineSign.LegalForm), "form of law in the last");
        bag.AddIf(run.Count > 1 && run[0].Signs.Has(LineSign.LegalForm), "form of law before the last");
        bag.AddIf(!run.Any(l => l.Signs.Has(LineSign.LegalForm)) && page.Below[run[^1].Index] is { } lower && lower.Signs.Has(LineSign.FormAlone), "form of law below");
        bag.AddIf(!run.Any(l => l.Signs.Has(LineSign.LegalForm)) && page.Lines.Any(l => l.Row > run[^1].Row && l.Row <= run[^1].Row + Nearby && IsOther(l)), "form of law further down");
        bag.AddIf(page.Lines.Any(l => l.Row < run[0].Row && l.Row >= run[0].Row - Nearby && IsOther(l)), "form of law further up");
        foreach (var keyword in run.SelectMany(l => l.Hits).Select(h => h.Keyword).Distinct()) bag.Add(Words[(int)keyword]);
        if (kind is { } k) bag.Add(RowOfKind[(int)k][Math.Min(run[0].Row, 5)]);
        List<Span> parts = [];
        foreach (var (i, line) in run.Index())
        {
            var (from, to) = (i == 0 ? start : 0, i == run.Count - 1 ? end : line.Text.Length);
            while (to > from && (char.IsWhiteSpace(line.Text[to - 1]) || line.Text[to - 1] is ',' or '-' or ':')) to--;
            while (from < to && char.IsWhiteSpace(line.Text[from])) from++;
            parts.Add(new(line, from, to - from));
        }

        return new(parts, Normalised(parts), bag.All);
    }

    private static readonly string[] Words = [.. Enum.GetNames<Keyword>().Select(n => "says:" + n)];
    private static readonly string[][] RowOfKind = [.. Enum.GetNames<PaperKind>().Select(k => Enumerable.Range(0, 6).Select(r => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{k}|row:{r}")).ToArray())];

    /// <summary>Small letters and digits in words, one blank between them.</summary>
    public static string Normalised(IEnumerable<Span> parts) =>
        string.Join(' ', LatinText.Of(string.Join(' ', parts.Select(p => p.Text))).ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"^\W*((operated|owned|managed|run)\s+by|by|a brand of|dikendalikan oleh|milik|betrieben von|exploit\w+ par|gestito da|gestionado por)(\s*:\s*|\s+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex OperatedBy();

    // What it trades as, or all else in the one line of a sender; raised dots are read as such at the foot, but one
    // alone may be that of "Sdn . Bhd".
    [GeneratedRegex(@"\s*[·•|]\s*|\s\.\s(?=.*\d.*\s\.\s)|\s[—–]\s|\s(t/a|(?-i:ta)|trading as|d/?b/?a)\s|\s?-\s(?=.*\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^\s*\([^()]*\)\s*[\p{L}&]", RegexOptions.CultureInvariant)]
    private static partial Regex BracketFirst();

    // No number of a company, which may have a word before it too.
    [GeneratedRegex(@"^[\s.,·-]+(?!(no|nr|reg)(?!\p{L}))(\p{L}[\p{L}.'-]+\s.*\d|\d.*\p{L}{3})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex WordsAndNumber();

    [GeneratedRegex(@"[\s,-]*[(\[]?\s*(((?<!&\s?)c[o0]\.?|reg\.?|roc|n[o0]\.?|company|registration|uen|ssm)[\s.:]*)*[a-z]{0,3}\d{4,}[\d\s-]*[-\s]?[A-Za-z]?\s*[)\]]?\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Number();
}
