using System.CommandLine;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market;
using Serverless.Training.Market.Prices;

namespace Serverless.Cli;

/// <summary>Files of daily bars, as the verbs of the market family take them.</summary>
internal static class MarketData
{
    public static Option<string[]> Data() => new("--data")
    {
        Description = "Daily bars of symbols that are traded, with a header: FILE, or SYMBOL=FILE for one without a column for the symbol (else its name is taken). CSV, gzip of CSV, or Parquet.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<string[]> Exogenous() => new("--exogenous")
    {
        Description = "Daily series that are looked at and not traded, such as VIX=vix.csv; a date and a close are enough.",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<FileInfo> Contract() => new Option<FileInfo>("--contract") { Description = "Contract of the portfolio (JSON), with columns, costs, limits and search; absent: columns by their usual names, and the usual rules." }.AcceptExistingOnly();

    /// <summary>Reads the files that a verb was given.</summary>
    public static async Task<Outcome<MarketRows>> ReadAsync(Terminal terminal, string[] data, string[] exogenous, FileInfo? contract, CancellationToken cancel)
    {
        List<PriceFile> files = [.. data.Select(d => File(d, lookedAt: false)), .. exogenous.Select(e => File(e, lookedAt: true))];
        var absent = files.Where(f => !System.IO.File.Exists(f.Path)).Select(f => $"File does not exist: '{f.Path}'.").ToList();
        if (absent.Count > 0) return Outcome<MarketRows>.Reject(absent);
        MarketContract? stated = null;
        if (contract is not null)
        {
            var read = MarketContract.Read(await System.IO.File.ReadAllBytesAsync(contract.FullName, cancel));
            if (read is not Outcome<DataContract>.Done { Value: MarketContract valid }) return read.Pass<MarketRows>();
            if (files.Exists(f => f is { Exogenous: false, Symbol: not null })) return Outcome<MarketRows>.Reject("With --contract the symbols stand in the rows or in the contract: give --data files without 'SYMBOL='.");
            stated = valid;
        }

        var portfolio = PortfolioName.Of(Path.GetFileName(files[0].Path));
        return await terminal.WatchAsync(progress => PriceFiles.ReadAsync(files, stated, portfolio, TimeProvider.System.GetUtcNow().AddHours(14), progress, cancel), cancel);
    }

    /// <summary>A file, or a symbol and a file.</summary>
    public static PriceFile File(string given, bool lookedAt)
    {
        var equals = given.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && !System.IO.File.Exists(given) ? new(given[(equals + 1)..], given[..equals].Trim(), lookedAt) : new(given, null, lookedAt);
    }
}
