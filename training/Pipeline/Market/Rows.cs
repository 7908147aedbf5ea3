using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Drops;
using Serverless.Training.Market.Prices;

namespace Serverless.Training.Market;

/// <summary>A market drop that was read and found good.</summary>
/// <param name="Contract">The contract it was read under.</param>
/// <param name="Symbols">Bars of the traded symbols, in ordinal order of their names.</param>
/// <param name="Exogenous">Series that are looked at only, in the contract's order.</param>
/// <param name="RowsInError">Rows that were left out.</param>
/// <param name="Findings">What a person should look at: gaps, stale prices, jumps that look like splits, revisions of what was known before.</param>
public sealed record MarketRows(MarketContract Contract, IReadOnlyList<Bars> Symbols, IReadOnlyList<Bars> Exogenous, int RowsInError, IReadOnlyList<string> Findings)
    : TrainingRows(Symbols.Sum(b => b.Count) + Exogenous.Sum(b => b.Count), RowsInError);

/// <summary>Reads market drops.</summary>
public static class MarketDrop
{
    /// <summary>
    /// Reads a drop, or a union of drops, in which a later one revises days of an earlier one. What was known before a revision is what the earlier
    /// drops say: a version trained on them keeps their hashes.
    /// </summary>
    /// <param name="contract">Names the columns.</param>
    /// <param name="drop">The drop; stays open.</param>
    /// <param name="latest">What is dated behind it is an error.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<MarketRows>> ReadAsync(MarketContract contract, LocalDrop drop, DateTimeOffset latest, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var read = await ReadSeriesAsync(contract, drop, latest, everyExogenous: false, progress, cancel);
        return read.Then(rows => Compose(contract, rows.Symbols, rows.Exogenous, rows.RowsInError, rows.Findings));
    }

    /// <summary>Reads a drop without asking for enough days, nor for the series that the contract names.</summary>
    /// <param name="contract">Names the columns.</param>
    /// <param name="drop">The drop; stays open.</param>
    /// <param name="latest">What is dated behind it is an error.</param>
    /// <param name="everyExogenous">Whether none of the symbols is traded, whatever the contract says.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    internal static async Task<Outcome<MarketRows>> ReadSeriesAsync(
        MarketContract contract, LocalDrop drop, DateTimeOffset latest, bool everyExogenous, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var reader = ReaderOf(contract, latest);
        var read = await reader.ReadAsync(drop, contract.Format, contract.Limits, contract.Training, progress, cancel);
        return read.Then<MarketRows>(_ => Series(contract, reader, everyExogenous));
    }

    /// <summary>Reads a drop to train on, or to add to others, and says what was seen of it.</summary>
    internal static async Task<DropReading> ReadAsync(MarketContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var reader = ReaderOf(contract, context.Latest);
        var table = await reader.ReadAsync(drop, contract.Format, contract.Limits, contract.Training, progress, cancel);
        var series = table.Then<MarketRows>(_ => Series(contract, reader, everyExogenous: false));
        var read = context.Addition ? series : series.Then(rows => Compose(contract, rows.Symbols, rows.Exogenous, rows.RowsInError, rows.Findings)).Then(MarketTrainer.Learnable);
        var quality = reader.Rows < 0 ? null : PriceQuality.Of(contract, drop, context, reader, series, read is Outcome<MarketRows>.Rejected { Reasons: var reasons } ? reasons : []);
        return new(read.Then<TrainingRows>(rows => context.Addition || !context.KeepRows ? new CountedRows(rows.Count, rows.RowsInError) : rows), quality);
    }

    private static PriceReader ReaderOf(MarketContract contract, DateTimeOffset latest) => new(contract.Columns, contract.Symbol, contract.Exogenous.ToHashSet(StringComparer.Ordinal), latest);

    private static MarketRows Series(MarketContract contract, PriceReader reader, bool everyExogenous)
    {
        bool LookedAt(string symbol) => everyExogenous || contract.Exogenous.Contains(symbol);
        List<string> findings = [.. reader.Faults.First];
        if (reader.Revised.Count > 0)
        {
            var (day, symbol) = reader.Revised.Min;
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{reader.Revised.Count} bars of earlier drops were revised, the first of {symbol} on {day:yyyy-MM-dd}: figures of earlier versions stand as they were known then."));
        }

        var series = reader.Symbols.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => PriceSeries.Of(s.Key, s.Value.Values)).ToList();
        foreach (var (bars, widened) in series) findings.AddRange(PriceFindings.Of(bars, widened, !LookedAt(bars.Symbol)));
        var all = series.Select(s => s.Bars).ToList();
        return new(contract, [.. all.Where(b => !LookedAt(b.Symbol))], [.. all.Where(b => LookedAt(b.Symbol))], reader.Faults.Rows, findings);
    }

    /// <summary>Joins series that were read under one contract or several; rejected when there are too few days, or the days cannot be those of an exchange.</summary>
    /// <param name="contract">States which series are exogenous, and the least number of days.</param>
    /// <param name="symbols">Traded symbols.</param>
    /// <param name="exogenous">Series to look at.</param>
    /// <param name="rowsInError">Rows that were left out.</param>
    /// <param name="findings">What was found in the series.</param>
    public static Outcome<MarketRows> Compose(MarketContract contract, IReadOnlyList<Bars> symbols, IReadOnlyList<Bars> exogenous, int rowsInError, IReadOnlyList<string> findings)
    {
        List<string> faults =
        [
            .. symbols.Count == 0 ? ["No symbol of the rows is traded: give bars of at least one that the contract does not name in 'exogenous'."] : Array.Empty<string>(),
            .. contract.Exogenous.Where(e => exogenous.All(b => b.Symbol != e)).Select(e => $"No row is of '{e}', which the contract names in 'exogenous': add its rows, or take it out there."),
            .. symbols.Where(b => b.Count < contract.MinDays).Select(b => string.Create(CultureInfo.InvariantCulture, $"'{b.Symbol}' has {b.Count} days, fewer than the contract's 'minDays' of {contract.MinDays}: drop more of its history, or leave the symbol out.")),
            .. symbols.Concat(exogenous).GroupBy(b => b.Symbol).Where(g => g.Count() > 1).Select(g => $"'{g.Key}' comes with two files: give its days in one, or name the symbols otherwise."),
            .. symbols.Select(PriceFindings.Shifted).OfType<string>(),
        ];
        if (faults.Count > 0) return Outcome<MarketRows>.Reject(faults);
        var ends = symbols.Max(b => b.Days[^1]);
        var late = exogenous.Where(e => ends.DayNumber - e.Days[^1].DayNumber > 7)
            .Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Symbol}: ends on {e.Days[^1]:yyyy-MM-dd}, before the traded symbols do on {ends:yyyy-MM-dd}: its last value is seen until then."));
        return new MarketRows(contract, symbols, [.. contract.Exogenous.Select(e => exogenous.First(b => b.Symbol == e))], rowsInError, [.. findings, .. late]);
    }
}
