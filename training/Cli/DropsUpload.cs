using System.CommandLine;

namespace Serverless.Cli;

internal static class DropsUpload
{
    public static Command Create(Terminal terminal) => new Command("upload", "Upload a drop.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
