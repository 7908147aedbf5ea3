using System.CommandLine;
using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Cli;

internal static class TrainCredit
{
    public static Command Create(Terminal terminal)
    {
        var contract = Verb.ExistingFile("--contract", "Contract of the portfolio (JSON), as 'contract infer' writes it.");
        var data = Verb.Drop("Loan export");
        var output = Verb.Out("Folder for the model and its card.");
        return new Command("credit", "Train a scorecard.") { contract, data, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var json = await File.ReadAllBytesAsync(parsed.GetRequiredValue(contract).FullName, cancel);
            var read = new CreditFamily().ReadContract(json);
            return read is Outcome<DataContract>.Done { Value: var valid }
                ? await Offline.TrainAsync(terminal, Offline.Families.Single(f => f.Serving.Name == CreditContract.FamilyName), valid, parsed.GetRequiredValue(data), parsed.GetRequiredValue(output), baseModel: null, cancel)
                : read.Pass<Answer>();
        });
    }
}
