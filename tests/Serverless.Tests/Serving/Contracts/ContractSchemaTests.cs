using System.Text;
using System.Text.Json.Nodes;
using NJsonSchema;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Documents;
using Serverless.Serving.Market;
using Serverless.Serving.Text;
using Serverless.Tests.House;
using Serverless.Training.Contracts;

namespace Serverless.Tests.Serving.Contracts;

/// <summary>The published schema and the program's own check of contracts say the same, as far as a schema can.</summary>
public class ContractSchemaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("credit")]
    [InlineData("text")]
    [InlineData("market")]
    [InlineData("reading")]
    [InlineData("documents")]
    public void Published_schema_is_that_of_the_records(string family)
    {
        var same = Repository.Read($"docs/contracts/{family}.schema.json") == Encoding.UTF8.GetString(ContractSchema.Of(Family(family)));
        Assert.True(same, $"The records have changed: write the schema again with 'serverless contract schema {family} --out docs/contracts/{family}.schema.json'.");
    }

    [Theory]
    [InlineData("credit", 115)]
    [InlineData("text", 15)]
    [InlineData("documents", 10)]
    public async Task Schema_and_check_agree_on_every_case(string family, int cases)
    {
        var schema = await JsonSchema.FromJsonAsync(Encoding.UTF8.GetString(ContractSchema.Of(Family(family))), Cancel);
        var judged = ContractCase.Of(family).Select(c => (c.Kind, c.Name, Verdict: (Accepts(schema, c.Json), Faults(family, c.Json).Count == 0))).ToList();
        Assert.True(judged.Count >= cases);
        Assert.All(judged, c => Assert.Equal(
            (c.Name, c.Kind switch { "valid" => (true, true), "malformed" => (false, false), "contradictory" => (true, false), _ => throw new InvalidOperationException(c.Kind) }),
            (c.Name, c.Verdict)));
    }

    [Theory]
    [InlineData("credit", 55)]
    [InlineData("text", 35)]
    [InlineData("documents", 30)]
    public async Task Every_bound_of_the_schema_is_one_of_the_check(string family, int bounds)
    {
        var json = JsonNode.Parse(ContractSchema.Of(Family(family)))!;
        var schema = await JsonSchema.FromJsonAsync(json.ToJsonString(), Cancel);
        var good = JsonNode.Parse(ContractCase.Of(family).Single(c => c.Name == "everything").Json)!; // with what the members of optional parts ask for
        var tried = 0;
        foreach (var (path, value) in Bounds(json, ""))
        {
            var contract = ContractCase.Changed(good, new JsonObject { [path] = value.DeepClone() });
            var refused = Faults(family, contract).Any(f => f.StartsWith($"'{path.Replace('/', '.')}' must", StringComparison.Ordinal));
            Assert.Equal((path, value.ToJsonString(), !Accepts(schema, contract)), (path, value.ToJsonString(), refused));
            tried++;
        }

        Assert.True(tried >= bounds, $"{tried}");
    }

    [Theory]
    [InlineData("""{"family":"credit","family":"credit"}""")]
    [InlineData("""{"bad":["1"]}{}""")]
    [InlineData("""{"bad":["1"],}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void What_is_no_json_object_is_refused(string json) => Assert.Single(Faults("credit", json));

    [Fact]
    public void Schema_tells_what_every_member_is_for()
    {
        var columns = JsonNode.Parse(ContractSchema.Of(new CreditFamily()))!["properties"]!["columns"]!["items"]!["properties"]!.AsObject();
        Assert.All(columns, c => Assert.False(string.IsNullOrWhiteSpace((string?)c.Value!["description"]), c.Key));
        Assert.Equal("What it is used for.\ninput: An input of the model.\nid: Identifies a row; unique.", string.Join('\n', ((string)columns["role"]!["description"]!).Split('\n').Take(3)));
        Assert.Equal("input", (string?)columns["role"]!["default"]);
    }

    /// <summary>The members of parts with a value at each of their bounds, and one just beyond.</summary>
    private static IEnumerable<(string Path, JsonNode Value)> Bounds(JsonNode schema, string path)
    {
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            foreach (var within in Bounds(member!, $"{path}{name}/")) yield return within;
            var whole = member!["type"] is JsonArray types ? types.Any(t => (string?)t == "integer") : (string?)member["type"] == "integer";
            foreach (var bound in new[] { "minimum", "exclusiveMinimum", "maximum" }.Where(b => member[b] is not null))
            {
                var (at, outward) = ((double)member[bound]!, bound == "maximum" ? 1 : -1);
                if (Math.Abs(at) >= int.MaxValue && whole && at != 1L << 40) continue; // beyond, no number of its type can be
                yield return ($"{path}{name}", Number(at, whole));
                yield return ($"{path}{name}", Number(whole ? at + outward : at == 0 ? outward * 1e-9 : at + (outward * Math.Abs(at) * 1e-9), whole));
            }

            foreach (var bound in new[] { "minLength", "maxLength" }.Where(b => member[b] is not null))
            {
                var at = (int)member[bound]!;
                yield return ($"{path}{name}", new string('M', at));
                yield return ($"{path}{name}", new string('M', bound == "maxLength" ? at + 1 : at - 1));
            }
        }
    }

    private static JsonValue Number(double value, bool whole) => whole ? JsonValue.Create((long)value) : JsonValue.Create(value);

    private static bool Accepts(JsonSchema schema, string json) => schema.Validate(json).Count == 0;

    private static IReadOnlyList<string> Faults(string family, string json) =>
        Family(family).ReadContract(Encoding.UTF8.GetBytes(json)) is Outcome<DataContract>.Rejected rejected ? rejected.Reasons : [];

    private static IModelFamily Family(string name) => name switch { "credit" => new CreditFamily(), "text" => new TextFamily(), "reading" => new ReadingFamily(), "documents" => new DocumentFamily(), _ => new MarketFamily() };
}
