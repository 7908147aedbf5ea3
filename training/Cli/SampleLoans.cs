using System.CommandLine;

namespace Serverless.Cli;

internal static class SampleLoans
{
    public static Command Create(Terminal terminal) => new Command("loans", "Loan export.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
