using System.CommandLine;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Cli;

internal static class TrainText
{
    public static Command Create(Terminal terminal)
    {
        var data = Verb.ExistingFile("--data", "Labelled texts: CSV with a header, UTF-8.");
        var text = Verb.Required("--text-column", "Column with the text.");
        var label = Verb.Required("--label-column", "Column with the intent.");
        var id = Verb.Optional("--id-column", "Column that identifies a row.");
        var outOfScope = Verb.Optional("--out-of-scope", "Label of texts that belong to no intent.");
        var portfolio = Verb.Optional("--portfolio", "Portfolio; else from the file's name.");
        var output = Verb.Out("Folder for the model and its card.");
        return new Command("text", "Train a text classifier.") { data, text, label, id, outOfScope, portfolio, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var contract = new TextContract
            {
                Family = TextContract.FamilyName,
                Portfolio = parsed.GetValue(portfolio) ?? PortfolioName.Of(parsed.GetRequiredValue(data).Name),
                Version = "1",
                TextColumn = parsed.GetRequiredValue(text),
                LabelColumn = parsed.GetRequiredValue(label),
                IdColumn = parsed.GetValue(id),
                OutOfScopeLabel = parsed.GetValue(outOfScope),
            };
            var family = Offline.Families.Single(f => f.Serving.Name == TextContract.FamilyName);
            var read = family.Serving.ReadContract(Json.File(contract));
            return read is Outcome<DataContract>.Done { Value: var valid }
                ? await Offline.TrainAsync(terminal, family, valid, parsed.GetRequiredValue(data), parsed.GetRequiredValue(output), cancel)
                : read.Pass<Answer>();
        });
    }
}
