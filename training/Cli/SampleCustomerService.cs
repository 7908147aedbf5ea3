using System.CommandLine;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training.Samples;

namespace Serverless.Cli;

internal static class SampleCustomerService
{
    public static Command Create(Terminal terminal)
    {
        var output = Verb.Out("CSV to write.");
        var contract = Verb.Optional("--contract", "Where to write its contract (JSON).");
        return new Command("customer-service", "Write labelled customer messages, made for this project.") { output, contract }.Runs(terminal, async (parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(output);
            await using var texts = CustomerServiceSample.OpenCsv();
            await using (var csv = Verb.CreateFile(path)) await texts.CopyToAsync(csv, cancel);
            if (parsed.GetValue(contract) is { } beside) await File.WriteAllBytesAsync(beside, Json.File(CustomerServiceSample.Contract), cancel);
            return new Answer(
                new JsonObject { ["outcome"] = "done", ["out"] = path, ["textColumn"] = CustomerServiceSample.Contract.TextColumn, ["labelColumn"] = CustomerServiceSample.Contract.LabelColumn },
                $"Wrote the messages: {path} (columns '{CustomerServiceSample.Contract.TextColumn}' and '{CustomerServiceSample.Contract.LabelColumn}', out of scope '{CustomerServiceSample.Contract.OutOfScopeLabel}').");
        });
    }
}
