using System.Globalization;

namespace Serverless.Training.Samples;

/// <summary>How a country writes what is on papers. Patterns are those of <see cref="Draws.Fill"/>.</summary>
/// <param name="Code">ISO 3166-1.</param>
/// <param name="Language">Of its papers: see <see cref="Wording"/>.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Symbols">Ways to write the currency.</param>
/// <param name="Decimal">Sign before the decimals.</param>
/// <param name="Groups">Signs between thousands, one for a paper; an empty one: none.</param>
/// <param name="Dates">Ways to write a day, as .NET's custom formats.</param>
internal sealed record SampleCountry(string Code, string Language, string Currency, string[] Symbols, char Decimal, string[] Groups, string[] Dates)
{
    /// <summary>Street lines; {w} is a word, {n} a number.</summary>
    public required string[] Streets { get; init; }

    /// <summary>What may stand before or behind the street: unit, building, quarter.</summary>
    public string[] Places { get; init; } = [];

    /// <summary>Postcode and town; {t} is a town.</summary>
    public required string[] Posts { get; init; }

    /// <summary>Towns.</summary>
    public required string[] Towns { get; init; }

    /// <summary>Regions and the country as written last.</summary>
    public string[] Ends { get; init; } = [];

    /// <summary>Endings of companies' names.</summary>
    public required string[] Suffixes { get; init; }

    /// <summary>Telephone numbers.</summary>
    public required string[] Phones { get; init; }

    /// <summary>Numbers of the company and of its tax, with their words.</summary>
    public required string[] Registrations { get; init; }

    /// <summary>Words for the tax on sales.</summary>
    public required string[] Taxes { get; init; }

    /// <summary>Rates of that tax in percent.</summary>
    public required decimal[] Rates { get; init; }

    /// <summary>National account numbers.</summary>
    public required string[] Accounts { get; init; }

    /// <summary>The national part of an IBAN; absent: none.</summary>
    public string? Bban { get; init; }

    /// <summary>Whether cash totals are rounded to five hundredths.</summary>
    public bool Rounds { get; init; }

    /// <summary>Writes a number with two decimals.</summary>
    public string Number(decimal amount, string group)
    {
        var digits = Math.Abs(amount).ToString("#,##0.00", CultureInfo.InvariantCulture).Replace(",", "G", StringComparison.Ordinal).Replace('.', Decimal);
        return (amount < 0 ? "-" : "") + digits.Replace("G", group, StringComparison.Ordinal);
    }
}
