using System.CommandLine;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Cli;

internal static class TrainText
{
    public static Command Create(Terminal terminal)
    {
        var data = Verb.Drop("Labelled texts");
        var given = new Option<FileInfo>("--contract") { Description = "Contract of the portfolio (JSON); or name the columns." }.AcceptExistingOnly();
        var text = Verb.Optional("--text-column", "Column with the text.");
        var label = Verb.Optional("--label-column", "Column with the intent.");
        var id = Verb.Optional("--id-column", "Column that identifies a row.");
        var outOfScope = Verb.Optional("--out-of-scope", "Label of texts that belong to no intent.");
        var portfolio = Verb.Optional("--portfolio", "Portfolio; else from the file's name.");
        var output = Verb.Out("Folder for the model and its card.");
        return new Command("text", "Train a text classifier.") { data, given, text, label, id, outOfScope, portfolio, output }.Runs(terminal, async (parsed, cancel) =>
        {
            Option<string?>[] columns = [text, label, id, outOfScope, portfolio];
            var file = parsed.GetValue(given);
            var fits = file is null ? columns.Take(2).All(o => parsed.GetValue(o) is not null) : columns.All(o => parsed.GetValue(o) is null);
            if (!fits) return Outcome<Answer>.Reject("Give either --contract alone, or --text-column and --label-column.");
            var json = file is not null ? await File.ReadAllBytesAsync(file.FullName, cancel) : Json.File(new TextContract
            {
                Family = TextContract.FamilyName,
                Portfolio = parsed.GetValue(portfolio) ?? PortfolioName.Of(parsed.GetRequiredValue(data)[0].Name),
                Version = "1",
                TextColumn = parsed.GetValue(text)!,
                LabelColumn = parsed.GetValue(label)!,
                IdColumn = parsed.GetValue(id),
                OutOfScopeLabel = parsed.GetValue(outOfScope),
            });
            var family = Offline.Families.Single(f => f.Serving.Name == TextContract.FamilyName);
            var read = family.Serving.ReadContract(json);
            return read is Outcome<DataContract>.Done { Value: var valid }
                ? await Offline.TrainAsync(terminal, family, valid, parsed.GetRequiredValue(data), parsed.GetRequiredValue(output), cancel)
                : read.Pass<Answer>();
        });
    }
}
