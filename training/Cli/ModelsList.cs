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
            var lines = models.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Family + "/" + m.Portfolio,-32} {m.Version} {(m.Live ? "live" : "    ")} {m.TrainedAt:yyyy-MM-dd HH:mm} {string.Join(' ', m.Metrics.Select(f => $"{f.Key}={f.Value:F4}"))}"));
            return new Answer(
                new JsonObject { ["outcome"] = "done", ["models"] = JsonSerializer.SerializeToNode(models, Json.Options) },
                models.Count == 0 ? "There is no model yet: drop a file, see 'serverless drops upload --help'." : string.Join('\n', lines));
        });
    });
}
