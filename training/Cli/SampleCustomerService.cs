using System.CommandLine;

namespace Serverless.Cli;

internal static class SampleCustomerService
{
    public static Command Create(Terminal terminal) => new Command("customer-service", "Texts.").Runs(terminal, (_, _) => throw new NotImplementedException());
}
