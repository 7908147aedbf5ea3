using System.CommandLine;

namespace Serverless.Cli;

internal static class ModelsShow
{
    public static Command Create(Terminal terminal) => new Command("show", "Show a model.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
