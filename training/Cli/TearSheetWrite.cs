using System.CommandLine;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training.Market;
using Serverless.Training.Market.TearSheets;

namespace Serverless.Cli;

internal static class TearSheetWrite
{
    public static Command Create(Terminal terminal)
    {
        var (data, exogenous, contract, ledger) = (MarketData.Data(), MarketData.Exogenous(), MarketData.Contract(), MarketStudies.Ledger());
        var output = Verb.Out("Folder for tearsheet.html and tearsheet.json; of several symbols, a folder each.");
        return new Command("tearsheet", "Backtest and write what it showed: figures, plots, evidence.") { data, exogenous, contract, ledger, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var (at, folder) = (MarketStudies.LedgerAt(terminal, parsed.GetValue(ledger)), parsed.GetRequiredValue(output));
            var read = await MarketData.ReadAsync(terminal, parsed.GetRequiredValue(data), parsed.GetValue(exogenous) ?? [], parsed.GetValue(contract), cancel);
            if (read is not Outcome<MarketRows>.Done { Value: var rows }) return read.Pass<Answer>();
            var judged = await MarketStudies.RunAsync(terminal, rows, at, cancel);
            if (judged is not Outcome<IReadOnlyList<Training.Market.Strategies.StrategyStudy>>.Done { Value: var studies }) return judged.Pass<Answer>();
            List<string> written = [];
            foreach (var study in studies)
            {
                var place = studies.Count == 1 ? folder : Path.Combine(folder, PortfolioName.Of(study.Bars.Symbol + ".csv"));
                Directory.CreateDirectory(place);
                foreach (var (name, content) in TearSheet.Files(study)) await File.WriteAllBytesAsync(Path.Combine(place, name), content, cancel);
                written.Add(Path.Combine(place, "tearsheet.html"));
            }

            return new Answer(
                new JsonObject { ["outcome"] = "done", ["out"] = folder, ["files"] = new JsonArray([.. written.Select(w => (JsonNode)w)]), ["ledger"] = at },
                string.Join('\n', written.Select(w => $"Wrote {w}")));
        });
    }
}
