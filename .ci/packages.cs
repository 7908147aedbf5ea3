#:property PublishAot=false
// What the packages of this repository are, from what restore resolved; no tool, no network.
//   dotnet run .ci/packages.cs -- licences [FOLDER]         fails when a package has a licence that is not on the list
//   dotnet run .ci/packages.cs -- sbom PROJECT OUT.json     CycloneDX 1.6 of what the project ships, after its publish
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

return args switch
{
    ["licences"] => Licences("."),
    ["licences", var folder] => Licences(folder),
    ["sbom", var project, var output] => Sbom(project, output),
    _ => Fail("Give 'licences [FOLDER]' or 'sbom PROJECT OUT.json'."),
};

static int Licences(string folder)
{
    var packages = Directory.EnumerateFiles(folder, "project.assets.json", SearchOption.AllDirectories)
        .SelectMany(path => Package.Of(Read(path))).DistinctBy(p => p.Key).OrderBy(p => p.Key, StringComparer.OrdinalIgnoreCase).ToList();
    if (packages.Count == 0) return Fail($"'{folder}' has no restored project: run 'dotnet restore' first.");
    var refused = packages.Where(p => p.Licence is not ("MIT" or "Apache-2.0" or "BSD-3-Clause")).ToList();
    foreach (var package in refused) Console.Error.WriteLine($"{package.Name} {package.Version}: licence '{package.Licence}' is not on the list of .ci/packages.cs.");
    if (refused.Count == 0) Console.WriteLine($"{packages.Count} packages: {string.Join(", ", packages.CountBy(p => p.Licence).OrderByDescending(l => l.Value).Select(l => $"{l.Value} {l.Key}"))}");
    return refused.Count == 0 ? 0 : 1;
}

static int Sbom(string project, string output)
{
    var assets = Read(Path.Combine(project, "obj", "project.assets.json"));
    var target = assets["targets"]!.AsObject().MaxBy(t => t.Key.Length).Value!.AsObject(); // with the runtime, where there is one: it knows the native files
    var packages = Package.Of(assets).ToDictionary(p => p.Key, StringComparer.OrdinalIgnoreCase);
    var shipped = target.Where(l => packages.ContainsKey(l.Key) && Ships(l.Value!)).Select(l => packages[l.Key]).Concat(Package.Runtimes(assets)).OrderBy(p => p.Key, StringComparer.OrdinalIgnoreCase).ToList();
    var byName = shipped.ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
    string[] Needs(JsonNode? library) => [.. (library?["dependencies"]?.AsObject() ?? []).Select(d => byName.GetValueOrDefault(d.Key)?.Purl).OfType<string>().Order(StringComparer.Ordinal)];

    // The app needs what its own projects and itself name; what its packages need stands with them.
    var name = assets["project"]!["restore"]!["projectName"]!.GetValue<string>();
    var own = target.Where(l => !packages.ContainsKey(l.Key)).SelectMany(l => Needs(l.Value))
        .Concat(assets["project"]!["frameworks"]!.AsObject().SelectMany(f => Needs(f.Value)))
        .Concat(Package.Runtimes(assets).Select(r => r.Purl)).Distinct().Order(StringComparer.Ordinal);
    var version = assets["project"]!["version"]!.GetValue<string>();
    var bom = new JsonObject
    {
        ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
        ["bomFormat"] = "CycloneDX",
        ["specVersion"] = "1.6",
        ["version"] = 1,
        ["metadata"] = new JsonObject { ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = name, ["name"] = name, ["version"] = version } },
        ["components"] = new JsonArray([.. shipped.Select(p => p.Component())]),
        ["dependencies"] = new JsonArray([Depends(name, own), .. shipped.Select(p => Depends(p.Purl, Needs(target[p.Key])))]),
    };

    // The same packages give the same bill: its number comes from its content.
    bom["serialNumber"] = $"urn:uuid:{new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(bom.ToJsonString())).AsSpan(0, 16))}";
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
    File.WriteAllText(output, bom.ToJsonString(new() { WriteIndented = true }) + "\n");
    Console.WriteLine($"{output}: {shipped.Count} packages");
    return 0;
}

// A package without files in the output is for the build only, or stands for what .NET has itself.
static bool Ships(JsonNode library) => Files(library, "runtime").Concat(Files(library, "native")).Concat(Files(library, "runtimeTargets")).Any(f => !f.EndsWith("/_._", StringComparison.Ordinal));

static IEnumerable<string> Files(JsonNode library, string kind) => (library[kind]?.AsObject() ?? []).Select(f => f.Key);

static JsonObject Depends(string on, IEnumerable<string> needs) => new() { ["ref"] = on, ["dependsOn"] = new JsonArray([.. needs.Select(n => (JsonNode)n)]) };

static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;

static int Fail(string why)
{
    Console.Error.WriteLine(why);
    return 2;
}

/// <summary>A package in the folder that restore unpacks to.</summary>
internal sealed record Package(string Name, string Version, string Folder, string? Sha512)
{
    public string Key => $"{Name}/{Version}";

    public string Purl => $"pkg:nuget/{Name}@{Version}";

    /// <summary>The SPDX id of its licence; else what it says instead.</summary>
    public string Licence => field ??= LicenceOf(XDocument.Load(Directory.EnumerateFiles(Folder, "*.nuspec").Single()).Root!);

    public static IEnumerable<Package> Of(JsonNode assets) =>
        from library in assets["libraries"]!.AsObject()
        where library.Value!["type"]!.GetValue<string>() == "package"
        let id = library.Key.Split('/')
        select new Package(id[0], id[1], Find(assets, library.Value["path"]!.GetValue<string>()), library.Value["sha512"]!.GetValue<string>());

    /// <summary>.NET itself, where the output brings it.</summary>
    public static IEnumerable<Package> Runtimes(JsonNode assets) =>
        from framework in assets["project"]!["frameworks"]!.AsObject()
        from download in framework.Value!["downloadDependencies"]?.AsArray() ?? []
        let name = download!["name"]!.GetValue<string>()
        let version = download["version"]!.GetValue<string>().Trim('[', ']').Split(',')[0]
        where name.Contains(".App.Runtime.", StringComparison.Ordinal)
        select new Package(name, version, Find(assets, $"{name}/{version}".ToLowerInvariant()), null);

    public JsonNode Component()
    {
        var component = new JsonObject { ["type"] = "library", ["bom-ref"] = Purl, ["name"] = Name, ["version"] = Version, ["purl"] = Purl };
        if (Sha512 is not null) component["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(Sha512)) });
        component["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = Licence } });
        return component;
    }

    private static string Find(JsonNode assets, string path) => assets["packageFolders"]!.AsObject().Select(f => Path.Combine(f.Key, path)).First(Directory.Exists);

    private string LicenceOf(XElement nuspec)
    {
        var metadata = nuspec.Elements().Single(e => e.Name.LocalName == "metadata");
        var licence = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "license");
        if ((string?)licence?.Attribute("type") == "expression") return licence!.Value;
        if (licence is not null) return Recognised(File.ReadAllText(Path.Combine(Folder, licence.Value)));

        // Packages from before there were expressions point at a page; .NET's own, and those of K4os.Compression.LZ4 and SkiaSharp, have been the MIT licence all along.
        var url = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "licenseUrl")?.Value ?? "none";
        return url is "https://github.com/dotnet/corefx/blob/master/LICENSE.TXT" or "https://github.com/MiloszKrajewski/K4os.Compression.LZ4/blob/master/LICENSE?raw=true"
            or "https://go.microsoft.com/fwlink/?linkid=868514" ? "MIT" : url;
    }

    private static string Recognised(string text)
    {
        // What stands first is the package's own; behind it come those of what it includes.
        var words = Regex.Replace(text, "\\s+", " ").Trim();
        var known = new[] { ("MIT", "Permission is hereby granted, free of charge"), ("Apache-2.0", "Apache License Version 2.0") }
            .Select(l => (Id: l.Item1, At: words.IndexOf(l.Item2, StringComparison.OrdinalIgnoreCase))).Where(l => l.At >= 0).OrderBy(l => l.At).FirstOrDefault();
        return known.Id ?? $"text: {words[..Math.Min(60, words.Length)]}";
    }
}
