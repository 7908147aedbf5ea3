using System.CommandLine;
using Serverless.Serving;
using Serverless.Serving.Documents;

namespace Serverless.Cli;

internal static class DocumentsTrain
{
    public static Command Create(Terminal terminal)
    {
        var data = DocumentData.Data();
        var contract = new Option<FileInfo>("--contract") { Description = "Contract of the portfolio (JSON); absent: columns by their usual names, and the usual rules." }.AcceptExistingOnly();
        var portfolio = Verb.Optional("--portfolio", "Portfolio, without --contract; else from the file's name.");
        var output = Verb.Out("Folder for the model and its card.");
        return new Command("train", "Train a classifier of pictures.") { data, contract, portfolio, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var (given, stated, named) = (parsed.GetRequiredValue(data), parsed.GetValue(contract), parsed.GetValue(portfolio));
            if (stated is not null && named is not null) return Outcome<Answer>.Reject("Give either --contract, which names the portfolio, or --portfolio.");
            await using var drop = await DocumentData.OpenAsync(given, cancel);
            var read = await DocumentData.ContractAsync(stated, drop, named ?? PortfolioName.Of(given[0].Name), cancel);
            if (read is not Outcome<DocumentContract>.Done { Value: var valid }) return read.Pass<Answer>();
            if (!Names.Portfolio.Allows(valid.Portfolio)) return Outcome<Answer>.Reject(Names.Portfolio.Fault);
            var family = Offline.Families.Single(f => f.Serving.Name == DocumentContract.FamilyName);
            return (await Offline.BuildAsync(terminal, family, valid, drop, parsed.GetRequiredValue(output), null, cancel)).Then<Answer>(built => built.Figures);
        });
    }
}
