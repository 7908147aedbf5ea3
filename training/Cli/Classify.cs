using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Cli;

internal static class Classify
{
    /// <summary>What is said where none or two models are named.</summary>
    public const string WhichModel = "Give the model: either --model DIR, or --portfolio for the live one.";

    public static Command Create(Terminal terminal)
    {
        var texts = new Argument<string[]>("TEXT") { Description = "Texts to classify.", Arity = ArgumentArity.ZeroOrMore };
        var folder = new Option<DirectoryInfo>("--model") { Description = "Folder with a text model; or give --portfolio." }.AcceptExistingOnly();
        var portfolio = Verb.Optional("--portfolio", "Portfolio whose live model answers; needs storage.");
        var data = new Option<FileInfo>("--data") { Description = "Texts in the text column of the model's contract, instead of TEXT: CSV, gzip of CSV, or Parquet." }.AcceptExistingOnly();
        var output = new Option<string?>("--out", "-o") { Description = "CSV to write for --data: id, intent, probability, ambiguous." };
        var top = new Option<int>("--top") { Description = "Intents to show for each text.", DefaultValueFactory = _ => 3 };
        var explain = new Option<bool>("--explain") { Description = "Show the words and characters that decided each TEXT." };
        return new Command("classify", "Classify texts by intent.") { texts, folder, portfolio, data, output, top, explain }.Runs(terminal, async (parsed, cancel) =>
        {
            if (Usage(parsed.GetValue(texts) is { Length: > 0 }, parsed.GetValue(folder) is not null, parsed.GetValue(portfolio) is not null, parsed.GetValue(data) is not null, parsed.GetValue(output) is not null, parsed.GetValue(top), parsed.GetValue(explain)) is { Count: > 0 } faults)
                return Outcome<Answer>.Reject(faults);
            var opened = await OpenAsync(terminal, parsed.GetValue(folder), parsed.GetValue(portfolio), cancel);
            if (opened is not Outcome<TextClassifier>.Done { Value: var model }) return opened.Pass<Answer>();
            using (model)
            {
                if (parsed.GetValue(data) is { } file)
                    return await terminal.WatchAsync(progress => FileClassification.RunAsync(model, file, parsed.GetValue(output)!, progress, cancel), cancel);
                var given = parsed.GetValue(texts)!;
                var classified = parsed.GetValue(explain) ? model.Explain(given, parsed.GetValue(top), cancel) : model.Classify(given, parsed.GetValue(top), cancel);
                return classified.Then<Answer>(answers => Describe(given, answers, model.Bundle.Version));
            }
        });
    }

    /// <summary>The model of a folder or, without one, the live one of a portfolio.</summary>
    public static async Task<Outcome<TextClassifier>> OpenAsync(Terminal terminal, DirectoryInfo? folder, string? portfolio, CancellationToken cancel) =>
        folder is null ? await LiveAsync(terminal, portfolio!, cancel) : Loaded(await Offline.LoadAsync(folder.FullName, cancel));

    private static List<string> Usage(bool texts, bool folder, bool portfolio, bool data, bool output, int top, bool explain) =>
    [
        .. folder == portfolio ? [WhichModel] : Array.Empty<string>(),
        .. texts == data ? ["Give either texts or --data FILE."] : Array.Empty<string>(),
        .. data != output ? ["--data and --out belong together."] : Array.Empty<string>(),
        .. top < 1 ? ["--top must be 1 or more."] : Array.Empty<string>(),
        .. explain && data ? ["--explain is for texts, not for --data: give the texts to explain as arguments."] : Array.Empty<string>(),
    ];

    private static Outcome<TextClassifier> Loaded(IServedModel model)
    {
        if (model is TextClassifier classifier) return classifier;
        model.Dispose();
        return Outcome<TextClassifier>.Reject("The model is no text classifier: give the folder that 'serverless train text' wrote.");
    }

    private static async Task<Outcome<TextClassifier>> LiveAsync(Terminal terminal, string portfolio, CancellationToken cancel)
    {
        if (!Names.Portfolio.Allows(portfolio)) return Outcome<TextClassifier>.Reject(Names.Portfolio.Fault);
        return await Storage.UseAsync<TextClassifier>(terminal, async stores =>
        {
            var registry = stores.GetRequiredService<ModelRegistry>();
            return await registry.ChampionAsync(TextContract.FamilyName, portfolio, cancel) is { } champion
                ? TextClassifier.Load(await registry.OpenAsync(TextContract.FamilyName, portfolio, champion.Version, cancel))
                : Outcome<TextClassifier>.Reject($"No model of text/{portfolio} is live: see 'serverless models list'.");
        });
    }

    private static Answer Describe(string[] texts, IReadOnlyList<Classification> answers, string version) => new(
        new JsonObject { ["outcome"] = "done", ["version"] = version, ["answers"] = JsonSerializer.SerializeToNode(answers, Json.Options) },
        string.Join('\n', texts.Zip(answers, (text, answer) => string.Create(CultureInfo.InvariantCulture,
            $"{answer.Intent ?? "(none)"}{(answer.Ambiguous ? " (ambiguous)" : "")}  {string.Join(", ", answer.Top.Select(t => $"{t.Intent} {t.Probability:P1}"))}  <- {text}{ExplanationTable.Of(answer.Explanation)}"))));
}
