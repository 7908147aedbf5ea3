using System.CommandLine;

namespace Serverless.Cli;

internal static class DecisionsShow
{
    public static Command Create(Terminal terminal) => new Command("show", "Show a decision.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
