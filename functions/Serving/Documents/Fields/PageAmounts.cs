using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Serving.Documents;

/// <summary>An amount in a line.</summary>
/// <param name="Line">The line.</param>
/// <param name="Start">First character of the number.</param>
/// <param name="Length">How many.</param>
/// <param name="Value">What it says.</param>
/// <param name="Decimals">Whether it has two decimals.</param>
/// <param name="Currency">ISO 4217, where it stands beside it.</param>
internal sealed record FoundAmount(PageLine Line, int Start, int Length, decimal Value, bool Decimals, string? Currency);

/// <summary>
/// The amounts of a page: numbers with two decimals, and whole ones behind a currency; on a page without decimals, whole ones in groups of thousands, as currencies
/// without cents are written. Points, commas, apostrophes and blanks stand between thousands.
/// </summary>
internal sealed partial class PageAmounts
{
    private readonly List<FoundAmount>[] _byLine;

    /// <summary>Finds them.</summary>
    public PageAmounts(PageLayout page)
    {
        _byLine = new List<FoundAmount>[page.Lines.Count];
        List<FoundAmount> all = [], grouped = [];
        foreach (var line in page.Lines)
        {
            foreach (Match match in Number().Matches(line.Digits))
            {
                var number = match.Groups["n"];
                if (page.Dates.In(line).Any(d => number.Index < d.Start + d.Length && d.Start < number.Index + number.Length)) continue;
                var decimals = match.Groups["d"].Success;
                var currency = CurrencyOf(match.Groups["c"].Value) ?? CurrencyOf(match.Groups["e"].Value);
                if (!decimals && match.Groups["w"].Length > 9) continue;
                var bare = !decimals && currency is null;
                if (bare && (match.Groups["w"].Value.All(char.IsAsciiDigit) || line.Signs.Has(LineSign.Phone | LineSign.Registration))) continue;
                if (Value(match) is not { } value) continue;
                var start = new[] { match.Groups["s"], match.Groups["t"] }.Where(g => g.Length > 0 && g.Index + g.Length == number.Index).Select(g => g.Index).DefaultIfEmpty(number.Index).First();
                (bare ? grouped : all).Add(new(line, start, number.Index + number.Length - start, value, decimals, currency));
            }
        }

        if (grouped.Count > 0 && !all.Any(a => a.Decimals)) all = [.. all.Concat(grouped).OrderBy(a => a.Line.Index).ThenBy(a => a.Start)];
        Cents = all.Any(a => a.Decimals);
        All = all;
        foreach (var amount in all) (_byLine[amount.Line.Index] ??= []).Add(amount);
        Currency = all.Where(a => a.Currency is not null).GroupBy(a => a.Currency).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key
            ?? page.Lines.SelectMany(l => Alone().Matches(l.Text)).Select(m => CurrencyOf(m.Value)).Where(c => c is not null).GroupBy(c => c).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
    }

    /// <summary>All, by line.</summary>
    public IReadOnlyList<FoundAmount> All { get; }

    /// <summary>Whether any amount has decimals.</summary>
    public bool Cents { get; }

    /// <summary>The currency that most amounts of the page have.</summary>
    public string? Currency { get; }

    /// <summary>Those of a line.</summary>
    public IReadOnlyList<FoundAmount> In(PageLine line) => _byLine[line.Index] ?? (IReadOnlyList<FoundAmount>)[];

    /// <summary>The ISO code of a sign; null for none.</summary>
    public static string? CurrencyOf(string sign) => sign.Trim().TrimEnd('.').ToUpperInvariant() switch
    {
        "RM" or "MYR" => "MYR",
        "$" or "US$" or "USD" => "USD",
        "S$" or "SGD" => "SGD",
        "A$" or "AUD" => "AUD",
        "C$" or "CAD" => "CAD",
        "HK$" or "HKD" => "HKD",
        "€" or "EUR" or "EURO" => "EUR",
        "£" or "GBP" => "GBP",
        "CHF" or "FR" or "SFR" => "CHF",
        "RS" or "INR" or "₹" => "INR",
        "¥" or "JPY" or "CNY" => "JPY",
        "RP" or "IDR" => "IDR",
        _ => null,
    };

    private static decimal? Value(Match match)
    {
        var whole = string.Concat(match.Groups["w"].Value.Where(char.IsAsciiDigit));
        if (whole.Length is 0 or > 12) return null;
        if (match.Groups["d"].Success && match.Groups["w"].Value.Contains(match.Groups["n"].Value.TrimEnd("0123456789".ToCharArray())[^1], StringComparison.Ordinal)) return null; // one sign cannot be both
        var value = decimal.Parse($"{whole}.{(match.Groups["d"].Success ? match.Groups["d"].Value : "00")}", CultureInfo.InvariantCulture);
        return match.Groups["s"].Length + match.Groups["t"].Length + match.Groups["b"].Length > 0 ? -value : value;
    }

    // Sign and currency, thousands in groups or one row of digits, two decimals, currency or minus behind.
    [GeneratedRegex(
        @"(?<!\d|\d[.,/:-]|-)(?<s>[-–]?)\s?(?<c>(US|S|A|C|HK)?\$|RM|USD|MYR|SGD|AUD|CAD|EURO?|€|£|GBP|CHF|S?Fr\.?|Rs\.?|INR|₹|¥|Rp\.?)?\s?(?<t>-?)" +
        @"(?<n>(?<w>\d{1,3}(,\d{3})+|\d{1,3}(\.\d{3})+(?=,|(?![.\d]))|\d{1,3}(['’]\d{3})+|\d{1,3}( \d{3})+(?=,\d\d(?!\d))|\d+)(\s?[.,]\s?(?<d>\d\d)(?![\d]))?)(?![\d/:]|[.,-]\d|\s?%)" +
        @"(\s?(?<e>RM|USD|MYR|SGD|AUD|EURO?|€|£|GBP|CHF|INR)(?![A-Za-z]))?(?<b>-(?!\d))?",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<![A-Za-z])((US|S|A|C|HK)?\$|RM|USD|MYR|SGD|AUD|CAD|EURO?|€|£|GBP|CHF|Rs\.?|INR|₹)(?![A-Za-z])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Alone();
}
