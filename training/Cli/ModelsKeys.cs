using System.CommandLine;
using System.Text.Json.Nodes;
using Serverless.Training;

namespace Serverless.Cli;

internal static class ModelsKeys
{
    public static Command Create(Terminal terminal)
    {
        var output = Verb.Out("Folder for private.pem and public.pem.");
        return new Command("keys", "Make the pair of keys that exports are signed and imports are checked with.") { output }.Runs(terminal, async (parsed, cancel) =>
        {
            var folder = parsed.GetRequiredValue(output);
            return (await SigningKey.CreateAsync(folder, cancel)).Then<Answer>(fingerprint => new Answer(
                new JsonObject { ["outcome"] = "done", ["out"] = folder, ["fingerprint"] = fingerprint },
                $"Keys are in '{folder}'. Keep {SigningKey.PrivateFile} secret; give {SigningKey.PublicFile} to whoever imports, and the fingerprint by another way:\n{fingerprint}"));
        });
    }
}
