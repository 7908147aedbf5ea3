using System.CommandLine;

namespace Serverless.Cli;

internal static class TrainCredit
{
    public static Command Create(Terminal terminal) => new Command("credit", "Train a scorecard.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
