using Google.Protobuf;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Onnx.Proto;
using Serverless.Tests.Training.Credit.Imported;
using Serverless.Training.Onnx;

namespace Serverless.Tests.Serving.Credit.Imported;

public class ImportedModelTests
{
    [Fact]
    public async Task Changed_bundle_is_not_loaded_or_fails_its_self_test()
    {
        var served = (await SmallNetwork.RegisterAsync(SmallNetwork.Graph())).Served;
        using (var good = Load(served)) good.SelfTest();

        var graph = ModelProto.Parser.ParseFrom(served["model.onnx"]);
        graph.Graph.Node[1].OpType = "Loop";
        Refused("model.onnx", graph.ToByteArray(), "Operator ':Loop' is not on the list of allowed operators.");
        Refused("model.onnx", SmallNetwork.Graph(width: 5), "'model.onnx' must have the one input 'features', float [n, 6], and the output 'logit'");
        Refused("model.onnx", new byte[ImportedGraph.MostBytes + 1], "The graph has more than 4 MB.");

        var file = Read<ImportedModelFile>(ImportedModelFile.FileName);
        Refused(ImportedModelFile.FileName, Json.File(file with { Slope = -1 }), "'imported.json' does not fit 'features.json', its slope is not above 0");
        Refused(ImportedModelFile.FileName, Json.File(file with { Background = [[0, 0, 0, 99]] }), "'imported.json' does not fit 'features.json', a row of its background has other columns or bins");
        Refused(ImportedModelFile.FileName, Json.File(file with { Background = [] }), "'imported.json' does not fit 'features.json', its background has not 1 to 16 rows");

        var card = Read<Scorecard>("features.json");
        Refused("features.json", Json.File(card with { Columns = [card.Columns[0] with { Values = null }, .. card.Columns.Skip(1)] }), "'features.json' does not fit 'contract.json', 'income' has not the values that its kind of model takes");
        Refused("features.json", Json.File(card with { Columns = [card.Columns[1], card.Columns[0], .. card.Columns.Skip(2)] }), "'features.json' has not the inputs of 'contract.json' in its order");

        using var other = Load(new Dictionary<string, byte[]>(served) { [ImportedModelFile.FileName] = Json.File(file with { Intercept = file.Intercept + 0.01 }) });
        Assert.StartsWith("Golden application 0 gets ", Assert.Throws<InvalidModelException>(other.SelfTest).Message, StringComparison.Ordinal);

        T Read<T>(string name) => System.Text.Json.JsonSerializer.Deserialize<T>(served[name], Json.Options)!;
        void Refused(string name, byte[] content, string start) =>
            Assert.StartsWith(start, Assert.Throws<InvalidModelException>(() => Load(new Dictionary<string, byte[]>(served) { [name] = content })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_without_an_answer_is_no_score()
    {
        var graph = new GraphBuilder("logarithm");
        graph.Input("x", ElementType.Float, "n", 1);
        graph.Node("Log", "y", ["x"]);
        graph.Output("y", ElementType.Float, "n", 1);
        using var loaded = ImportedGraph.Load(graph.ToBytes(), new ImportedModelFile("x", "y", GraphGives.Logit, 1, 0, []), 1);
        var logOdds = new double[3];
        loaded.LogOdds(new float[] { 1, -1, 0 }, logOdds);
        Assert.Equal([0, double.NaN, -100], logOdds);
    }

    private static CreditScorer Load(IReadOnlyDictionary<string, byte[]> served) => (CreditScorer)new CreditFamily().Load(ModelBundle.Create(
        new Manifest { Family = "credit", Portfolio = "example", RunId = "run", TrainedAt = DateTimeOffset.UnixEpoch, DataSha256 = "", Rows = 1, Metrics = new Dictionary<string, double>() }, served));
}
