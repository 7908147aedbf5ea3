using System.CommandLine;

namespace Serverless.Cli;

internal static class Classify
{
    public static Command Create(Terminal terminal) => new Command("classify", "Classify texts.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
