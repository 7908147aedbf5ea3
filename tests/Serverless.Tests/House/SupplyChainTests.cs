using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Serverless.Tests.House;

/// <summary>What comes from outside is pinned, known by its licence, and listed.</summary>
public sealed partial class SupplyChainTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-packages-").FullName;

    private static IEnumerable<string> Projects => Repository.Files(".").Where(p => p.EndsWith(".csproj", StringComparison.Ordinal));

    [Fact]
    public async Task Every_package_has_a_licence_that_is_on_the_list()
    {
        var (exit, said) = await PackagesAsync("licences", Repository.Root);
        Assert.True(exit == 0, said);
        Assert.True(int.Parse(Number().Match(said).Value, System.Globalization.CultureInfo.InvariantCulture) >= 50, said);
    }

    [Theory]
    [InlineData("<license type=\"expression\">GPL-3.0-only</license>", "", "GPL-3.0-only")]
    [InlineData("<license type=\"file\">terms.txt</license>", "You may use this on Tuesdays. The Apache License Version 1.1 does not apply.", "text: You may use this on Tuesdays. The Apache License Version 1.1")]
    [InlineData("<licenseUrl>https://example.com/terms</licenseUrl>", "", "https://example.com/terms")]
    [InlineData("", "", "none")]
    public async Task Package_with_another_licence_is_named(string licence, string terms, string told)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "packages/some.package/1.2.3"));
        await WriteAsync("packages/some.package/1.2.3/some.package.nuspec", $"<package><metadata><id>Some.Package</id>{licence}</metadata></package>");
        await WriteAsync("packages/some.package/1.2.3/terms.txt", terms);
        await WriteAsync("project.assets.json", new JsonObject
        {
            ["libraries"] = new JsonObject { ["Some.Package/1.2.3"] = new JsonObject { ["type"] = "package", ["path"] = "some.package/1.2.3", ["sha512"] = "" } },
            ["packageFolders"] = new JsonObject { [Path.Combine(_folder, "packages")] = new JsonObject() },
        }.ToJsonString());
        var (exit, said) = await PackagesAsync("licences", _folder);
        Assert.Equal(1, exit);
        Assert.StartsWith($"Some.Package 1.2.3: licence '{told}", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bill_of_materials_lists_what_ships_with_hash_and_licence()
    {
        // Of Serving, whose restore no other test repeats; the form is that of CycloneDX 1.6.
        var path = Path.Combine(_folder, "sbom.json");
        var (exit, said) = await PackagesAsync("sbom", "functions/Serving", path);
        Assert.True(exit == 0, said);
        var bom = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        Assert.Equal(("CycloneDX", "1.6", 1), ((string?)bom["bomFormat"], (string?)bom["specVersion"], (int)bom["version"]!));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", (string?)bom["serialNumber"]);
        var components = bom["components"]!.AsArray();
        var refs = components.Select(c => (string)c!["bom-ref"]!).Append((string)bom["metadata"]!["component"]!["bom-ref"]!).ToHashSet();
        Assert.Equal(components.Count + 1, refs.Count);
        foreach (var component in components)
        {
            Assert.Equal($"pkg:nuget/{component!["name"]}@{component["version"]}", (string?)component["purl"]);
            Assert.Matches("^[0-9a-f]{128}$", (string?)component["hashes"]![0]!["content"]);
            Assert.Matches("^(MIT|Apache-2.0|BSD-3-Clause)$", (string?)component["licenses"]![0]!["license"]!["id"]);
        }

        var dependencies = bom["dependencies"]!.AsArray();
        Assert.Equal(refs.Order(), dependencies.Select(d => (string)d!["ref"]!).Order());
        Assert.All(dependencies.SelectMany(d => d!["dependsOn"]!.AsArray()), d => Assert.Contains((string)d!, refs));
        var names = components.Select(c => (string)c!["name"]!).ToList();
        foreach (var ships in new[] { "Azure.Storage.Blobs", "Google.Protobuf", "Microsoft.ML.OnnxRuntime", "Azure.Core" }) Assert.Contains(ships, names);
        Assert.DoesNotContain(names, n => n is "Grpc.Tools" or "Microsoft.CodeAnalysis.BannedApiAnalyzers"); // for the build only
    }

    [Fact]
    public void Every_project_has_lock_files_in_step_with_the_pinned_versions_that_name_no_registry()
    {
        var pinned = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value);
        foreach (var project in Projects.Where(p => !p.Contains("Worker", StringComparison.Ordinal))) // whose packages not every feed has
        {
            var folder = Path.GetDirectoryName(project)!;
            string[] files = project.EndsWith("/Serverless.Functions.csproj", StringComparison.Ordinal) ? ["packages.lock.json", "packages.slim.lock.json"] : ["packages.lock.json"];
            foreach (var file in files)
            {
                var text = Repository.Read(Path.Combine(folder, file));
                Assert.DoesNotContain("://", text, StringComparison.Ordinal);
                foreach (var (name, package) in JsonNode.Parse(text)!["dependencies"]!.AsObject().SelectMany(t => t.Value!.AsObject()))
                {
                    if ((string?)package!["type"] == "Direct") Assert.Equal((name, pinned[name]), (name, (string?)package["resolved"]));
                    if ((string?)package["type"] != "Project") Assert.False(string.IsNullOrEmpty((string?)package["contentHash"]), $"{file} of {folder} has no hash of {name}");
                }
            }
        }
    }

    [Fact]
    public void Actions_are_pinned_by_digest_with_their_version()
    {
        var used = Repository.Files(".github").Where(f => f.EndsWith(".yml", StringComparison.Ordinal))
            .SelectMany(f => Repository.Read(f).Split('\n')).Where(l => l.Contains("uses:", StringComparison.Ordinal)).ToList();
        Assert.True(used.Count >= 5);
        Assert.All(used, line => Assert.Matches(PinnedAction(), line));

        // One version of each: two would mean that one was forgotten.
        var pins = used.Select(l => PinnedAction().Match(l)).Select(m => (Action: m.Groups[1].Value, Pin: m.Groups[2].Value)).Distinct().ToList();
        Assert.Equal(pins.Count, pins.Select(p => p.Action).Distinct().Count());
    }

    [Fact]
    public void Workflow_may_only_read_and_runs_the_checks_of_the_repository()
    {
        var workflow = Repository.Read(".github/workflows/ci.yml");
        Assert.Contains("\npermissions:\n  contents: read\n", workflow, StringComparison.Ordinal);
        Assert.DoesNotContain("write", workflow, StringComparison.Ordinal);
        Assert.DoesNotContain("secrets.", workflow, StringComparison.Ordinal);
        Assert.DoesNotContain("pull_request_target", workflow, StringComparison.Ordinal);
        Assert.Contains("- run: bash .ci/run\n", workflow, StringComparison.Ordinal);
        Assert.Equal(Count("actions/checkout@"), Count("persist-credentials: false"));
        int Count(string text) => Regex.Count(workflow, Regex.Escape(text));
    }

    [Fact]
    public void Dependabot_watches_all_that_is_pinned()
    {
        var watched = Regex.Matches(Repository.Read(".github/dependabot.yml"), "package-ecosystem: ([a-z-]+)\n +directory: ([a-z/]+)").Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}");
        Assert.Equal(["docker /", "github-actions /", "npm /infra/local", "nuget /"], watched.Order());
        foreach (var manifest in new[] { "Dockerfile", "infra/local/package-lock.json", "Directory.Packages.props" }) Assert.True(File.Exists(Path.Combine(Repository.Root, manifest)), manifest);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<(int Exit, string Said)> PackagesAsync(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", ["run", ".ci/packages.cs", "--", .. words]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }

    private Task WriteAsync(string name, string content) => File.WriteAllTextAsync(Path.Combine(_folder, name), content, TestContext.Current.CancellationToken);

    [GeneratedRegex("uses: ([a-z-]+/[a-z-]+)@([0-9a-f]{40} # v[0-9]+\\.[0-9]+\\.[0-9]+)$")]
    private static partial Regex PinnedAction();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
