using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Onnx.Proto;
using Serverless.Tests.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Drops;
using Serverless.Training.Onnx;

namespace Serverless.Tests.Serving.Registry;

/// <summary>
/// A model that was changed, is incomplete or holds what is not allowed never becomes live, even when the champion pointer names it:
/// the present champion answers on, a warning tells it, and a retrain does not promote it.
/// </summary>
public class ModelAttackTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly ModelBundle Good = CreditExample.Bundle();

    // A version of its own that is as good.
    private static readonly ModelBundle Next = CreditExample.Bundle(contract: CreditExample.Contract with { MaxReasons = 1 });

    private static readonly Dictionary<string, Func<ModelBundle>> Built = new()
    {
        ["operator outside the list"] = () => Graph(m => m.Graph.Node[0].OpType = "Loop"),
        ["operator of another domain"] = () => Graph(m => m.Graph.Node[0].Domain = "com.microsoft"),
        ["nested graph"] = () => Graph(m => m.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "body", G = new GraphProto() })),
        ["nested graphs"] = () => Graph(m => m.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "body", Graphs = { new GraphProto() } })),
        ["data outside the file"] = () => Graph(m => m.Graph.Initializer[0].DataLocation = 1),
        ["place of data outside the file"] = () => Graph(m => m.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "/etc/passwd" })),
        ["attribute with data outside the file"] = () => Graph(m => m.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "value", T = new TensorProto { DataLocation = 1 } })),
        ["attributes with data outside the file"] = () => Graph(m => m.Graph.Node[0].Attribute.Add(
            new AttributeProto { Name = "value", Tensors = { new TensorProto { ExternalData = { new StringStringEntryProto { Key = "location", Value = "x" } } } } })),
        ["function"] = () => Bytes([.. GoodGraph, 0xCA, 0x01, 0x00]), // field 25: functions
        ["training graph"] = () => Bytes([.. GoodGraph, 0xA2, 0x01, 0x00]), // field 20: training_info
        ["sparse initializer"] = () => Bytes(Unknown(field: 15)),
        ["quantisation annotation"] = () => Bytes(Unknown(field: 14)),
        ["no graph"] = () => Bytes([]),
        ["no ONNX"] = () => Bytes(Encoding.UTF8.GetBytes("#!/bin/sh")),
        ["pickle"] = () => Bytes([0x80, 0x04, 0x95, 0, 0, 0, 0]),
        ["graph for fewer columns"] = () => Bytes(CreditExample.Graph(new Scorecard(60000, [.. CreditExample.Card.Columns.Skip(1)], -0.03, 16))),
        ["input of another type"] = () => Graph(m => m.Graph.Input[0].Type.TensorType.ElemType = (int)ElementType.Double),
        ["output that is not there"] = () => Graph(m => m.Graph.Output.RemoveAt(1)),
        ["graph that does not fit together"] = () => Graph(m => m.Graph.Node[0].Input[0] = "nowhere"),
        ["table that is too short"] = () => Graph(m => Shorten(m.Graph.Initializer.Single(t => t.Name == "table"))),
        ["golden input answered otherwise"] = () => CreditExample.Bundle(golden: [CreditExample.Golden with { Points = 598.17m }]),
        ["no golden input"] = () => CreditExample.Bundle(golden: []),
        ["points of another graph"] = () => CreditExample.Bundle(card: new Scorecard(60100, CreditExample.Card.Columns, -0.03, 16), graph: GoodGraph),
        ["features of another contract"] = () => CreditExample.Bundle(contract: CreditExample.Contract with { Columns = [.. CreditExample.Contract.Columns.Where(c => c.Name != "purpose")] }),
        ["column twice"] = () => CreditExample.Bundle(contract: CreditExample.Contract with { Columns = [.. CreditExample.Contract.Columns, CreditExample.Contract.Columns[2]] }),
        ["features that are no JSON"] = () => File("features.json", "{"),
        ["features that are null"] = () => File("features.json", "null"),
        ["contract of another family"] = () => File("contract.json", Encoding.UTF8.GetString(ConstantFamily.ContractJson)),
    };

    private static readonly Dictionary<string, Func<BlobContainerClient, string, Task>> Changed = new()
    {
        ["flipped bit in the graph"] = (m, f) => FlipAsync(m, $"{f}/model.onnx"),
        ["flipped bit in the features"] = (m, f) => FlipAsync(m, $"{f}/features.json"),
        ["flipped bit in the contract"] = (m, f) => FlipAsync(m, $"{f}/contract.json"),
        ["flipped bit in the golden inputs"] = (m, f) => FlipAsync(m, $"{f}/golden.json"),
        ["flipped bit in the manifest"] = (m, f) => FlipAsync(m, $"{f}/manifest.json"),
        ["file cut off"] = (m, f) => PutAsync(m, $"{f}/model.onnx", GoodGraph[..^1]),
        ["missing graph"] = (m, f) => m.GetBlobClient($"{f}/model.onnx").DeleteAsync(cancellationToken: Cancel),
        ["missing golden inputs"] = (m, f) => m.GetBlobClient($"{f}/golden.json").DeleteAsync(cancellationToken: Cancel),
        ["missing manifest"] = (m, f) => m.GetBlobClient($"{f}/manifest.json").DeleteAsync(cancellationToken: Cancel),
        ["file changed with its hash"] = async (m, f) =>
        {
            await PutAsync(m, $"{f}/golden.json", "[]\n"u8.ToArray());
            await ManifestAsync(m, f, j => j["files"]!["golden.json"] = Convert.ToHexStringLower(SHA256.HashData("[]\n"u8)));
        },
        ["file left out of the manifest"] = (m, f) => ManifestAsync(m, f, j => j["files"]!.AsObject().Remove("golden.json")),
        ["manifest that names a path"] = (m, f) => ManifestAsync(m, f, j => j["files"]!["../../../x"] = new string('0', 64)),
        ["manifest that names an encoded path"] = (m, f) => ManifestAsync(m, f, j => j["files"]!["..%2Fx"] = new string('0', 64)),
        ["manifest that names thousands of files"] = (m, f) => ManifestAsync(m, f, j =>
        {
            for (var i = 0; i < 5000; i++) j["files"]![$"f{i}"] = new string('0', 64);
        }),
        ["manifest of another portfolio"] = (m, f) => ManifestAsync(m, f, j => j["portfolio"] = "other"),
        ["manifest of another family"] = (m, f) => ManifestAsync(m, f, j => j["family"] = "text"),
        ["manifest of 2 MB"] = (m, f) => PutAsync(m, $"{f}/manifest.json", Encoding.UTF8.GetBytes(new string(' ', 2 << 20))),
        ["empty manifest"] = (m, f) => PutAsync(m, $"{f}/manifest.json", []),
    };

    private readonly ManualTime _time = new();
    private readonly KeptLog<LiveModels> _log = new();
    private StorageAccount _account = null!;
    private ModelRegistry _registry = null!;
    private LiveModels _models = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static byte[] GoodGraph => Good.Served["model.onnx"].ToArray();

    public static TheoryData<string> BuiltAttacks => [.. Built.Keys];

    public static TheoryData<string> ChangedAttacks => [.. Changed.Keys];

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewAccountAsync();
        await _account.PrepareAsync(Cancel);
        _registry = new(_account);
        _models = new(_registry, [new CreditFamily()], _time, new LiveModelsOptions(), _log);
        await PublishAsync(Good);
        await SwitchAsync(Good.Version);
        await AnswersAsync(Good.Version);
    }

    public ValueTask DisposeAsync()
    {
        _models.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(BuiltAttacks))]
    public async Task Model_that_is_not_allowed_never_goes_live(string attack)
    {
        var bad = Built[attack]();
        Assert.NotEqual(Good.Version, bad.Version);
        await RetrainAsync(bad);
        await AnswersAsync(Good.Version);
        Assert.Equal(Good.Version, (await _registry.ChampionAsync("credit", "example", Cancel))!.Version);

        await PublishAsync(bad);
        await RefusedAsync(bad.Version);
    }

    [Theory]
    [MemberData(nameof(ChangedAttacks))]
    public async Task Model_that_was_changed_never_goes_live(string attack)
    {
        await PublishAsync(Next);
        await Changed[attack](_account.Blobs.GetBlobContainerClient("models"), $"credit/example/{Next.Version}");
        await SwitchAsync(Next.Version);
        await RefusedAsync(Next.Version);

        // A retrain that gives the same version promotes it only when what it finds stored can be served, as after it completed it.
        await SwitchAsync(Good.Version);
        await RetrainAsync(Next);
        var live = (await _registry.ChampionAsync("credit", "example", Cancel))!.Version;
        Assert.Equal(live, (await _registry.OpenAsync("credit", "example", live, Cancel)).Version);
        Assert.True(live == Good.Version || attack.StartsWith("missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trained_rows_that_were_changed_are_refused_and_files_that_the_manifest_does_not_name_are_not_there()
    {
        await PublishAsync(Next);
        var folder = $"credit/example/{Next.Version}";
        var models = _account.Blobs.GetBlobContainerClient("models");
        await PutAsync(models, $"{folder}/card.html", "<script>"u8.ToArray());
        Assert.Null(await _registry.BesideAsync("credit", "example", Next.Version, "card.html", Cancel));
        Assert.NotNull(await _registry.BesideAsync("credit", "example", Next.Version, "trained-rows.bin", Cancel));
        await PutAsync(models, $"{folder}/trained-rows.bin", new byte[8]);
        await Assert.ThrowsAsync<InvalidModelException>(() => _registry.BesideAsync("credit", "example", Next.Version, "trained-rows.bin", Cancel));

        // A manifest of an older program names none: its files are read as they are.
        await ManifestAsync(models, folder, j => j.AsObject().Remove("beside"));
        Assert.NotNull(await _registry.BesideAsync("credit", "example", Next.Version, "trained-rows.bin", Cancel));
    }

    [Fact]
    public async Task Folder_with_a_model_that_was_changed_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-attack-").FullName;
        await Next.With(Next.Manifest, new Dictionary<string, byte[]> { ["card.md"] = "# Card"u8.ToArray() }).WriteFolderAsync(folder, Cancel);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "other.bin"), "not named, not read", Cancel);
        var read = await ModelBundle.ReadFolderAsync(folder, Cancel);
        Assert.Equal(Next.Version, read.Version);
        Assert.Equal(["card.md"], read.Beside.Keys);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "card.md"), "# Better", Cancel);
        await Assert.ThrowsAsync<InvalidModelException>(() => ModelBundle.ReadFolderAsync(folder, Cancel));
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "card.md"), "# Card", Cancel);

        var manifest = await System.IO.File.ReadAllTextAsync(Path.Combine(folder, "manifest.json"), Cancel);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), manifest.Replace("golden.json", "../golden.json", StringComparison.Ordinal), Cancel);
        Assert.Contains("cannot be one", (await Assert.ThrowsAsync<InvalidModelException>(() => ModelBundle.ReadFolderAsync(folder, Cancel))).Message, StringComparison.Ordinal);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), manifest, Cancel);
        using (var big = System.IO.File.OpenWrite(Path.Combine(folder, "model.onnx"))) big.SetLength((256L << 20) + 1); // sparse
        Assert.Contains("is too big", (await Assert.ThrowsAsync<InvalidModelException>(() => ModelBundle.ReadFolderAsync(folder, Cancel))).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The pointer names it, and still the present champion answers, with a warning.</summary>
    private async Task RefusedAsync(string version)
    {
        await SwitchAsync(version);
        _time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; !_log.Warnings.Any(); i++)
        {
            Assert.True(i < 500, "No warning came");
            await AnswersAsync(Good.Version);
            await Task.Delay(20, Cancel);
        }

        await AnswersAsync(Good.Version);
        Assert.StartsWith($"credit/example: champion {version} cannot be served, {Good.Version} stays live", _log.Warnings.First(), StringComparison.Ordinal);
    }

    private async Task AnswersAsync(string version)
    {
        using var lease = await _models.RentAsync<CreditScorer>("credit", "example", Cancel);
        Assert.Equal(version, lease!.Version);
        var score = Assert.IsType<Outcome<CreditScore>.Done>(lease.Model.Score(CreditExample.Golden.Fields)).Value;
        Assert.Equal(CreditExample.Golden.Points, score.Points);
    }

    /// <summary>The retrain path from training on, with a trainer that gives these files.</summary>
    private async Task RetrainAsync(ModelBundle bundle)
    {
        var family = new Giving(bundle);
        var promotion = new Promotion(_registry, _time, NullLogger<Promotion>.Instance);
        try
        {
            var empty = Path.GetTempFileName();
            await using var drop = await LocalDrop.OpenAsync(empty, Cancel);
            System.IO.File.Delete(empty);
            var trained = await ModelTraining.RunAsync(family, CreditExample.Contract, drop, null, _time, new Progress<TrainingProgress>(), Cancel);
            await promotion.DecideAsync(family, "example", Assert.IsType<Outcome<NewModel>.Done>(trained).Value, new GateRules { MinRows = 0, MinRare = 0 }, Cancel);
        }
        catch (InvalidModelException)
        {
            // Refused; what is live is checked by the caller.
        }
    }

    private async Task SwitchAsync(string version)
    {
        var champion = await _registry.ChampionAsync("credit", "example", Cancel);
        Assert.True(await _registry.PromoteAsync("credit", "example", version, champion, "attacker", _time.GetUtcNow(), Cancel));
    }

    private Task PublishAsync(ModelBundle bundle) =>
        _registry.PublishAsync(bundle.With(bundle.Manifest, new Dictionary<string, byte[]> { ["trained-rows.bin"] = [] }), Cancel);

    private static ModelBundle Graph(Action<ModelProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(GoodGraph);
        change(model);
        return Bytes(model.ToByteArray());
    }

    private static ModelBundle Bytes(byte[] graph) => CreditExample.Bundle(graph: graph);

    private static ModelBundle File(string name, string content) => ModelBundle.Create(
        Good.Manifest, Good.Served.ToDictionary(f => f.Key, f => f.Key == name ? Encoding.UTF8.GetBytes(content) : f.Value.ToArray()));

    /// <summary>The graph with a member that onnx.proto here does not know, empty, where its writer would have put it.</summary>
    private static byte[] Unknown(int field)
    {
        byte[] member = [(byte)((field << 3) | 2), 0x00];
        Assert.Equal(GoodGraph, WithMember([]));
        return WithMember(member);

        static byte[] WithMember(byte[] member)
        {
            var model = ModelProto.Parser.ParseFrom(GoodGraph);
            using var graph = new MemoryStream();
            using (var output = new CodedOutputStream(graph, leaveOpen: true))
            {
                output.WriteTag(ModelProto.GraphFieldNumber, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom([.. model.Graph.ToByteArray(), .. member]));
            }

            byte[] before = new ModelProto { IrVersion = model.IrVersion, ProducerName = model.ProducerName }.ToByteArray();
            return [.. before, .. graph.ToArray(), .. new ModelProto { OpsetImport = { model.OpsetImport } }.ToByteArray()];
        }
    }

    private static void Shorten(TensorProto table)
    {
        table.Dims[0]--;
        if (table.RawData.Length > 0) table.RawData = ByteString.CopyFrom(table.RawData.Span[..^8]);
        else table.Int64Data.RemoveAt(table.Int64Data.Count - 1);
    }

    private static async Task FlipAsync(BlobContainerClient models, string name)
    {
        var bytes = (await models.GetBlobClient(name).DownloadContentAsync(Cancel)).Value.Content.ToArray();
        bytes[bytes.Length / 2] ^= 1;
        await PutAsync(models, name, bytes);
    }

    private static async Task ManifestAsync(BlobContainerClient models, string folder, Action<JsonNode> change)
    {
        var json = JsonNode.Parse((await models.GetBlobClient($"{folder}/manifest.json").DownloadContentAsync(Cancel)).Value.Content.ToMemory().Span)!;
        change(json);
        await PutAsync(models, $"{folder}/manifest.json", JsonSerializer.SerializeToUtf8Bytes(json));
    }

    private static async Task PutAsync(BlobContainerClient models, string name, byte[] content) =>
        await models.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);

    /// <summary>A trainer that gives a bundle's files and is better than everything.</summary>
    private sealed class Giving(ModelBundle bundle) : ITrainingFamily
    {
        public IModelFamily Serving { get; } = new CreditFamily();

        public int Revision => 1;

        public Task<Outcome<TrainingRows>> ReadAsync(DataContract contract, Stream csv, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
            Task.FromResult<Outcome<TrainingRows>>(new NoRows());

        public TrainedModel Train(TrainingRows rows, IProgress<TrainingProgress> progress, CancellationToken cancel) => new Best
        {
            Served = bundle.Served.ToDictionary(f => f.Key, f => f.Value.ToArray()),
            Metrics = new Dictionary<string, double>(),
            Rows = 1,
            TrainedOn = new RowKeys([]),
        };

        public Task<Outcome<Evaluation>> EvaluateAsync(IServedModel model, Stream csv, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
            throw new NotSupportedException();
    }

    private sealed record NoRows() : TrainingRows(0, 0);

    private sealed class Best : TrainedModel
    {
        public override Comparison CompareWith(IServedModel champion, RowKeys championTrainedOn) => new("auc", 1000, 100, 1, 0.5);

        public override IReadOnlyDictionary<string, byte[]> Card(Manifest manifest) => new Dictionary<string, byte[]>();
    }
}
