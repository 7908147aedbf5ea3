using System.CommandLine;

namespace Serverless.Cli;

internal static class ModelsList
{
    public static Command Create(Terminal terminal) => new Command("list", "List models.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
