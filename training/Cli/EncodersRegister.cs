using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Text;

namespace Serverless.Cli;

internal static class EncodersRegister
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<DirectoryInfo>("FOLDER") { Description = "Folder exported from Hugging Face: config.json, tokenizer.json (or vocab.txt and tokenizer_config.json), model.onnx." }.AcceptExistingOnly();
        var name = Verb.Required("--name", "Name by which contracts know it.");
        var actor = Verb.Required("--actor", "Who registers it; recorded.");
        return new Command("register", "Check an exported encoder and store it, for text models to be built on.") { folder, name, actor }.Runs(terminal, async (parsed, cancel) =>
        {
            if (!Names.Actor.Allows(parsed.GetRequiredValue(actor))) return Outcome<Answer>.Reject(Names.Actor.Fault);
            var now = TimeProvider.System.GetUtcNow();
            var read = await EncoderFolder.ReadAsync(parsed.GetRequiredValue(folder).FullName, parsed.GetRequiredValue(name), now, cancel);
            if (read is not Outcome<ModelBundle>.Done { Value: var encoder }) return read.Pass<Answer>();
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                await stores.GetRequiredService<StorageAccount>().PrepareAsync(cancel);
                var registration = new Dictionary<string, byte[]> { [EncoderFolder.RegistrationFile] = Json.File(new EncoderRegistration(parsed.GetRequiredValue(actor), now)) };
                await stores.GetRequiredService<ModelRegistry>().PublishAsync(encoder.With(encoder.Manifest, registration), cancel);
                var member = $"\"encoder\": {{ \"name\": \"{encoder.Manifest.Portfolio}\", \"version\": \"{encoder.Version}\" }}";
                return new Answer(
                    new JsonObject { ["outcome"] = "done", ["name"] = encoder.Manifest.Portfolio, ["version"] = encoder.Version, ["figures"] = JsonSerializer.SerializeToNode(encoder.Manifest.Metrics, Json.Options) },
                    $"Encoder '{encoder.Manifest.Portfolio}' is stored as version {encoder.Version}. A text contract builds on it with {member}"
                    + $", and 'gate.maxBundleMegabytes' above the {encoder.Manifest.Metrics["megabytes"]:0.##} MB that it has.");
            });
        });
    }
}
