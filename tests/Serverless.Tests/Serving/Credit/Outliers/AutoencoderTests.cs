using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Tests.Training.Credit;

namespace Serverless.Tests.Serving.Credit;

/// <summary>A bundle whose autoencoder is damaged is refused, with what to do.</summary>
public class AutoencoderTests
{
    private const string Advice = ": restore the file, or train the model again.";

    [Theory]
    [InlineData(Autoencoder.GraphFile)]
    [InlineData(Autoencoder.FeaturesFile)]
    public async Task File_that_is_missing_is_named(string name) => await RefusedAsync(
        f => f.Remove(name), $"The bundle has a part of an autoencoder but no '{name}': restore the file, or train the model again.");

    [Theory]
    [InlineData("golden", "[]", "'autoencoder.json' holds no golden answers of 8 numbers")]
    [InlineData("golden", """[{"error":1,"code":[1]}]""", "'autoencoder.json' holds no golden answers of 8 numbers")]
    [InlineData("encoding/columns/0/name", "\"other\"", "'autoencoder.json' does not fit the inputs of 'contract.json'")]
    [InlineData("encoding/columns/0/specials", "2", "'autoencoder.json' does not fit the inputs of 'contract.json'")]
    [InlineData("encoding/columns/0/cuts", "[3,2]", "'autoencoder.json' does not fit the inputs of 'contract.json'")]
    [InlineData("encoding/columns/4/gramBits", "30", "'autoencoder.json' does not fit the inputs of 'contract.json'")]
    [InlineData("encoding/columns/2/values", """["T1","T1"]""", "'autoencoder.json' does not fit the inputs of 'contract.json'")]
    [InlineData("encoding/columns", "[null,null,null,null,null]", "'autoencoder.json' does not fit the inputs of 'contract.json'")]
    public async Task Features_that_do_not_fit_are_refused(string member, string value, string fault) =>
        await RefusedAsync(f => f[Autoencoder.FeaturesFile] = Changed(f[Autoencoder.FeaturesFile], member, value), fault + Advice);

    [Theory]
    [InlineData("""[{"row":"00","bad":true,"code":[1,2]}]""")]
    [InlineData("[null]")]
    public async Task Past_cases_of_another_form_are_refused(string json) => await RefusedAsync(
        f => f[Autoencoder.CasesFile] = System.Text.Encoding.UTF8.GetBytes(json), "'cases.json' has more than 20000 cases, or one without 8 finite numbers" + Advice);

    [Fact]
    public async Task Graph_of_another_form_is_refused() => await RefusedAsync(
        f => f[Autoencoder.GraphFile] = f["model.onnx"], "'autoencoder.onnx' must have the input 'values', float [n, 768], and the outputs 'error', float [n], and 'code', float [n, 8]" + Advice);

    [Fact]
    public async Task Files_that_are_no_json_and_no_graph_are_refused()
    {
        await RefusedAsync(f => f[Autoencoder.FeaturesFile] = [0], "'autoencoder.json' cannot be read: ");
        await RefusedAsync(f => f[Autoencoder.GraphFile] = [1, 2, 3], "The graph is not an ONNX file: ");
    }

    [Fact]
    public async Task Graph_that_answers_otherwise_than_in_training_fails_the_self_test()
    {
        var files = await FilesAsync();
        files[Autoencoder.FeaturesFile] = Changed(files[Autoencoder.FeaturesFile], "golden/3/error", "123");
        using var model = Load(files);
        var fault = Assert.Throws<InvalidModelException>(model.SelfTest);
        Assert.Equal("'autoencoder.onnx' answers pattern 3 otherwise than in training" + Advice, fault.Message);
    }

    [Fact]
    public async Task Bundle_without_past_cases_finds_none_and_still_tells_outliers()
    {
        var files = await FilesAsync();
        files.Remove(Autoencoder.CasesFile);
        using var model = Load(files);
        var read = Assert.IsType<Outcome<BinnedApplication>.Done>(model.Read(CreditExample.Fields("{}"))).Value;
        Assert.Empty(model.SimilarCases(read, 3));
        Assert.NotNull(model.Score(read).OutOfDistribution);
    }

    private static async Task RefusedAsync(Action<Dictionary<string, byte[]>> change, string fault)
    {
        var files = await FilesAsync();
        change(files);
        Assert.StartsWith(fault, Assert.Throws<InvalidModelException>(() => Load(files)).Message, StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, byte[]>> FilesAsync() => new((await TrainedAutoencoder.ModelAsync()).Served);

    private static CreditScorer Load(Dictionary<string, byte[]> files)
    {
        var manifest = new Manifest { Family = "credit", Portfolio = "example", RunId = "run", TrainedAt = DateTimeOffset.UnixEpoch, DataSha256 = "", Rows = 1, Metrics = new Dictionary<string, double>() };
        return (CreditScorer)new CreditFamily().Load(ModelBundle.Create(manifest, files));
    }

    private static byte[] Changed(byte[] json, string path, string value)
    {
        var root = JsonNode.Parse(json)!;
        var (at, steps) = (root, path.Split('/'));
        foreach (var step in steps[..^1]) at = at is JsonArray list ? list[int.Parse(step)]! : at[step]!;
        at[steps[^1]] = JsonNode.Parse(value);
        return Json.File(root);
    }
}
