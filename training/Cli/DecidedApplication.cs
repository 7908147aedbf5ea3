using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;

namespace Serverless.Cli;

/// <summary>What the verbs on one decision have in common: the arguments that name its application.</summary>
internal static class DecidedApplication
{
    /// <summary>A verb on an application, whose names are checked before it runs.</summary>
    public static Command Verb(string name, string description, Terminal terminal, Func<ServiceProvider, ParseResult, string, string, CancellationToken, Task<Outcome<Answer>>> run, params IReadOnlyList<Option> options)
    {
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Portfolio." };
        var id = new Argument<string>("ID") { Description = "Id of the application." };
        var command = new Command(name, description) { portfolio, id };
        foreach (var option in options) command.Add(option);
        return command.Runs(terminal, async (parsed, cancel) =>
        {
            var (named, application) = (parsed.GetRequiredValue(portfolio), parsed.GetRequiredValue(id));
            if (!Names.Portfolio.Allows(named)) return Outcome<Answer>.Reject(Names.Portfolio.Fault);
            if (!Names.ApplicationId.Allows(application)) return Outcome<Answer>.Reject(Names.ApplicationId.Fault);
            return await Storage.UseAsync<Answer>(terminal, stores => run(stores, parsed, named, application, cancel));
        });
    }
}
