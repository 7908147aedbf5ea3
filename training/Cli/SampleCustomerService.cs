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
        var language = new Option<string>("--language") { Description = "Of the messages: en or zh.", DefaultValueFactory = _ => "en" }.AcceptOnlyFromAmong("en", "zh");
        return new Command("customer-service", "Write labelled customer messages, made for this project.") { output, contract, language }.Runs(terminal, async (parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(output);
            var (sample, open) = parsed.GetRequiredValue(language) == "zh"
                ? (ChineseCustomerServiceSample.Contract, (Func<Stream>)ChineseCustomerServiceSample.OpenCsv)
                : (CustomerServiceSample.Contract, CustomerServiceSample.OpenCsv);
            await using var texts = open();
            await using (var csv = Verb.CreateFile(path)) await texts.CopyToAsync(csv, cancel);
            if (parsed.GetValue(contract) is { } beside) await File.WriteAllBytesAsync(beside, Json.File(sample), cancel);
            return new Answer(
                new JsonObject { ["outcome"] = "done", ["out"] = path, ["textColumn"] = sample.TextColumn, ["labelColumn"] = sample.LabelColumn },
                $"Wrote the messages: {path} (columns '{sample.TextColumn}' and '{sample.LabelColumn}', out of scope '{sample.OutOfScopeLabel}').");
        });
    }
}
