using System.CommandLine;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training.Text;

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
        var encoder = new Option<DirectoryInfo>("--encoder") { Description = "Folder exported from Hugging Face: the encoder that the contract names; without --contract, one to build on." }.AcceptExistingOnly();
        var output = Verb.Out("Folder for the model and its card.");
        return new Command("text", "Train a text classifier.") { data, given, text, label, id, outOfScope, portfolio, encoder, output }.Runs(terminal, async (parsed, cancel) =>
        {
            Option<string?>[] columns = [text, label, id, outOfScope, portfolio];
            var file = parsed.GetValue(given);
            var fits = file is null ? columns.Take(2).All(o => parsed.GetValue(o) is not null) : columns.All(o => parsed.GetValue(o) is null);
            if (!fits) return Outcome<Answer>.Reject("Give either --contract alone, or --text-column and --label-column.");
            var folder = parsed.GetValue(encoder);
            var exported = folder is null ? null : await EncoderFolder.ReadAsync(folder.FullName, PortfolioName.Of(folder.Name), TimeProvider.System.GetUtcNow(), cancel);
            if (exported is Outcome<ModelBundle>.Rejected unusable) return unusable.Pass<Answer>();
            var bundle = (exported as Outcome<ModelBundle>.Done)?.Value;
            var json = file is not null ? await File.ReadAllBytesAsync(file.FullName, cancel) : Json.File(new TextContract
            {
                Family = TextContract.FamilyName,
                Portfolio = parsed.GetValue(portfolio) ?? PortfolioName.Of(parsed.GetRequiredValue(data)[0].Name),
                Version = "1",
                TextColumn = parsed.GetValue(text)!,
                LabelColumn = parsed.GetValue(label)!,
                IdColumn = parsed.GetValue(id),
                OutOfScopeLabel = parsed.GetValue(outOfScope),
            }.On(bundle));
            var family = Offline.Families.Single(f => f.Serving.Name == TextContract.FamilyName);
            var read = family.Serving.ReadContract(json);
            if (read is not Outcome<DataContract>.Done { Value: TextContract valid }) return read.Pass<Answer>();
            if (bundle is not null && bundle.Version != valid.Encoder?.Version)
                return Outcome<Answer>.Reject($"The encoder in '{folder!.Name}' is version {bundle.Version}, and the contract names {(valid.Encoder is { } named ? $"version {named.Version}" : "no encoder")}: write \"encoder\": {{ \"name\": \"{bundle.Manifest.Portfolio}\", \"version\": \"{bundle.Version}\" }}, or give the folder that it was registered from.");
            return await Offline.TrainAsync(terminal, family, valid, parsed.GetRequiredValue(data), parsed.GetRequiredValue(output), bundle, cancel);
        });
    }

    // Nobody wrote a gate for it: any encoder that can be served may be built on.
    private static TextContract On(this TextContract contract, ModelBundle? encoder) => encoder is null ? contract : contract with
    {
        Encoder = new() { Name = encoder.Manifest.Portfolio, Version = encoder.Version, MaxTokens = Math.Min(128, encoder.Read<EncoderSettings>(EncoderSettings.File).MostTokens) },
        Gate = contract.Gate with { MaxBundleMegabytes = ModelBundle.MaxMegabytes },
    };
}
