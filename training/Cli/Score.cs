using System.CommandLine;

namespace Serverless.Cli;

internal static class Score
{
    public static Command Create(Terminal terminal) => new Command("score", "Score a file.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
