using System.Globalization;

namespace Serverless.Training.Samples;

/// <summary>How one paper looks and writes: chosen once for a document, so that it is consistent in itself.</summary>
internal sealed class Look(Draws draws, Fiction fiction, Sheet sheet, TypeStyle body)
{
    private readonly string _date = draws.Pick(fiction.Country.Dates);
    private readonly string _group = draws.Pick(fiction.Country.Groups);
    private readonly string _behindLabel = draws.Pick(":", ":", " :", "", "", ": ");
    private readonly bool _capitals = draws.Chance(0.35);
    private readonly bool _capitalMonths = draws.Chance(0.25);

    /// <summary>Chance.</summary>
    public Draws Draws => draws;

    /// <summary>Names and numbers.</summary>
    public Fiction Fiction => fiction;

    /// <summary>The page.</summary>
    public Sheet Sheet => sheet;

    /// <summary>Style of the text.</summary>
    public TypeStyle Body => body;

    /// <summary>From line to line, in pixels.</summary>
    public double Step { get; } = body.Size * draws.Between(1.15, 1.6);

    /// <summary>How the currency is written.</summary>
    public string Symbol { get; } = draws.Pick(fiction.Country.Symbols);

    /// <summary>Whether names and labels are in capitals.</summary>
    public bool Capitals => _capitals;

    /// <summary>The baseline of the next line.</summary>
    public double Y { get; set; }

    /// <summary>A word for something.</summary>
    public string Say(string what) => Case(draws.Pick(Wording.Of(fiction.Country.Language, what)));

    /// <summary>A word for something, as a label before a value.</summary>
    public string Label(string what) => Say(what) + _behindLabel;

    /// <summary>In the case of this paper.</summary>
    public string Case(string text) => _capitals ? text.ToUpperInvariant() : text;

    /// <summary>A number as this paper writes it.</summary>
    public string Number(decimal amount) => fiction.Country.Number(amount, _group);

    /// <summary>A day as this paper writes it.</summary>
    public string Day(DateOnly day)
    {
        var text = day.ToString(_date, CultureInfo.InvariantCulture);
        if (fiction.Country.Language == "de" && _date.Contains("MMMM", StringComparison.Ordinal)) text = text.Replace(day.ToString("MMMM", CultureInfo.InvariantCulture), GermanMonths[day.Month - 1], StringComparison.Ordinal);
        return _capitalMonths ? text.ToUpperInvariant() : text;
    }

    /// <summary>The normalised form of a day.</summary>
    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The normalised form of an amount.</summary>
    public static string Plain(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Goes down.</summary>
    /// <param name="lines">Lines, or a part of one.</param>
    public void Down(double lines = 1) => Y += Step * lines;

    /// <summary>Name of a month and the year.</summary>
    public string Month(DateOnly day) => (fiction.Country.Language == "de" ? GermanMonths[day.Month - 1] : day.ToString(draws.Chance(0.5) ? "MMMM" : "MMM", CultureInfo.InvariantCulture)) + day.ToString(" yyyy", CultureInfo.InvariantCulture);

    private static readonly string[] GermanMonths = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];
}
