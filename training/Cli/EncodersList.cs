using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Cli;

internal static class EncodersList
{
    public static Command Create(Terminal terminal) => new Command("list", "List the encoders that were registered.").Runs(terminal, async (_, cancel) =>
        await Storage.UseAsync<Answer>(terminal, async stores =>
        {
            List<ModelListing> encoders = [];
            await foreach (var model in stores.GetRequiredService<ModelRegistry>().ListAsync(cancel))
                if (model.Family == EncoderSettings.FamilyName) encoders.Add(model);
            return new Answer(
                new JsonObject { ["outcome"] = "done", ["encoders"] = JsonSerializer.SerializeToNode(encoders, Json.Options) },
                encoders.Count == 0 ? "There is no encoder: 'serverless encoders register FOLDER --name NAME --actor NAME' stores one." : string.Join('\n', encoders.Select(Line)));
        }));

    private static string Line(ModelListing encoder) => string.Create(
        CultureInfo.InvariantCulture,
        $"{encoder.Portfolio,-32} {encoder.Version} {encoder.TrainedAt:yyyy-MM-dd HH:mm} {(encoder.Fault is { } fault ? $"cannot be read: {fault}" : string.Join(' ', encoder.Metrics.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key}={m.Value:0.##}"))))}");
}
