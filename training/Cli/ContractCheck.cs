using System.CommandLine;

namespace Serverless.Cli;

internal static class ContractCheck
{
    public static Command Create(Terminal terminal) => new Command("check", "Check a contract, and a file against it.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
