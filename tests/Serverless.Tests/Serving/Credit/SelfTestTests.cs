using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Onnx;

namespace Serverless.Tests.Serving.Credit;

public class SelfTestTests
{
    private const string NeedsOutputs = "'model.onnx' must have the input 'bins', int64 [n, 4], and the outputs 'points' and 'probability', double [n]: train it again.";
    private static readonly CreditFamily Family = new();

    [Fact]
    public void Good_bundle_passes()
    {
        using var model = Family.Load(CreditExample.Bundle());
        model.SelfTest();
    }

    [Fact]
    public void Golden_application_with_other_points_fails() => Fails(
        CreditExample.Bundle(golden: [CreditExample.Golden, CreditExample.Golden with { Points = 598.17m }]),
        "Golden application 1 gets 598.16 points instead of 598.17: train the model again.");

    [Fact]
    public void Golden_application_with_another_probability_fails() => Fails(
        CreditExample.Bundle(golden: [CreditExample.Golden with { Probability = CreditExample.Golden.Probability + 2e-9 }]),
        "Golden application 0 gets probability 0.1251214");

    [Fact]
    public void Golden_application_that_is_refused_fails() => Fails(
        CreditExample.Bundle(golden: [CreditExample.Golden with { Fields = CreditExample.Fields("""{"income": "x"}""") }]),
        "Golden application 0 is refused: train the model again.");

    [Fact]
    public void No_golden_application_fails() => Fails(CreditExample.Bundle(golden: []), "'golden.json' holds no application: train the model again.");

    [Fact]
    public void Graph_of_another_table_fails_though_the_golden_application_passes()
    {
        var column = CreditExample.Card.Columns[2];
        var other = CreditExample.Card with { Columns = [.. CreditExample.Card.Columns.Select(c => c == column ? c with { Bins = CreditExample.Bins(250, -250, 0, 1) } : c)] };
        Fails(CreditExample.Bundle(graph: CreditExample.Graph(other)), "'model.onnx' and 'features.json' differ for bin 3 of 'housing': ");
    }

    [Fact]
    public void Graph_with_another_calibration_fails() => Fails(
        CreditExample.Bundle(graph: CreditExample.Graph(CreditExample.Card with { Intercept = 16.001 })),
        "'model.onnx' and 'features.json' differ for bin 0 of 'income': ");

    [Fact]
    public void Graph_with_other_outputs_is_not_loaded()
    {
        var graph = new GraphBuilder("other");
        graph.Node("Add", "score", [graph.Input("bins", ElementType.Int64, "n", 4), graph.Constant<long>("one", [1], 1)]);
        graph.Output("score", ElementType.Int64, "n", 4);
        NotLoaded(CreditExample.Bundle(graph: graph.ToBytes()), NeedsOutputs);
    }

    [Fact]
    public void Graph_of_fewer_columns_is_not_loaded() => NotLoaded(
        CreditExample.Bundle(graph: CreditExample.Graph(CreditExample.Card with { Columns = [CreditExample.Card.Columns[0]] })), NeedsOutputs);

    [Fact]
    public void Graph_of_fewer_bins_fails()
    {
        var columns = CreditExample.Card.Columns;
        var other = CreditExample.Card with { Columns = [columns[0], columns[1], columns[2], columns[3] with { Bins = CreditExample.Bins(-300, 300) }] };
        Fails(CreditExample.Bundle(graph: CreditExample.Graph(other)), "'model.onnx' cannot score the bins of 'customerSince': train the model again. ");
    }

    [Fact]
    public void Contract_that_is_not_valid_is_not_loaded() => NotLoaded(
        CreditExample.Bundle(contract: CreditExample.Contract with { MaxReasons = 0 }), "'contract.json' is not valid: 'maxReasons' must be 1 or more.");

    [Fact]
    public void Missing_file_is_not_loaded()
    {
        var bundle = CreditExample.Bundle();
        var lacking = bundle.Served.Where(f => f.Key != "features.json").ToDictionary(f => f.Key, f => f.Value.ToArray());
        NotLoaded(ModelBundle.Create(bundle.Manifest, lacking), "The bundle has no 'features.json'.");
    }

    [Fact]
    public void Scorecard_that_does_not_fit_the_contract_is_not_loaded()
    {
        var income = CreditExample.Card.Columns[0];
        ScorecardColumn Housing(params IReadOnlyList<string>[] categories) => new("housing", ColumnType.Category, [], categories, CreditExample.Bins(1, 2, 3, 4), 0);
        NotFitting([], "it has no columns");
        NotFitting([income, income], "'income' is there twice or is no input of the contract");
        NotFitting([income with { Name = "sex" }], "'sex' is there twice or is no input of the contract");
        NotFitting([income with { Type = ColumnType.Date }], "'income' has another type than in the contract");
        NotFitting([income with { Bins = CreditExample.Bins(1, 2, 3, 4) }], "'income' has 4 bins instead of 5");
        NotFitting([new("income", ColumnType.Number, [2, 2], [], income.Bins, 0)], "the cuts of 'income' do not ascend");
        NotFitting([Housing(["own"], ["own"])], "'housing' has a category in two bins");
    }

    private static void NotFitting(IReadOnlyList<ScorecardColumn> columns, string what) => NotLoaded(
        CreditExample.Bundle(CreditExample.Card with { Columns = columns }, graph: CreditExample.Graph(CreditExample.Card)),
        $"'features.json' does not fit 'contract.json', {what}: train the model again.");

    private static void NotLoaded(ModelBundle bundle, string message) => Assert.Equal(message, Assert.Throws<InvalidModelException>(() => Family.Load(bundle)).Message);

    private static void Fails(ModelBundle bundle, string start)
    {
        using var model = Family.Load(bundle);
        Assert.StartsWith(start, Assert.Throws<InvalidModelException>(model.SelfTest).Message, StringComparison.Ordinal);
    }
}
