using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>What two versions of a portfolio show and do otherwise.</summary>
/// <param name="A">The first version.</param>
/// <param name="B">The second version.</param>
/// <param name="Figures">Every figure of either on its holdout.</param>
/// <param name="Contract">What their contracts say otherwise, by path; columns and other named things by their name.</param>
/// <param name="Behaviour">What they do otherwise, as far as the family can tell.</param>
/// <param name="Gate">Every check of the gate of either.</param>
public sealed record ModelDifferences(
    string A, string B, IReadOnlyList<Difference<double?>> Figures, IReadOnlyList<Difference<string?>> Contract, BehaviourDifferences Behaviour, IReadOnlyList<Difference<GateCheck?>> Gate)
{
    private const string ContractFile = "contract.json";

    /// <summary>Compares two opened bundles of one family.</summary>
    /// <exception cref="InvalidModelException">A file of a version has another form.</exception>
    public static ModelDifferences Of(ITrainingFamily family, ModelBundle a, ModelBundle b) => new(
        a.Version,
        b.Version,
        Both(a.Manifest.Metrics.ToDictionary(m => m.Key, m => (double?)m.Value), b.Manifest.Metrics.ToDictionary(m => m.Key, m => (double?)m.Value), onlyChanged: false),
        Both(Leaves(family.Serving, a), Leaves(family.Serving, b), onlyChanged: true),
        family.Differences(a, b),
        Both(Checks(a), Checks(b), onlyChanged: false));

    private static List<Difference<T>> Both<T>(IReadOnlyDictionary<string, T> a, IReadOnlyDictionary<string, T> b, bool onlyChanged) =>
    [
        .. a.Keys.Concat(b.Keys.Where(k => !a.ContainsKey(k))).Select(k => new Difference<T>(k, a.GetValueOrDefault(k)!, b.GetValueOrDefault(k)!))
            .Where(d => !onlyChanged || !Equals(d.A, d.B)),
    ];

    private static Dictionary<string, GateCheck?> Checks(ModelBundle bundle)
    {
        var checks = new Dictionary<string, GateCheck?>();
        foreach (var check in bundle.Manifest.Gate?.Checks ?? []) checks[check.Name] = check;
        return checks;
    }

    /// <summary>The contract's values by path, with the defaults filled in: a contract of an older program does not differ by what it leaves out.</summary>
    private static Dictionary<string, string?> Leaves(IModelFamily family, ModelBundle bundle)
    {
        var leaves = new Dictionary<string, string?>();
        if (!bundle.Served.TryGetValue(ContractFile, out var json)) return leaves;
        var whole = family.ReadContract(json.Span) is Outcome<DataContract>.Done { Value: var contract }
            ? JsonSerializer.SerializeToNode<object>(contract, Json.Options)
            : bundle.Read<JsonNode>(ContractFile);
        Walk("", whole);
        return leaves;

        void Walk(string path, JsonNode? node)
        {
            switch (node)
            {
                case JsonObject members:
                    foreach (var (name, value) in members) Walk(path.Length == 0 ? name : $"{path}.{name}", value);
                    break;
                case JsonArray items when items.Count > 0 && items.All(i => i is JsonObject o && o["name"] is JsonValue):
                    foreach (var item in items) Walk($"{path}[{item!["name"]}]", item);
                    break;
                default:
                    leaves[path] = node?.ToJsonString(Json.Options);
                    break;
            }
        }
    }
}

/// <summary>A thing of two versions.</summary>
/// <param name="Name">What it is.</param>
/// <param name="A">In the first; absent where it has none.</param>
/// <param name="B">In the second; absent where it has none.</param>
public sealed record Difference<T>(string Name, T A, T B);

/// <summary>What two versions do otherwise.</summary>
/// <param name="ColumnsGained">Columns that only the second uses.</param>
/// <param name="ColumnsLost">Columns that only the first uses.</param>
/// <param name="Points">Where they give other points, greatest difference first.</param>
public sealed record BehaviourDifferences(IReadOnlyList<string> ColumnsGained, IReadOnlyList<string> ColumnsLost, IReadOnlyList<PointsDifference> Points);

/// <summary>Values of a column that get other points.</summary>
/// <param name="Column">The column; empty for the points that everyone starts with.</param>
/// <param name="Values">Which values, such as <c>(40, 55]</c>.</param>
/// <param name="A">Their points in the first version.</param>
/// <param name="B">Their points in the second version.</param>
public sealed record PointsDifference(string Column, string Values, decimal A, decimal B);
