using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Google.Protobuf;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Onnx.Proto;
using Serverless.Tests.Serving.Credit;
using Serverless.Training.Onnx;

namespace Serverless.Tests.Serving.Registry;

/// <summary>What can be done to a model, by name: built so from the start, or changed where it is stored.</summary>
internal static class ModelAttacks
{
    public static readonly ModelBundle Good = CreditExample.Bundle();

    // A version of its own that is as good.
    public static readonly ModelBundle Next = CreditExample.Bundle(contract: CreditExample.Contract with { MaxReasons = 1 });

    public static readonly Dictionary<string, Func<ModelBundle>> Built = new()
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

    public static readonly Dictionary<string, Func<BlobContainerClient, string, Task>> Changed = new()
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

    private static byte[] GoodGraph => Good.Served["model.onnx"].ToArray();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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

    public static async Task ManifestAsync(BlobContainerClient models, string folder, Action<JsonNode> change)
    {
        var json = JsonNode.Parse((await models.GetBlobClient($"{folder}/manifest.json").DownloadContentAsync(Cancel)).Value.Content.ToMemory().Span)!;
        change(json);
        await PutAsync(models, $"{folder}/manifest.json", JsonSerializer.SerializeToUtf8Bytes(json));
    }

    public static async Task PutAsync(BlobContainerClient models, string name, byte[] content) =>
        await models.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);
}
