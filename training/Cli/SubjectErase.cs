using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Subjects;

namespace Serverless.Cli;

internal static class SubjectErase
{
    private const string Source = "The core-banking system that the exports come from must erase it too, or the next export brings it back. Models that were trained on erased rows stay as they are.";

    public static Command Create(Terminal terminal)
    {
        var id = Verb.Required("--id", "Id of the application, and of the rows in exports.");
        var portfolio = Verb.Optional("--portfolio", "Portfolio; all if left out.");
        var actor = Verb.Required("--actor", "Who asks for it; is recorded.");
        return new Command("erase", "Erase what is known under an id, and say what remains to be done; the log's chain stays whole.") { id, portfolio, actor }.Runs(terminal, (parsed, cancel) =>
            Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var erasure = stores.GetRequiredService<SubjectErasure>();
                var done = await terminal.WatchAsync(progress => erasure.RunAsync(parsed.GetRequiredValue(id), parsed.GetValue(portfolio), parsed.GetRequiredValue(actor), progress, cancel), cancel);
                return done.Then(Describe);
            }));
    }

    /// <summary>What remains to be done is no success: the exit code says so.</summary>
    private static Outcome<Answer> Describe(SubjectErased erased)
    {
        var summary = $"Erased: {erased.Applications} applications, {erased.Papers} papers, {erased.Refused} refused messages, {erased.Feedbacks} feedbacks, {erased.Rows} rows of the data that models are trained on.";
        if (erased.Left.Count > 0) return Outcome<Answer>.Reject([.. erased.Left, Source, summary]);
        return new Answer(
            new JsonObject { ["outcome"] = "done", ["applications"] = erased.Applications, ["papers"] = erased.Papers, ["refused"] = erased.Refused, ["feedbacks"] = erased.Feedbacks, ["rows"] = erased.Rows },
            $"{summary}\n{Source}");
    }
}
