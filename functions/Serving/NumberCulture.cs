using System.Collections.Frozen;

namespace Serverless.Serving;

/// <summary>
/// How a country writes numbers and dates. The program runs without the machine's cultures, so that a file reads the same everywhere;
/// these are from the Unicode Common Locale Data Repository (CLDR 42).
/// </summary>
/// <param name="Name">Language and country, such as <c>de-DE</c>.</param>
/// <param name="DecimalSeparator">Stands before the decimals.</param>
/// <param name="GroupSeparators">Each of these may stand between thousands; a blank, a no-break space and a narrow one are written for each other.</param>
/// <param name="DateFormats">Ways to write a date, and a date with a time, as .NET's custom formats; they read days and months with and without a leading zero.</param>
public sealed record NumberCulture(string Name, char DecimalSeparator, string GroupSeparators, IReadOnlyList<string> DateFormats)
{
    private const string Blanks = " \u00A0\u202F";
    private const string Apostrophes = "'\u2019";

    private static readonly string[] Dots = ["d.M.yyyy"];
    private static readonly string[] SpacedDots = ["d.M.yyyy", "d. M. yyyy"];
    private static readonly string[] ClosedDots = ["d.M.yyyy.", "d. M. yyyy.", "d.M.yyyy", "d. M. yyyy"];
    private static readonly string[] Slashes = ["d/M/yyyy"];
    private static readonly string[] MonthFirst = ["M/d/yyyy"];
    private static readonly string[] Dashes = ["d-M-yyyy"];
    private static readonly string[] Iso = ["yyyy-M-d"];
    private static readonly string[] YearFirst = ["yyyy/M/d"];
    private static readonly string[] YearDots = ["yyyy.M.d.", "yyyy. M. d.", "yyyy.M.d", "yyyy. M. d"];

    private static readonly FrozenDictionary<string, NumberCulture> All = new[]
    {
        Of("bg-BG", ',', Blanks, ["d.M.yyyy", "d.M.yyyy 'г'."]),
        Of("cs-CZ", ',', Blanks, SpacedDots),
        Of("da-DK", ',', ".", [.. Dots, .. Dashes]),
        Of("de-AT", ',', Blanks + ".", Dots),
        Of("de-CH", '.', Apostrophes, Dots),
        Of("de-DE", ',', ".", Dots),
        Of("el-GR", ',', ".", Slashes),
        Of("en-AU", '.', ",", Slashes),
        Of("en-CA", '.', ",", [.. MonthFirst, .. Iso]),
        Of("en-GB", '.', ",", Slashes),
        Of("en-IE", '.', ",", Slashes),
        Of("en-IN", '.', ",", Slashes),
        Of("en-NZ", '.', ",", Slashes),
        Of("en-SG", '.', ",", Slashes),
        Of("en-US", '.', ",", MonthFirst),
        Of("en-ZA", ',', Blanks, YearFirst),
        Of("es-AR", ',', ".", Slashes),
        Of("es-CL", ',', ".", Dashes),
        Of("es-CO", ',', ".", Slashes),
        Of("es-ES", ',', ".", Slashes),
        Of("es-MX", '.', ",", Slashes),
        Of("et-EE", ',', Blanks, Dots),
        Of("fi-FI", ',', Blanks, Dots),
        Of("fr-BE", ',', Blanks, Slashes),
        Of("fr-CA", ',', Blanks, Iso),
        Of("fr-CH", ',', Blanks, Dots),
        Of("fr-FR", ',', Blanks, Slashes),
        Of("he-IL", '.', ",", Dots),
        Of("hr-HR", ',', ".", ClosedDots),
        Of("hu-HU", ',', Blanks, YearDots),
        Of("id-ID", ',', ".", Slashes),
        Of("it-CH", '.', Apostrophes, Dots),
        Of("it-IT", ',', ".", Slashes),
        Of("ja-JP", '.', ",", YearFirst),
        Of("ko-KR", '.', ",", YearDots),
        Of("lt-LT", ',', Blanks, Iso),
        Of("lv-LV", ',', Blanks, ["d.M.yyyy", "d.M.yyyy."]),
        Of("ms-MY", '.', ",", Slashes),
        Of("nb-NO", ',', Blanks, Dots),
        Of("nl-BE", ',', ".", Slashes),
        Of("nl-NL", ',', ".", Dashes),
        Of("pl-PL", ',', Blanks, Dots),
        Of("pt-BR", ',', ".", Slashes),
        Of("pt-PT", ',', Blanks, Slashes),
        Of("ro-RO", ',', ".", Dots),
        Of("ru-RU", ',', Blanks, Dots),
        Of("sk-SK", ',', Blanks, SpacedDots),
        Of("sl-SI", ',', ".", SpacedDots),
        Of("sr-Latn-RS", ',', ".", ClosedDots),
        Of("sv-SE", ',', Blanks, Iso),
        Of("tr-TR", ',', ".", Dots),
        Of("uk-UA", ',', Blanks, Dots),
        Of("vi-VN", ',', ".", Slashes),
        Of("zh-CN", '.', ",", YearFirst),
        Of("zh-HK", '.', ",", Slashes),
        Of("zh-TW", '.', ",", YearFirst),
    }.ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);

    /// <summary>Names of the known cultures, sorted.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. All.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The culture of a name, or null when it is not known.</summary>
    public static NumberCulture? Find(string name) => All.GetValueOrDefault(name);

    private static NumberCulture Of(string name, char decimals, string groups, string[] dates) =>
        new(name, decimals, groups, [.. dates, .. dates.Select(d => d + " H:mm"), .. dates.Select(d => d + " H:mm:ss")]);
}
