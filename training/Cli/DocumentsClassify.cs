using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Documents;

namespace Serverless.Cli;

internal static class DocumentsClassify
{
    public static Command Create(Terminal terminal)
    {
        var images = new Argument<FileInfo[]>("IMAGE") { Description = "PNG, JPEG or WebP files.", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var folder = Verb.ExistingFolder("--model", "Folder with a classifier of pictures.");
        var top = new Option<int>("--top") { Description = "Labels to show for each picture.", DefaultValueFactory = _ => 3 };
        var explain = new Option<bool>("--explain") { Description = "Show which parts of each picture decided." };
        return new Command("classify", "Classify pictures.") { images, folder, top, explain }.Runs(terminal, async (parsed, cancel) =>
        {
            if (parsed.GetValue(top) < 1) return Outcome<Answer>.Reject("--top must be 1 or more.");
            using var model = await Offline.LoadAsync(parsed.GetRequiredValue(folder).FullName, cancel);
            if (model is not DocumentClassifier classifier) return Outcome<Answer>.Reject("The model is no classifier of pictures: give the folder that 'serverless documents train' wrote.");
            var (files, asked) = (parsed.GetRequiredValue(images), (parsed.GetValue(top), parsed.GetValue(explain)));
            return await terminal.WatchAsync(_ => RunAsync(classifier, files, asked.Item1, asked.Item2, cancel), cancel);
        });
    }

    private static async Task<Outcome<Answer>> RunAsync(DocumentClassifier classifier, FileInfo[] files, int top, bool explain, CancellationToken cancel)
    {
        var (answers, faults) = (new List<(string File, DocumentClassification Answer)>(), new List<string>());
        foreach (var file in files)
        {
            var most = classifier.Contract.Picture.Limits.MaxBytes;
            var classified = file.Length > most
                ? Outcome<DocumentClassification>.Reject(string.Create(CultureInfo.InvariantCulture, $"The file has {file.Length} bytes and may have {most}: give the picture smaller."))
                : classifier.Classify(await File.ReadAllBytesAsync(file.FullName, cancel), top, explain);
            if (classified is Outcome<DocumentClassification>.Done { Value: var answer }) answers.Add((file.Name, answer));
            else faults.AddRange(((Outcome<DocumentClassification>.Rejected)classified).Reasons.Select(reason => $"'{file.Name}': {reason}"));
        }

        return faults.Count > 0 ? Outcome<Answer>.Reject(faults) : Describe(answers, classifier.Bundle.Version);
    }

    private static Answer Describe(List<(string File, DocumentClassification Answer)> answers, string version) => new(
        new JsonObject { ["outcome"] = "done", ["version"] = version, ["answers"] = new JsonArray([.. answers.Select(a => Json(a.File, a.Answer))]) },
        string.Join('\n', answers.Select(a => string.Create(CultureInfo.InvariantCulture,
            $"{a.Answer.Label ?? "(none)"}  {string.Join(", ", a.Answer.Top.Select(t => $"{t.Label} {t.Probability:P1}"))}  <- {a.File}{Text(a.Answer.Explanation)}"))));

    private static JsonObject Json(string file, DocumentClassification answer)
    {
        var json = JsonSerializer.SerializeToNode(answer, Serving.Json.Options)!.AsObject();
        json.Insert(0, "file", file);
        return json;
    }

    // A digit for each part: by how many tenths its covering lowers the probability; what speaks against the label is a minus.
    private static string Text(PictureExplanation? explanation)
    {
        if (explanation is null) return "";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n  {explanation.Of} {explanation.Probability:P1}; {explanation.Blank:P1} of a blank picture, {explanation.Residual:+0.000;-0.000} of parts together; each part covered, in tenths:");
        foreach (var row in explanation.Drops)
            text.Append("\n  ").AppendJoin(' ', row.Select(drop => drop < -0.05 ? "-" : Math.Clamp((int)Math.Round(drop * 10), 0, 9) is > 0 and var tenths ? tenths.ToString(CultureInfo.InvariantCulture) : "."));
        return text.ToString();
    }
}
