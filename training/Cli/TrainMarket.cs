using System.CommandLine;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market;

namespace Serverless.Cli;

internal static class TrainMarket
{
    public static Command Create(Terminal terminal)
    {
        var (data, exogenous, contract) = (MarketData.Data(), MarketData.Exogenous(), MarketData.Contract());
        var output = Verb.Out("Folder for the model and its card.");
        return new Command("market", "Train forecasts of daily returns and volatility.") { data, exogenous, contract, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var (files, besides) = (parsed.GetRequiredValue(data), parsed.GetValue(exogenous) ?? []);
            var read = await MarketData.ReadAsync(terminal, files, besides, parsed.GetValue(contract), cancel);
            if (read is not Outcome<MarketRows>.Done { Value: var rows }) return read.Pass<Answer>();
            if (MarketTrainer.Learnable(rows) is Outcome<MarketRows>.Rejected few) return Outcome<Answer>.Reject(few.Reasons);
            await using var drop = await Verb.OpenAsync([.. files.Concat(besides).Select(f => new FileInfo(MarketData.File(f, lookedAt: false).Path))], cancel);
            var family = Offline.Families.Single(f => f.Serving.Name == MarketContract.FamilyName);
            return await Offline.TrainAsync(terminal, family, rows.Contract, rows, drop.Sha256, parsed.GetRequiredValue(output), cancel);
        });
    }
}
