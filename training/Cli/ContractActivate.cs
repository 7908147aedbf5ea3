using System.CommandLine;

namespace Serverless.Cli;

internal static class ContractActivate
{
    public static Command Create(Terminal terminal) => new Command("activate", "Activate a contract in storage.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
