using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Drops;
using Serverless.Training.Market;
using Serverless.Training.Market.Prices;

namespace Serverless.Cli;

/// <summary>A contract for daily bars whose columns have usual names, checked against the file that it is inferred from.</summary>
internal static class MarketInfer
{
    public static async Task<Outcome<Answer>> RunAsync(Terminal terminal, FileInfo file, string[] exogenous, string? portfolio, string path, CancellationToken cancel)
    {
        await using var drop = await LocalDrop.OpenAsync(file.FullName, cancel);
        var found = await PriceFiles.ContractOfAsync(drop, new(file.FullName, null, Exogenous: false), portfolio ?? PortfolioName.Of(file.Name), cancel);
        if (found is not Outcome<MarketContract>.Done { Value: var usual }) return found.Pass<Answer>();
        var json = Json.File(usual with { Exogenous = exogenous });
        var checkedAgain = MarketContract.Read(json);
        if (checkedAgain is not Outcome<DataContract>.Done { Value: MarketContract contract }) return checkedAgain.Pass<Answer>();
        var read = await terminal.WatchAsync(progress => MarketDrop.ReadAsync(contract, drop, TimeProvider.System.GetUtcNow().AddHours(14), progress, cancel), cancel);
        if (read is not Outcome<MarketRows>.Done { Value: var rows }) return read.Pass<Answer>();
        await using var written = Verb.CreateFile(path);
        await written.WriteAsync(json, cancel);
        var symbols = rows.Symbols.Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Symbol,-8} {b.Count} days, {b.Days[0]:yyyy-MM-dd} to {b.Days[^1]:yyyy-MM-dd}"));
        return new Answer(
            new JsonObject
            {
                ["outcome"] = "done",
                ["out"] = path,
                ["portfolio"] = contract.Portfolio,
                ["symbols"] = new JsonArray([.. rows.Symbols.Select(b => (JsonNode)b.Symbol)]),
                ["findings"] = JsonSerializer.SerializeToNode(rows.Findings, Json.Options),
            },
            string.Join('\n', [.. symbols, .. rows.Findings, $"Wrote {path}. Set costs and limits in it, then: serverless backtest --contract {path} --data {file.Name}"]));
    }
}
