using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Drops;

namespace Serverless.Training.Market.Prices;

/// <summary>A local file of daily bars.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Symbol">The symbol of a file without a column for it; null: the file's name.</param>
/// <param name="Exogenous">Whether its symbols are looked at and not traded.</param>
public sealed record PriceFile(string Path, string? Symbol, bool Exogenous);

/// <summary>Reads local files, each written in its own way, into one set of series.</summary>
public static class PriceFiles
{
    /// <summary>The contract of a file whose columns have usual names, with the usual rules; rejected when they cannot be told.</summary>
    /// <param name="drop">The file; stays open.</param>
    /// <param name="file">Which file it is.</param>
    /// <param name="portfolio">The portfolio.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<MarketContract>> ContractOfAsync(LocalDrop drop, PriceFile file, string portfolio, CancellationToken cancel)
    {
        var opened = await DropTable.OpenAsync(drop, new(), new(), cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var table }) return opened.Pass<MarketContract>();
        await using var open = table;
        return PriceLayout.Of(table.Header).Then(columns => columns.Symbol is not null && file.Symbol is not null
            ? Outcome<MarketContract>.Reject($"'{Path.GetFileName(file.Path)}' has its symbols in column '{columns.Symbol}': leave out '{file.Symbol}=' before its name.")
            : new MarketContract
            {
                Family = MarketContract.FamilyName,
                Portfolio = portfolio,
                Version = "1",
                Columns = file.Exogenous ? new() { Symbol = columns.Symbol, Date = columns.Date, Close = columns.Close } : columns,
                Symbol = columns.Symbol is null ? file.Symbol ?? Path.GetFileNameWithoutExtension(file.Path).ToUpperInvariant() : null,
            });
    }

    /// <summary>Reads files.</summary>
    /// <param name="files">The files; those that are not exogenous are read under the contract, as one drop, where there is one.</param>
    /// <param name="contract">The contract; null: columns are found by their usual names, and the usual rules hold.</param>
    /// <param name="portfolio">The portfolio, where there is no contract.</param>
    /// <param name="latest">What is dated behind it is an error.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<MarketRows>> ReadAsync(
        IReadOnlyList<PriceFile> files, MarketContract? contract, string portfolio, DateTimeOffset latest, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var (symbols, exogenous, errors, findings) = (new List<Bars>(), new List<Bars>(), 0, new List<string>());
        var joined = contract;
        if (contract is not null)
        {
            await using var drop = await LocalDrop.OpenAsync([.. files.Where(f => !f.Exogenous).Select(f => f.Path)], cancel);
            var read = await MarketDrop.ReadSeriesAsync(contract, drop, latest, everyExogenous: false, progress, cancel);
            if (read is not Outcome<MarketRows>.Done { Value: var rows }) return read;
            Add(rows);
        }

        foreach (var file in files.Where(f => f.Exogenous || contract is null))
        {
            await using var drop = await LocalDrop.OpenAsync(file.Path, cancel);
            var found = await ContractOfAsync(drop, file, portfolio, cancel);
            if (found is not Outcome<MarketContract>.Done { Value: var own }) return found.Pass<MarketRows>();
            var read = await MarketDrop.ReadSeriesAsync(own, drop, latest, file.Exogenous, progress, cancel);
            if (read is not Outcome<MarketRows>.Done { Value: var rows }) return read;
            Add(rows);
            joined ??= own;
        }

        return MarketDrop.Compose(joined! with { Exogenous = [.. joined!.Exogenous.Union(exogenous.Select(e => e.Symbol))] }, symbols, exogenous, errors, findings);

        void Add(MarketRows rows)
        {
            symbols.AddRange(rows.Symbols);
            exogenous.AddRange(rows.Exogenous);
            findings.AddRange(rows.Findings);
            errors += rows.RowsInError;
        }
    }
}
