using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Onnx;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>
/// Reads an encoder from a folder that was exported from Hugging Face: <c>config.json</c>, <c>tokenizer.json</c> (or <c>vocab.txt</c> with
/// <c>tokenizer_config.json</c>), and <c>model.onnx</c>, there or in <c>onnx/</c>; its licence where there is one.
/// </summary>
public static class EncoderFolder
{
    /// <summary>Name of the file that is kept beside the served files of a registered encoder: who registered it, and when.</summary>
    public const string RegistrationFile = "registration.json";

    private const long MostJson = 64L << 20, MostLicence = 1L << 20;
    private const string HowToExport = "export it with 'optimum-cli export onnx --task feature-extraction', without optimisation or quantisation";

    private static readonly string[] ModelTypes = ["bert", "distilbert", "electra", "mobilebert", "squeezebert"];
    private static readonly string[] Graphs = ["model.onnx", "onnx/model.onnx"];
    private static readonly string[] Licences = ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt"];

    // The second is long, so that the first is filled up beside it: what fills up must not count.
    private static readonly string[] Trial = ["my card", string.Join(' ', Enumerable.Repeat("when does the money arrive on my account?", 4))];
    private const double SameWithin = 1e-4;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads, checks and tries it; rejected with every fault of the folder, each with what to do.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">What it is to be called, as <see cref="Names.Encoder"/> allows.</param>
    /// <param name="now">When.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>A bundle of family <see cref="EncoderSettings.FamilyName"/>, whose version is the hash of its files.</returns>
    public static async Task<Outcome<ModelBundle>> ReadAsync(string folder, string name, DateTimeOffset now, CancellationToken cancel)
    {
        List<string> faults = [];
        if (!Names.Encoder.Allows(name)) faults.Add($"The {Names.Encoder.Fault}");
        var config = EncoderConfig.Of(await JsonAsync(folder, "config.json", faults, cancel), ModelTypes, faults);
        var tokens = await TokensAsync(folder, faults, cancel);
        if (config is not null && tokens is not null && tokens.Count > config.Tokens)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"The vocabulary has {tokens.Count} tokens and config.json says that the graph knows {config.Tokens}: export vocabulary and graph from the same model."));
        var exported = await GraphAsync(folder, faults, cancel);
        var graph = exported is null ? null : Rewritten(exported, faults);
        var licence = Licences.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        if (licence is not null && new FileInfo(licence).Length > MostLicence) faults.Add($"'{licence}' has more than {MostLicence >> 20} MB: is it the licence?");
        if (faults.Count > 0 || config is null || tokens is null || exported is null || graph is null) return Outcome<ModelBundle>.Reject(faults);

        var (output, types) = Shape(graph, faults);
        if (output is null) return Outcome<ModelBundle>.Reject(faults);
        var files = new Dictionary<string, byte[]>
        {
            [EncoderSettings.File] = Json.File(new EncoderSettings(config.ModelType, config.Dimensions, config.Positions, output, types, tokens.Rules)),
            [EncoderSettings.GraphFile] = graph,
            [EncoderSettings.VocabularyFile] = tokens.Vocabulary,
        };
        if (licence is not null) files[EncoderSettings.LicenceFile] = await File.ReadAllBytesAsync(licence, cancel);
        var size = files.Values.Sum(f => (long)f.Length);
        if (size > EncoderSettings.MostBytes) return Outcome<ModelBundle>.Reject(TooBig(size));
        var bundle = ModelBundle.Create(Describe(name, exported, config, tokens, size, now), files);
        return Try(bundle, cancel) is { } fault ? Outcome<ModelBundle>.Reject(fault) : bundle;
    }

    private static Manifest Describe(string name, byte[] exported, EncoderConfig config, EncoderVocabulary tokens, long size, DateTimeOffset now)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(exported));
        return new()
        {
            Family = EncoderSettings.FamilyName,
            Portfolio = name,
            RunId = hash[..32],
            TrainedAt = now,
            DataSha256 = hash,
            Rows = 0,
            Metrics = new Dictionary<string, double> { ["dimensions"] = config.Dimensions, ["maxTokens"] = config.Positions, ["vocabulary"] = tokens.Count, ["megabytes"] = Math.Round(size / 1048576.0, 2) },
        };
    }

    private static async Task<EncoderVocabulary?> TokensAsync(string folder, List<string> faults, CancellationToken cancel)
    {
        if (File.Exists(Path.Combine(folder, "tokenizer.json"))) return TokenizerFile.Of(await JsonAsync(folder, "tokenizer.json", faults, cancel), faults);
        var path = Path.Combine(folder, "vocab.txt");
        if (!File.Exists(path))
        {
            faults.Add("The folder has neither tokenizer.json nor vocab.txt: export the tokenizer with the model. Tokenizers of other kinds than WordPiece, such as those of RoBERTa and XLM, are not supported.");
            return null;
        }

        if (new FileInfo(path).Length > MostJson)
        {
            faults.Add($"vocab.txt has more than {MostJson >> 20} MB: is it the vocabulary?");
            return null;
        }

        var config = await JsonAsync(folder, "tokenizer_config.json", faults, cancel);
        return config is null ? null : VocabularyFile.Of(await File.ReadAllBytesAsync(path, cancel), config, faults);
    }

    private static async Task<JsonObject?> JsonAsync(string folder, string file, List<string> faults, CancellationToken cancel)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path)) faults.Add($"The folder has no {file}: export it with the model.");
        else if (new FileInfo(path).Length > MostJson) faults.Add($"{file} has more than {MostJson >> 20} MB: is it the exported file?");
        else
        {
            try
            {
                if (JsonNode.Parse(await File.ReadAllBytesAsync(path, cancel), documentOptions: Strict) is JsonObject json) return json;
                faults.Add($"{file} is no JSON object: export it again.");
            }
            catch (JsonException error)
            {
                faults.Add($"{file} is no JSON: {error.Message}");
            }
        }

        return null;
    }

    private static async Task<byte[]?> GraphAsync(string folder, List<string> faults, CancellationToken cancel)
    {
        var path = Graphs.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        if (path is null) faults.Add($"The folder has no model.onnx: {HowToExport}.");
        else if (new FileInfo(path).Length is var size && size > EncoderSettings.MostBytes) faults.Add(TooBig(size));
        else return await File.ReadAllBytesAsync(path, cancel);
        return null;
    }

    private static string TooBig(long size) => string.Create(
        CultureInfo.InvariantCulture, $"The encoder has {size / 1048576.0:0.#} MB and may have {EncoderSettings.MostBytes >> 20} MB, since every model that is built on it holds it: take a smaller one.");

    private static byte[]? Rewritten(byte[] exported, List<string> faults)
    {
        try
        {
            var graph = OnnxModel.Rewritten(exported);
            OnnxModel.Check(graph, TextEncoder.Operators);
            return graph;
        }
        catch (InvalidModelException error)
        {
            faults.Add($"The graph is refused: {error.Message.Replace(": train it again or restore the file.", ".", StringComparison.Ordinal)} To mend it, {HowToExport}.");
            return null;
        }
    }

    // What it takes and gives is checked where it is loaded.
    private static (string? Output, bool TokenTypes) Shape(byte[] graph, List<string> faults)
    {
        try
        {
            using var model = OnnxModel.Load(graph, TextEncoder.Operators);
            var outputs = model.Session.OutputMetadata.Where(o => o.Value.ElementType == typeof(float) && o.Value.Dimensions.Length == 3).Select(o => o.Key).ToList();
            if (outputs.Count == 0) faults.Add($"The graph gives no vectors of tokens (float [n, length, dimensions]), but {string.Join(", ", model.Session.OutputMetadata.Keys.Select(o => $"'{o}'"))}: {HowToExport}.");
            return (outputs.Find(o => o is "last_hidden_state" or "token_embeddings") ?? outputs.FirstOrDefault(), model.Session.InputMetadata.ContainsKey("token_type_ids"));
        }
        catch (InvalidModelException error)
        {
            faults.Add(error.Message);
            return (null, false);
        }
    }

    private static string? Try(ModelBundle bundle, CancellationToken cancel)
    {
        try
        {
            using var encoder = TextEncoder.Load(bundle, EncoderPooling.Mean, Math.Min(64, bundle.Read<EncoderSettings>(EncoderSettings.File).MostTokens));
            var (alone, beside) = (encoder.Encode([Trial[0]], cancel)[0], encoder.Encode(Trial, cancel)[0]);
            var greatest = alone.Max(Math.Abs);
            return alone.Zip(beside, (a, b) => Math.Abs(a - b)).Max() <= SameWithin * Math.Max(1, greatest)
                ? null
                : $"The graph gives a text another vector when a longer one is asked with it, so that an answer would depend on others: {HowToExport}.";
        }
        catch (InvalidModelException error)
        {
            return $"The encoder cannot be used: {error.Message}";
        }
    }
}

/// <summary>Who registered an encoder; <c>registration.json</c>.</summary>
/// <param name="Actor">As they said.</param>
/// <param name="At">When, UTC.</param>
public sealed record EncoderRegistration(string Actor, DateTimeOffset At);
