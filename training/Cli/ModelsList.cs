using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;

namespace Serverless.Cli;

internal static class ModelsList
{
    public static Command Create(Terminal terminal) => new Command("list", "List the models of every portfolio.").Runs(terminal, async (_, cancel) =>
    {
        return await Storage.UseAsync<Answer>(terminal, async stores =>
        {
            List<ModelListing> models = [];
            await foreach (var model in stores.GetRequiredService<ModelRegistry>().ListAsync(cancel)) models.Add(model);
            return new Answer(
                new JsonObject { ["outcome"] = "done", ["models"] = JsonSerializer.SerializeToNode(models, Json.Options) },
                models.Count == 0 ? "There is no model yet: drop a file, see 'serverless drops upload --help'." : string.Join('\n', models.Select(Line)));
        });
    });

    private static string Line(ModelListing model) => string.Create(
        CultureInfo.InvariantCulture, $"{model.Family + "/" + model.Portfolio,-32} {model.Version} {Standing(model),-8} {model.TrainedAt:yyyy-MM-dd HH:mm} {string.Join(' ', [.. model.Metrics.Select(Figure), .. Fault(model)])}");

    private static string Standing(ModelListing model) => model.Live ? "live" : model.Proposed ? "proposed" : "";

    private static string Figure(KeyValuePair<string, double> metric) => string.Create(CultureInfo.InvariantCulture, $"{metric.Key}={metric.Value:F4}");

    private static IEnumerable<string> Fault(ModelListing model) => model.Fault is { } fault ? [$"cannot be read: {fault}"] : [];
}
