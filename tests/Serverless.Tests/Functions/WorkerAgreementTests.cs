using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Serverless.Tests.House;

namespace Serverless.Tests.Functions;

/// <summary>
/// The attributes of functions/Worker say what function.json, openapi.json and host.json say. Needs none of the worker's packages, and
/// each comparison is shown to fail when one side is changed.
/// </summary>
public class WorkerAgreementTests
{
    private const string Project = "functions/Worker/Serverless.Functions.Worker.csproj", OpenApi = "functions/App/openapi.json", Host = "host.json";
    private const string Http = "functions/Worker/HttpTriggers.cs", Queue = "functions/Worker/QueueTriggers.cs", Training = "functions/Worker/RetrainingTriggers.cs";

    [Fact]
    public void Attributes_function_json_openapi_and_host_json_agree()
    {
        Assert.Equal(31, Functions(Read()).Count); // so that agreement is not that of nothing with nothing
        Assert.Empty(Differences(Read()));
    }

    [Theory]
    [InlineData(Http, "[Function(\"HealthLive\")]", "[Function(\"HealthAlive\")]", "HealthAlive is in the attributes and has no function.json", "HealthLive has a function.json and is not in the attributes", "HealthAlive: get /health/live is in the attributes and not in openapi.json")]
    [InlineData(Http, "[Function(nameof(ClassifyText))]", "[Function(\"Classify\")]", "ClassifyText has a function.json and is not in the attributes")]
    [InlineData(Http, "OnHttpAsync(nameof(ListModels)", "OnHttpAsync(nameof(GetDecision)", "ListModels: runs 'GetDecision'")]
    [InlineData(Http, "Route = \"classify\"", "Route = \"classes\"", "ClassifyText: route is 'classes' in the attributes and 'classify' in function.json")]
    [InlineData("functions/App/Bindings/ListModels/function.json", "\"models\"", "\"model\"", "ListModels: route is 'models' in the attributes and 'model' in function.json")]
    [InlineData(Http, "\"post\", Route = \"applications\"", "\"put\", Route = \"applications\"", "SubmitApplication: methods is 'put' in the attributes and 'post' in function.json", "SubmitApplication: put /applications is in the attributes and not in openapi.json")]
    [InlineData("functions/App/Bindings/OpenApi/function.json", "\"get\"", "\"get\", \"head\"", "OpenApi: methods is 'get' in the attributes and 'get head' in function.json")]
    [InlineData(Http, "AuthorizationLevel.Anonymous, \"get\", Route = \"health/ready\"", "AuthorizationLevel.Function, \"get\", Route = \"health/ready\"", "HealthReady: authLevel is 'function' in the attributes and 'anonymous' in function.json", "HealthReady: authLevel is 'function' in the attributes and 'anonymous' in openapi.json")]
    [InlineData("functions/App/Bindings/GetDecision/function.json", "\"authLevel\": \"function\"", "\"authLevel\": \"anonymous\"", "GetDecision: authLevel is 'function' in the attributes and 'anonymous' in function.json")]
    [InlineData(Queue, "\"loan-applications\"", "\"applications\"", "ScoreLoanApplication: queueName is 'applications' in the attributes and 'loan-applications' in function.json")]
    [InlineData("functions/App/Bindings/ScoreLoanApplication/function.json", "\"loan-applications\"", "\"loans\"", "ScoreLoanApplication: queueName is 'loan-applications' in the attributes and 'loans' in function.json")]
    [InlineData(Queue, "Connection = \"DataStorage\"", "Connection = \"AzureWebJobsStorage\"", "ScoreLoanApplication: connection is 'AzureWebJobsStorage' in the attributes and 'DataStorage' in function.json")]
    [InlineData(Training, "drops/{name}", "uploads/{name}", "RetrainOnDrop: path is 'uploads/{name}' in the attributes and 'drops/{name}' in function.json")]
    [InlineData(Training, ", Connection = \"DataStorage\"", "", "RetrainOnDrop: connection is '' in the attributes and 'DataStorage' in function.json")]
    [InlineData("functions/App/Bindings/RetrainOnDrop/function.json", "\"EventGrid\"", "\"LogsAndContainerScan\"", "RetrainOnDrop: source is 'EventGrid' in the attributes and 'LogsAndContainerScan' in function.json")]
    [InlineData(Training, "0 */5 * * * *", "0 */6 * * * *", "ReconcileDrops: schedule is '0 */6 * * * *' in the attributes and '0 */5 * * * *' in function.json")]
    [InlineData("functions/App/Bindings/HandlePoison/function.json", "0 * * * * *", "0 0 * * * *", "HandlePoison: schedule is '0 * * * * *' in the attributes and '0 0 * * * *' in function.json")]
    [InlineData(OpenApi, "\"operationId\": \"ClassifyText\"", "\"operationId\": \"Classify\"", "ClassifyText: post /classify is in the attributes and not in openapi.json", "Classify: post /classify is in openapi.json and not in the attributes")]
    [InlineData(OpenApi, "\"/models\"", "\"/versions\"", "ListModels: get /models is in the attributes and not in openapi.json", "ListModels: get /versions is in openapi.json and not in the attributes")]
    [InlineData(OpenApi, "\"url\": \"/api\"", "\"url\": \"/v1\"", "routePrefix is 'api' in host.json and '/v1' the server in openapi.json")]
    [InlineData(Host, "\"routePrefix\": \"api\"", "\"routePrefix\": \"v1\"", "routePrefix is 'v1' in host.json and '/api' the server in openapi.json")]
    [InlineData(Host, "\"base64\"", "\"none\"", "messageEncoding is 'none' in host.json, and the queue's messages are base64")]
    public void What_is_changed_on_one_side_only_is_found_by_name(string file, string text, string to, params string[] expected)
    {
        var files = Read();
        Assert.Contains(text, files[file], StringComparison.Ordinal);
        files[file] = files[file].Replace(text, to, StringComparison.Ordinal);
        var differences = Differences(files);
        foreach (var difference in expected) Assert.Contains(difference, differences);
    }

    [Fact]
    public void Blob_and_message_are_bound_without_their_content()
    {
        var functions = Functions(Read());
        Assert.Equal(("BlobClient", "QueueMessage"), (functions["RetrainOnDrop"]["bound to"], functions["ScoreLoanApplication"]["bound to"]));
    }

    [Fact]
    public void Slim_worker_leaves_out_what_the_slim_app_leaves_out()
    {
        var (app, worker) = (Removed("functions/App/Serverless.Functions.csproj", "None", ""), Removed(Project, "None", "../App/"));
        Assert.Equal(app, worker);
        Assert.Equal(Removed("functions/App/Serverless.Functions.csproj", "Compile", ""), Removed(Project, "Compile", "../App/"));
        Assert.Equal(app.Select(f => f.Split('/')[1]).Order(), WorkerSource.Functions(Repository.Read(Training)).Select(f => f.Name).Order());
        Assert.Contains("RetrainingTriggers.cs", Removed(Project, "Compile", ""));
    }

    [Fact]
    public async Task Workers_host_json_is_the_one_host_json_without_what_is_the_custom_handlers()
    {
        var written = Path.Combine(Directory.CreateTempSubdirectory("serverless-worker-").FullName, "host.json");
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(Repository.Root, Project), "-t:WriteHostJson", $"-p:HostJsonFile={written}", "-v:quiet", "-nologo"]) { RedirectStandardOutput = true })!;
        var said = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(build.ExitCode == 0, said);

        var expected = JsonNode.Parse(Repository.Read(Host))!.AsObject();
        Assert.True(expected.Remove("customHandler") && expected.Remove("extensionBundle"));
        var actual = JsonNode.Parse(await File.ReadAllTextAsync(written, TestContext.Current.CancellationToken));
        Assert.True(JsonNode.DeepEquals(expected, actual), actual?.ToJsonString());
        Directory.Delete(Path.GetDirectoryName(written)!, recursive: true);
    }

    /// <summary>Every file that is compared, by its path.</summary>
    private static Dictionary<string, string> Read()
    {
        var bindings = Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions/App/Bindings"), "function.json", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(Repository.Root, p));
        return Repository.Sources("functions/Worker").Concat(bindings).Append(OpenApi).Append(Host).ToDictionary(p => p, Repository.Read);
    }

    private static Dictionary<string, Dictionary<string, string>> Functions(Dictionary<string, string> files) => files
        .Where(f => f.Key.EndsWith(".cs", StringComparison.Ordinal)).SelectMany(f => WorkerSource.Functions(f.Value)).ToDictionary(f => f.Name, f => f.Trigger);

    private static List<string> Differences(Dictionary<string, string> files)
    {
        var attributes = Functions(files);
        var bindings = files.Where(f => Path.GetFileName(f.Key) == "function.json").ToDictionary(f => Path.GetFileName(Path.GetDirectoryName(f.Key)!), f => Trigger(f.Value));
        var api = JsonSerializer.Deserialize<JsonElement>(files[OpenApi]);
        return [.. OfBindings(attributes, bindings), .. OfApi(attributes, api), .. OfHost(JsonSerializer.Deserialize<JsonElement>(files[Host]), api)];
    }

    private static IEnumerable<string> OfBindings(Dictionary<string, Dictionary<string, string>> attributes, Dictionary<string, Dictionary<string, string>> bindings)
    {
        foreach (var name in attributes.Keys.Except(bindings.Keys)) yield return $"{name} is in the attributes and has no function.json";
        foreach (var name in bindings.Keys.Except(attributes.Keys)) yield return $"{name} has a function.json and is not in the attributes";
        foreach (var (name, trigger) in attributes)
        {
            if (trigger["runs"] != name) yield return $"{name}: runs '{trigger["runs"]}'";
            if (!bindings.TryGetValue(name, out var binding)) continue;
            foreach (var member in trigger.Keys.Union(binding.Keys).Except(["runs", "bound to", "direction"]))
            {
                var (here, there) = (trigger.GetValueOrDefault(member, ""), binding.GetValueOrDefault(member, ""));
                if (here != there) yield return $"{name}: {member} is '{here}' in the attributes and '{there}' in function.json";
            }
        }
    }

    private static IEnumerable<string> OfApi(Dictionary<string, Dictionary<string, string>> attributes, JsonElement api)
    {
        var documented = api.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (
            Operation: $"{o.Value.GetProperty("operationId").GetString()}: {o.Name} {p.Name}",
            AuthLevel: o.Value.TryGetProperty("security", out var security) && security.GetArrayLength() == 0 ? "anonymous" : "function"))).ToDictionary(o => o.Operation, o => o.AuthLevel);
        var routed = attributes.Where(f => f.Value["type"] == "httpTrigger")
            .SelectMany(f => f.Value["methods"].Split(' ').Select(m => (Operation: $"{f.Key}: {m} /{f.Value["route"]}", Function: f))).ToDictionary(o => o.Operation, o => o.Function);
        foreach (var operation in routed.Keys.Except(documented.Keys)) yield return $"{operation} is in the attributes and not in openapi.json";
        foreach (var operation in documented.Keys.Except(routed.Keys)) yield return $"{operation} is in openapi.json and not in the attributes";
        foreach (var operation in routed.Keys.Intersect(documented.Keys))
        {
            var (name, trigger) = routed[operation];
            if (trigger["authLevel"] != documented[operation]) yield return $"{name}: authLevel is '{trigger["authLevel"]}' in the attributes and '{documented[operation]}' in openapi.json";
        }
    }

    private static IEnumerable<string> OfHost(JsonElement host, JsonElement api)
    {
        var extensions = host.GetProperty("extensions");
        var (prefix, server) = (extensions.GetProperty("http").GetProperty("routePrefix").GetString(), api.GetProperty("servers")[0].GetProperty("url").GetString());
        if ($"/{prefix}" != server) yield return $"routePrefix is '{prefix}' in host.json and '{server}' the server in openapi.json";
        var encoding = extensions.GetProperty("queues").GetProperty("messageEncoding").GetString();
        if (encoding != "base64") yield return $"messageEncoding is '{encoding}' in host.json, and the queue's messages are base64";
    }

    /// <summary>The trigger of a function.json, its members as texts.</summary>
    private static Dictionary<string, string> Trigger(string json) => JsonSerializer.Deserialize<JsonElement>(json).GetProperty("bindings").EnumerateArray()
        .Single(b => b.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.Ordinal)).EnumerateObject()
        .ToDictionary(m => m.Name, m => m.Value.ValueKind == JsonValueKind.Array ? string.Join(' ', m.Value.EnumerateArray()) : m.Value.ToString());

    /// <summary>What a project leaves out where it does not retrain, below a folder.</summary>
    private static List<string> Removed(string project, string item, string below) =>
        [.. XDocument.Parse(Repository.Read(project)).Descendants("ItemGroup").Where(g => g.Attribute("Condition")?.Value == "'$(Retraining)' != 'true'").Elements(item)
            .SelectMany(i => i.Attribute("Remove")!.Value.Split(';')).Where(p => p.StartsWith(below, StringComparison.Ordinal)).Select(p => p[below.Length..]).Order()];
}
