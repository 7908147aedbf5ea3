using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Market;

/// <summary>
/// Where daily bars stand in a table. Prices are adjusted by <see cref="Adjusted"/>, or by <see cref="Splits"/> and <see cref="Dividends"/>; without
/// any of them they are taken as adjusted. A jump that looks like a split is reported.
/// </summary>
public sealed record PriceColumns
{
    /// <summary>Column with the symbol; null where a file holds one symbol.</summary>
    [RegularExpression(DataContract.Filled)]
    public string? Symbol { get; init; }

    /// <summary>Column with the trading day, or with a time whose own offset tells the day.</summary>
    [RegularExpression(DataContract.Filled)]
    public required string Date { get; init; }

    /// <summary>Column with the opening price; null where there is none: the close of the day before stands for it.</summary>
    [RegularExpression(DataContract.Filled)]
    public string? Open { get; init; }

    /// <summary>Column with the day's highest price; null where there is none.</summary>
    [RegularExpression(DataContract.Filled)]
    public string? High { get; init; }

    /// <summary>Column with the day's lowest price; null where there is none.</summary>
    [RegularExpression(DataContract.Filled)]
    public string? Low { get; init; }

    /// <summary>Column with the closing price.</summary>
    [RegularExpression(DataContract.Filled)]
    public required string Close { get; init; }

    /// <summary>Column with the shares traded; null where there is none.</summary>
    [RegularExpression(DataContract.Filled)]
    public string? Volume { get; init; }

    /// <summary>Column with the close adjusted for splits and dividends; the other prices of the day are moved by the same factor.</summary>
    [RegularExpression(DataContract.Filled)]
    public string? Adjusted { get; init; }

    /// <summary>Column with the shares that one share became on that morning, such as 2; empty, 0 or 1 on other days.</summary>
    [RegularExpression(DataContract.Filled)]
    public string? Splits { get; init; }

    /// <summary>Column with the dividend of a share that went ex on that morning, in money; empty or 0 on other days.</summary>
    [RegularExpression(DataContract.Filled)]
    public string? Dividends { get; init; }

    /// <summary>Every column that is named, with the member that names it.</summary>
    public IEnumerable<(string Member, string Column)> Named()
    {
        (string Member, string? Column)[] all =
        [
            ("symbol", Symbol), ("date", Date), ("open", Open), ("high", High), ("low", Low), ("close", Close), ("volume", Volume),
            ("adjusted", Adjusted), ("splits", Splits), ("dividends", Dividends),
        ];
        return all.Where(c => c.Column is not null).Select(c => (c.Member, c.Column!));
    }
}
