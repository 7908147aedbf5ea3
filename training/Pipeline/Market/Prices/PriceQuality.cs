using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Training.Market.Prices;

/// <summary>What is seen of a drop of daily bars, good or not.</summary>
internal static class PriceQuality
{
    /// <summary>The drop's quality.</summary>
    /// <param name="contract">The contract that it was read under.</param>
    /// <param name="drop">The drop.</param>
    /// <param name="context">What is known besides.</param>
    /// <param name="reader">What read it.</param>
    /// <param name="series">Its series; rejected where they could not be made.</param>
    /// <param name="reasons">Why the drop is rejected, if it is.</param>
    public static DropQuality Of(MarketContract contract, LocalDrop drop, ReadingContext context, PriceReader reader, Outcome<MarketRows> series, IReadOnlyList<string> reasons)
    {
        var rows = (series as Outcome<MarketRows>.Done)?.Value;
        return new DropQuality
        {
            Family = contract.Family,
            Portfolio = contract.Portfolio,
            ContractVersion = contract.Version,
            DataSha256 = drop.Sha256,
            ReadAt = context.Now,
            Reasons = reasons,
            Rows = reader.Rows,
            RowsInError = reader.Faults.Rows,
            FirstFaults = reader.Faults.First,
            // Rows in error are told apart from what was found in the bars.
            Findings = rows is null ? [] : [.. rows.Findings.Except(reader.Faults.First).Select(f => new Finding(Gravity.Watch, f))],
            Symbols = rows is null ? [] : [.. rows.Symbols.Select(b => Describe(b, traded: true)), .. rows.Exogenous.Select(b => Describe(b, traded: false))],
        };
    }

    private static SymbolQuality Describe(Bars bars, bool traded)
    {
        var (sum, squares, unmoved, unknown) = (0.0, 0.0, 0, 0);
        for (var t = 1; t < bars.Count; t++)
        {
            var change = Math.Log(bars.Close[t] / bars.Close[t - 1]);
            (sum, squares, unmoved) = (sum + change, squares + (change * change), unmoved + (change == 0 ? 1 : 0));
        }

        foreach (var money in bars.Traded) unknown += money == 0 ? 1 : 0;
        var changes = Math.Max(1, bars.Count - 1);
        return new(bars.Symbol, traded, bars.Count, bars.Days[0], bars.Days[^1], Math.Sqrt(Math.Max(0, (squares / changes) - (sum / changes * (sum / changes)))), unmoved, unknown);
    }
}
