using System.Text.Json.Nodes;

namespace Serverless.Tests.Serving.Contracts;

/// <summary>Contracts of a family that are good or bad in one way each, as changes to a good one.</summary>
/// <param name="Kind">valid; malformed: a member is wrong in itself; contradictory: what members ask of each other, or what a schema cannot say.</param>
/// <param name="Name">What is special about it.</param>
/// <param name="Json">The contract.</param>
internal sealed record ContractCase(string Kind, string Name, string Json)
{
    public static IReadOnlyList<ContractCase> Of(string family)
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Serving", "Contracts", $"{family}.json")))!.AsObject();
        return [.. file.Where(kind => kind.Key != "base").SelectMany(kind => kind.Value!.AsObject().Select(c => new ContractCase(kind.Key, c.Key, Changed(file["base"]!, c.Value!.AsObject()))))];
    }

    /// <summary>The contract with one member set by its path.</summary>
    public static string Changed(JsonNode contract, JsonObject changes)
    {
        var changed = contract.DeepClone().AsObject();
        foreach (var (path, value) in changes)
        {
            if (path == "-") foreach (var name in value!.AsArray()) Assert.True(changed.Remove((string)name!));
            else Set(changed, path.Split('/'), value?.DeepClone());
        }

        return changed.ToJsonString();
    }

    private static void Set(JsonNode at, string[] path, JsonNode? value)
    {
        foreach (var step in path[..^1]) at = at is JsonArray list ? list[int.Parse(step)]! : at[step] ??= new JsonObject();
        if (at is JsonArray items) items[int.Parse(path[^1])] = value;
        else at[path[^1]] = value;
    }
}
