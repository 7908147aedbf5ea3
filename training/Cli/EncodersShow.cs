using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training.Text;

namespace Serverless.Cli;

internal static class EncodersShow
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the encoder." };
        var version = new Argument<string>("VERSION") { Description = "Its version." };
        return new Command("show", "Show what an encoder takes and gives, who registered it, and its licence.") { name, version }.Runs(terminal, async (parsed, cancel) =>
        {
            var (of, at) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(version));
            if (!Names.Encoder.Allows(of) || !Names.ModelVersion.Allows(at)) return Outcome<Answer>.Reject($"The {Names.Encoder.Fault}", $"The {Names.ModelVersion.Fault}");
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var registry = stores.GetRequiredService<ModelRegistry>();
                if (await registry.FindAsync(EncoderSettings.FamilyName, of, at, cancel) is not { } encoder)
                    return Outcome<Answer>.Reject($"There is no encoder '{of}' of version {at}: see 'serverless encoders list'.");
                var registration = await registry.BesideAsync(EncoderSettings.FamilyName, of, at, EncoderFolder.RegistrationFile, cancel);
                var settings = encoder.Read<EncoderSettings>(EncoderSettings.File);
                var licence = encoder.Served.TryGetValue(EncoderSettings.LicenceFile, out var text) ? Encoding.UTF8.GetString(text.Span) : "The folder that it was registered from had no licence.";
                return new Answer(
                    new JsonObject
                    {
                        ["outcome"] = "done",
                        ["settings"] = JsonSerializer.SerializeToNode(settings, Json.Options),
                        ["registration"] = registration is { } by ? JsonNode.Parse(by.Span) : null,
                        ["manifest"] = JsonSerializer.SerializeToNode(encoder.Manifest, Json.Options),
                        ["licence"] = licence,
                    },
                    string.Join('\n', new[] { Json.File(settings), registration?.ToArray() ?? [], Json.File(encoder.Manifest) }.Select(file => Encoding.UTF8.GetString(file).TrimEnd()).Append(licence.TrimEnd())));
            });
        });
    }
}
