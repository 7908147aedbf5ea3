using System.CommandLine;

namespace Serverless.Cli;

internal static class Evaluate
{
    public static Command Create(Terminal terminal) => new Command("evaluate", "Evaluate a model on a file.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
