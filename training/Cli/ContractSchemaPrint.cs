using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training.Contracts;

namespace Serverless.Cli;

internal static class ContractSchemaPrint
{
    public static Command Create(Terminal terminal)
    {
        var family = new Argument<string>("FAMILY") { Description = "Family, such as credit or text." };
        var output = new Option<string?>("--out", "-o") { Description = "File to write it to; else it is printed." };
        return new Command("schema", "Write the JSON Schema of a family's contracts, with which editors check and complete them.") { family, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var name = parsed.GetRequiredValue(family);
            if (Offline.Served.FirstOrDefault(f => f.Name == name) is not { } found)
                return Outcome<Answer>.Reject($"FAMILY must be {string.Join(" or ", Offline.Served.Select(f => $"'{f.Name}'"))}.");
            var schema = ContractSchema.Of(found);
            if (parsed.GetValue(output) is not { } path)
                return new Answer(new JsonObject { ["outcome"] = "done", ["schema"] = JsonNode.Parse(schema) }, Encoding.UTF8.GetString(schema).TrimEnd());
            await using var written = Verb.CreateFile(path);
            await written.WriteAsync(schema, cancel);
            return new Answer(
                new JsonObject { ["outcome"] = "done", ["family"] = name, ["out"] = path },
                $"Wrote {path}. Name it in a contract as \"$schema\", relative to the contract's folder, and editors check and complete it.");
        });
    }
}
