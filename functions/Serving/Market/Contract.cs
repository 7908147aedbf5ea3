using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Serving.Market;

/// <summary>The data contract of a market portfolio: where daily bars of its symbols stand, what is forecast, and what a strategy must show.</summary>
public sealed record MarketContract : DataContract
{
    /// <summary>Name of the family.</summary>
    public const string FamilyName = "market";

    /// <summary>Drops add days; the last 30 % of the days judge, and a day has no rare class.</summary>
    public MarketContract() => (Drops, Training, Gate) = (DropMode.Increment, new() { Holdout = 0.3 }, new() { MinRare = 0 });

    /// <summary>Columns of the files.</summary>
    public required PriceColumns Columns { get; init; }

    /// <summary>The symbol of files without a column for it.</summary>
    [RegularExpression(Unpadded)]
    public string? Symbol { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? RowDate => Columns.Date;

    /// <summary>Symbols among the rows that are looked at and never traded, such as VIX; they need a close only.</summary>
    [RegularExpression(Unpadded)]
    public IReadOnlyList<string> Exogenous { get; init; } = [];

    /// <summary>Trading days ahead that are forecast, 1 to 63.</summary>
    [Range(1, 63, ErrorMessage = "1 forecasts the next day, 21 the next month")]
    public int Horizon { get; init; } = 1;

    /// <summary>Least number of days that a traded symbol must have.</summary>
    [Range(300, 100_000, ErrorMessage = "two years of days are 504, and estimates from fewer say little")]
    public int MinDays { get; init; } = 504;

    /// <summary>How forecasts are trained and judged.</summary>
    public ForecastRules Forecast { get; init; } = new();

    /// <summary>Costs, limits, search and evidence of strategies.</summary>
    public StrategyRules Strategy { get; init; } = new();

    /// <summary>Parses and checks a contract; all faults are listed at once.</summary>
    public static Outcome<DataContract> Read(ReadOnlySpan<byte> json) => ContractReader.Read<MarketContract>(json, ContractFaults.Of);
}
