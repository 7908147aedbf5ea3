using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Cli;

internal static class ModelsImport
{
    public static Command Create(Terminal terminal)
    {
        var archive = new Argument<FileInfo>("FILE") { Description = "Archive that 'serverless models export' wrote." }.AcceptExistingOnly();
        var trust = Verb.ExistingFile("--trust", "Public key (PEM) of whoever exported: the archive must be signed with its private key.");
        return new Command("import", "Check a signed archive and store its version; it does not go live by that.") { archive, trust }.Runs(terminal, async (parsed, cancel) =>
        {
            var read = await SigningKey.ReadPublicAsync(parsed.GetRequiredValue(trust).FullName, cancel);
            if (read is not Outcome<SigningKey>.Done { Value: var trusted }) return read.Pass<Answer>();
            using (trusted)
            {
                return await Storage.UseAsync<Answer>(terminal, async stores =>
                {
                    await stores.GetRequiredService<StorageAccount>().PrepareAsync(cancel);
                    var imported = await stores.GetRequiredService<ModelExchange>().ImportAsync(parsed.GetRequiredValue(archive).FullName, trusted, cancel);
                    return imported.Then<Answer>(list => new Answer(
                        new JsonObject { ["outcome"] = "done", ["archive"] = JsonSerializer.SerializeToNode(list, Json.Options) },
                        string.Create(CultureInfo.InvariantCulture, $"Version {list.Version} of {list.Family}/{list.Portfolio}, exported from '{list.From}' at {list.ExportedAt:u} by {list.ExportedBy}, is stored.")
                        + $" It answers nobody before 'serverless models promote {list.Family} {list.Portfolio} {list.Version} --actor NAME'."));
                });
            }
        });
    }
}
