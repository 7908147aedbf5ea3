using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;

namespace Serverless.Training.Contracts;

/// <summary>Compares two contracts of a family, member by member, and says what each change brings about. Pure.</summary>
public static class ContractDiff
{
    /// <summary>When the consequences come; goes with every list of them.</summary>
    public const string When = "Drops keep to a contract from its activation on; applications, once a model that was trained under it is live.";

    private const int LongestShown = 80;

    /// <summary>What is different in the second contract; nothing about the order of columns and rules, and nothing about the version.</summary>
    public static IReadOnlyList<ContractChange> Of(DataContract before, DataContract after)
    {
        var (old, now) = (Tree(before), Tree(after));
        return
        [
            .. Leaves(old, now, "").Where(m => m.Path is not ("version" or "schemaVersion")).Select(m => new ContractChange(m.Path, Told($"'{m.Path}'", m.Old, m.New), MemberConsequences.Of(m.Path, m.Old, m.New))),
            .. Named(old, now, "columns", OfColumn),
            .. Named(old, now, "rules", OfRule),
        ];
    }

    private static JsonObject Tree(DataContract contract) => (JsonObject)JsonSerializer.SerializeToNode(contract, contract.GetType(), Json.Options)!;

    /// <summary>Members that differ, those of parts by their paths.</summary>
    private static IEnumerable<(string Path, JsonNode? Old, JsonNode? New)> Leaves(JsonObject old, JsonObject now, string path)
    {
        foreach (var name in now.Select(m => m.Key).Union(old.Select(m => m.Key)).Where(name => path.Length > 0 || name is not ("columns" or "rules")))
        {
            var (was, isNow) = (old[name], now[name]);
            if (JsonNode.DeepEquals(was, isNow)) continue;
            if ((was ?? isNow) is not JsonObject) yield return (path + name, was, isNow);
            else foreach (var member in Leaves(was as JsonObject ?? [], isNow as JsonObject ?? [], $"{path}{name}.")) yield return member;
        }
    }

    private static IEnumerable<ContractChange> Named(JsonObject old, JsonObject now, string list, Func<string, JsonObject?, JsonObject?, IEnumerable<ContractChange>> compare)
    {
        var (were, are) = (ByName(old[list]), ByName(now[list]));
        return were.Keys.Union(are.Keys).SelectMany(name => compare(name, were.GetValueOrDefault(name), are.GetValueOrDefault(name)));
    }

    private static Dictionary<string, JsonObject> ByName(JsonNode? list) =>
        (list as JsonArray ?? []).Select(item => item!.AsObject()).ToDictionary(item => (string)item["name"]!, StringComparer.Ordinal);

    private static IEnumerable<ContractChange> OfColumn(string name, JsonObject? old, JsonObject? now)
    {
        var place = $"columns[{name}]";
        if (old is null) yield return new(place, $"Column '{name}' is new, with the role {now!["role"]}.", ColumnConsequences.Added(now));
        else if (now is null) yield return new(place, $"Column '{name}' is gone; it had the role {old["role"]}.", ColumnConsequences.Removed(old));
        else
        {
            foreach (var (member, was, isNow) in Leaves(old, now, $"{place}."))
            {
                var of = member[(place.Length + 1)..];
                yield return new(member, Told($"'{of}' of column '{name}'", was, isNow), ColumnConsequences.Of(of, old, now));
            }
        }
    }

    private static IEnumerable<ContractChange> OfRule(string name, JsonObject? old, JsonObject? now)
    {
        if (JsonNode.DeepEquals(old, now)) yield break;
        var refuses = (bool?)now?["refuse"] == true;
        yield return new(
            $"rules[{name}]",
            old is null ? $"Rule '{name}' is new: {now!["holds"]}." : now is null ? $"Rule '{name}' is gone." : $"Rule '{name}' is now: {now["holds"]}.",
            now is null ? "Rows that break it are used, and the report no longer counts them."
            : refuses ? "Rows that break it are left out and count as rows in error ('training.maxRowsInError')."
            : "Rows that break it are used, and the report counts them.");
    }

    private static string Told(string member, JsonNode? old, JsonNode? now) =>
        old is null ? $"{member} is {Shown(now!)}, and was absent."
        : now is null ? $"{member} is absent, and was {Shown(old)}."
        : $"{member} is {Shown(now)} instead of {Shown(old)}.";

    private static string Shown(JsonNode value)
    {
        var text = value.ToJsonString(Json.Options);
        return text.Length <= LongestShown ? text : $"{text[..LongestShown]}…";
    }
}
