using System.CommandLine;

namespace Serverless.Cli;

internal static class TrainText
{
    public static Command Create(Terminal terminal) => new Command("text", "Train a text classifier.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
