using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Cli;

internal static class DecisionsShow
{
    public static Command Create(Terminal terminal)
    {
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Portfolio." };
        var id = new Argument<string>("ID") { Description = "Id of the application." };
        return new Command("show", "Show the decision on an application, with its reasons.") { portfolio, id }.Runs(terminal, async (parsed, cancel) =>
        {
            var (named, application) = (parsed.GetRequiredValue(portfolio), parsed.GetRequiredValue(id));
            if (!Names.Portfolio.Allows(named)) return Outcome<Answer>.Reject(Names.Portfolio.Fault);
            if (!Names.ApplicationId.Allows(application)) return Outcome<Answer>.Reject(Names.ApplicationId.Fault);
            var storage = Storage.Open(terminal);
            if (storage is not Outcome<ServiceProvider>.Done { Value: var stores }) return storage.Pass<Answer>();
            await using (stores)
            {
                return await stores.GetRequiredService<ApplicationStore>().FindAsync(named, application, cancel) is { } record
                    ? new Answer(
                        new JsonObject { ["outcome"] = "done", ["decision"] = JsonSerializer.SerializeToNode(record.Decision, Json.Options) },
                        Encoding.UTF8.GetString(Json.File(record.Decision)).TrimEnd())
                    : Outcome<Answer>.Reject($"There is no decision on application '{application}' in portfolio '{named}'.");
            }
        });
    }
}
