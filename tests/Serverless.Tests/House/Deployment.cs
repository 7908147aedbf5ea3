using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Serverless.Tests.House;

/// <summary>What infra/main.bicep would deploy, as the Bicep compiler evaluates it offline.</summary>
/// <param name="Settings">App settings, by app: serving and retraining.</param>
/// <param name="Containers">Of the data account.</param>
/// <param name="Queues">Of the data account.</param>
/// <param name="Roles">On containers and queues of the data account: who, where, which role.</param>
/// <param name="AccountRoles">On whole accounts or components: who, type of what, which role.</param>
/// <param name="EventContainers">Containers whose blobs start a function, with the function.</param>
/// <param name="Queries">Of the alerts.</param>
/// <param name="Accounts">Names of the storage accounts.</param>
internal sealed partial record Deployment(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Settings,
    IReadOnlyList<string> Containers,
    IReadOnlyList<string> Queues,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> AccountRoles,
    IReadOnlyList<string> EventContainers,
    IReadOnlyList<string> Queries,
    IReadOnlyList<string> Accounts)
{
    private const string Subscription = "00000000-0000-0000-0000-000000000001";

    private static readonly Dictionary<string, string> RoleNames = new()
    {
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "Storage Blob Data Reader",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["19e7f393-937e-4f77-808e-94535e297925"] = "Storage Queue Data Reader",
        ["8a0f0c08-91a1-4084-bc3d-661d67233fed"] = "Storage Queue Data Message Processor",
        ["c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"] = "Storage Queue Data Message Sender",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    private static readonly Lazy<string> Compiled = new(() => Evaluate([]));

    /// <summary>The compiler, from the package that the test project downloads.</summary>
    public static string Bicep => typeof(Deployment).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Bicep").Value!;

    /// <summary>Whether the compiler runs here: its package is the one for Linux.</summary>
    public static bool IsCompilable => OperatingSystem.IsLinux();

    /// <summary>As it is, or with a text changed in what the compiler gives.</summary>
    public static Deployment Read(string? change = null, string? to = null)
    {
        var text = Compiled.Value;
        if (change is not null) Assert.Contains(change, text, StringComparison.Ordinal);
        return Parse(change is null ? text : text.Replace(change, to, StringComparison.Ordinal));
    }

    /// <summary>With settings of the environment that azd would pass on.</summary>
    public static Deployment With(params IEnumerable<(string Name, string Value)> environment) => Parse(Evaluate(environment));

    private static Deployment Parse(string text)
    {
        var snapshot = JsonNode.Parse(text)!;
        var resources = snapshot["predictedResources"]!.AsArray().Select(r => (Type: r!["type"]!.GetValue<string>(), Name: r["name"]!.GetValue<string>(), Json: r)).ToList();
        IEnumerable<(string Name, JsonNode Json)> Of(string type) => resources.Where(r => r.Type == type).Select(r => (r.Name, r.Json));
        var assigned = Of("Microsoft.Authorization/roleAssignments").Select(r => Role(r.Json)).ToList();
        return new(
            Of("Microsoft.Web/sites/config").Where(r => r.Name.EndsWith("/appsettings", StringComparison.Ordinal))
                .ToDictionary(r => r.Name.Split('-')[1], r => (IReadOnlyList<string>)[.. r.Json["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal)]),
            [.. Of("Microsoft.Storage/storageAccounts/blobServices/containers").Where(r => r.Name.StartsWith("stdata", StringComparison.Ordinal)).Select(r => r.Name.Split('/')[^1])],
            [.. Of("Microsoft.Storage/storageAccounts/queueServices/queues").Select(r => r.Name.Split('/')[^1])],
            [.. assigned.Where(a => a.Narrow).Select(a => a.Text)],
            [.. assigned.Where(a => !a.Narrow).Select(a => a.Text)],
            [.. snapshot["outputs"]!["BLOB_TRIGGERS"]!.AsArray().Select(t => $"{t!["container"]} {t["function"]}")],
            [.. Of("Microsoft.Insights/scheduledQueryRules").Select(r => r.Json["properties"]!["criteria"]!["allOf"]![0]!["query"]!.GetValue<string>())],
            [.. Of("Microsoft.Storage/storageAccounts").Select(r => r.Name)]);
    }

    /// <summary>Runs the compiler; its exit code and all that it says.</summary>
    public static (int ExitCode, string Said) Run(string folder, params IEnumerable<string> arguments) => Run(folder, [], arguments);

    private static (int ExitCode, string Said) Run(string folder, IEnumerable<(string Name, string Value)> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Bicep, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, said.Result + wrong.Result);
    }

    private static (bool Narrow, string Text) Role(JsonNode assignment)
    {
        var text = assignment.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var who = Identity().Match(text).Groups[1].Value;
        var role = RoleNames.GetValueOrDefault(RoleId().Match(assignment["properties"]!["roleDefinitionId"]!.GetValue<string>()).Value, "a role that this test does not know");
        var narrow = Narrow().Match(text);
        return narrow.Success ? (true, $"{who}: {narrow.Groups[1].Value}: {role}") : (false, $"{who}: {Scope().Match(text).Groups[1].Value}: {role}");
    }

    private static string Evaluate(IEnumerable<(string Name, string Value)> environment)
    {
        var folder = Directory.CreateTempSubdirectory("serverless-bicep-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "modules"));
            var infra = Path.Combine(Repository.Root, "infra");
            foreach (var file in Directory.EnumerateFiles(infra, "*.bicep*").Concat(Directory.EnumerateFiles(Path.Combine(infra, "modules"))))
                File.Copy(file, Path.Combine(folder, Path.GetRelativePath(infra, file)));
            var (code, said) = Run(folder, environment, ["snapshot", "main.bicepparam", "--mode", "overwrite", "--subscription-id", Subscription, "--location", "westeurope"]);
            return code == 0 ? File.ReadAllText(Path.Combine(folder, "main.snapshot.json")) : throw new InvalidOperationException(said);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"outputs\.(serving|retraining)PrincipalId")]
    private static partial Regex Identity();

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?='\)|$)|(?<=/)[0-9a-f-]{36}$")]
    private static partial Regex RoleId();

    [GeneratedRegex(@"outputs\.name\.value, 'default', '([a-z-]+)'\)")]
    private static partial Regex Narrow();

    [GeneratedRegex(@"providers/(Microsoft\.[A-Za-z]+/[A-Za-z]+)/")]
    private static partial Regex Scope();
}
