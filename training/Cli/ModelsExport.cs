using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Cli;

internal static class ModelsExport
{
    public static Command Create(Terminal terminal)
    {
        var family = new Argument<string>("FAMILY") { Description = "Family, such as credit or text." };
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Portfolio." };
        var version = new Argument<string>("VERSION") { Description = "Version." };
        var key = Verb.ExistingFile("--key", "Private key (PEM) of 'serverless models keys': signs.");
        var actor = Verb.Required("--actor", "Who exports; stands in the archive.");
        var output = Verb.Out("Archive (zip) to write.");
        return new Command("export", "Write a version with its card as one signed archive, which another environment imports.") { family, portfolio, version, key, actor, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var (of, named, chosen, who) = (parsed.GetRequiredValue(family), parsed.GetRequiredValue(portfolio), parsed.GetRequiredValue(version), parsed.GetRequiredValue(actor));
            if (!Names.Family.Allows(of) || !Names.Portfolio.Allows(named)) return Outcome<Answer>.Reject(Names.Family.Fault, Names.Portfolio.Fault);
            if (!Names.ModelVersion.Allows(chosen)) return Outcome<Answer>.Reject(Names.ModelVersion.Fault);
            if (!Names.Actor.Allows(who)) return Outcome<Answer>.Reject(Names.Actor.Fault);
            var read = await SigningKey.ReadPrivateAsync(parsed.GetRequiredValue(key).FullName, cancel);
            if (read is not Outcome<SigningKey>.Done { Value: var signing }) return read.Pass<Answer>();
            using (signing)
            {
                return await Storage.UseAsync<Answer>(terminal, async stores =>
                {
                    // In memory first: what cannot be exported leaves no file.
                    using var archive = new MemoryStream();
                    await stores.GetRequiredService<ModelExchange>().ExportAsync(of, named, chosen, who, signing, archive, cancel);
                    var path = parsed.GetRequiredValue(output);
                    await using (var file = Verb.CreateFile(path)) await file.WriteAsync(archive.GetBuffer().AsMemory(0, (int)archive.Length), cancel);
                    return new Answer(
                        new JsonObject { ["outcome"] = "done", ["out"] = path, ["bytes"] = archive.Length, ["key"] = signing.Fingerprint },
                        string.Create(CultureInfo.InvariantCulture, $"Version {chosen} of {of}/{named} is in '{path}' ({archive.Length} bytes), signed with key {signing.Fingerprint[..16]}. Import it with 'serverless models import {path} --trust {SigningKey.PublicFile}'."));
                });
            }
        });
    }
}
