using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Cli;

internal static class Similar
{
    public static Command Create(Terminal terminal)
    {
        var text = new Argument<string>("TEXT") { Description = "What a customer says." };
        var folder = new Option<DirectoryInfo>("--model") { Description = "Folder with a text model; or give --portfolio." }.AcceptExistingOnly();
        var portfolio = Verb.Optional("--portfolio", "Portfolio whose live model answers; needs storage.");
        var top = new Option<int>("--top") { Description = "Questions to show.", DefaultValueFactory = _ => 5 };
        return new Command("similar", "Show the training questions nearest to a text, where the model's contract has 'similar'.") { text, folder, portfolio, top }.Runs(terminal, async (parsed, cancel) =>
        {
            var (at, of, most) = (parsed.GetValue(folder), parsed.GetValue(portfolio), parsed.GetValue(top));
            if (at is null == of is null) return Outcome<Answer>.Reject(Classify.WhichModel);
            if (most < 1) return Outcome<Answer>.Reject("--top must be 1 or more.");
            var opened = await Classify.OpenAsync(terminal, at, of, cancel);
            if (opened is not Outcome<TextClassifier>.Done { Value: var model }) return opened.Pass<Answer>();
            using (model) return model.Similar(parsed.GetRequiredValue(text), most, cancel).Then<Answer>(found => Describe(found, model.Bundle.Version));
        });
    }

    private static Answer Describe(SimilarQuestions found, string version) => new(
        new JsonObject
        {
            ["outcome"] = "done",
            ["version"] = version,
            ["redactions"] = JsonSerializer.SerializeToNode(found.Redactions, Json.Options),
            ["questions"] = JsonSerializer.SerializeToNode(found.Questions, Json.Options),
        },
        found.Questions.Count == 0
            ? "No training question has anything in common with it."
            : string.Join('\n', found.Questions.Select(q => string.Create(CultureInfo.InvariantCulture, $"{q.Similarity:F3}  {q.Intent}  {q.Text}"))));
}
