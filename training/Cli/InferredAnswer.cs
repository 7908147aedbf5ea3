using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training.Credit;

namespace Serverless.Cli;

/// <summary>What was inferred, as an answer: roles and notes of all columns, what to look at, what is different.</summary>
internal static class InferredAnswer
{
    public static Answer Of(InferredContract inferred, string path)
    {
        var contract = inferred.Contract;
        var json = new JsonObject { ["outcome"] = "done", ["out"] = path, ["portfolio"] = contract.Portfolio, ["version"] = contract.Version };
        foreach (var role in contract.Columns.GroupBy(c => c.Role).OrderBy(g => g.Key))
            json[role.Key.ToString().ToLowerInvariant()] = new JsonArray([.. role.Select(c => (JsonNode)c.Name)]);
        json["warnings"] = JsonSerializer.SerializeToNode(inferred.Warnings, Json.Options);
        json["changes"] = JsonSerializer.SerializeToNode(inferred.Changes, Json.Options);

        var text = new StringBuilder();
        foreach (var column in contract.Columns) text.AppendLine($"{column.Name,-24} {column.Role,-10} {column.Type,-9} {column.Note}");
        if (inferred.Warnings.Count > 0) text.AppendLine().AppendLine("Look at these before you use it:");
        foreach (var (column, warning) in inferred.Warnings) text.AppendLine($"{column,-24} {warning}");
        if (inferred.Changes.Count > 0) text.AppendLine().AppendLine("Different from the earlier contract:").AppendLine(ContractCompare.Text(inferred.Changes));
        return new Answer(json, text.AppendLine().Append($"Wrote {path}. Read the notes, then: serverless train credit --contract {path} --data FILE --out DIR").ToString());
    }
}
