using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Onnx;

namespace Serverless.Tests.Training.Credit.Imported;

public class ImportedTrainerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Scores_are_what_the_network_computes_calibrated(bool sigmoid)
    {
        using var scorer = LoanExport.Load(await SmallNetwork.RegisterAsync(sigmoid ? SmallNetwork.Sigmoid() : SmallNetwork.Graph()));
        scorer.SelfTest();
        var file = scorer.Bundle.Read<ImportedModelFile>(ImportedModelFile.FileName);
        Assert.Equal(sigmoid ? GraphGives.Probability : GraphGives.Logit, file.Gives);
        Assert.InRange(file.Slope, 0.7, 1.3); // the outcomes follow the network
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var (income, debts, days, purpose) = (random.Next(500, 9000), random.NextDouble(), random.Next(8000, 18000), random.Next(3));
            var raw = SmallNetwork.LogOdds(income, debts, days, purpose == 0 ? 1 : 0, purpose == 1 ? 1 : 0, purpose == 2 ? 1 : 0);
            Assert.Equal(1 / (1 + Math.Exp(-((file.Slope * raw) + file.Intercept))), Score(scorer, income, debts, days, SmallNetwork.Contract.Columns[4].Allowed![purpose]).Probability, 1e-5);
        }
    }

    [Fact]
    public async Task Missing_value_counts_as_the_median_and_a_code_as_its_number()
    {
        using var scorer = LoanExport.Load(await SmallNetwork.RegisterAsync(SmallNetwork.Graph()));
        var income = scorer.Card.Columns[0];
        var median = income.Values![income.MissingBin]!.Value;
        Assert.InRange(median, 4000, 5500);
        var fields = SmallNetwork.Fields(median, 1, 9000, "car").Where(f => f.Key != "income").ToDictionary();
        Assert.Equal(Score(scorer, median, 1, 9000, "car").Probability, ((Outcome<CreditScore>.Done)scorer.Score(fields)).Value.Probability, 1e-12);
        Assert.Equal(-9f, income.Values[income.MissingBin + 1]);
    }

    [Fact]
    public async Task Missing_value_is_nan_for_a_graph_that_takes_it_and_refused_for_one_that_does_not()
    {
        var error = await Assert.ThrowsAsync<InvalidModelException>(() => SmallNetwork.RegisterAsync(SmallNetwork.Graph(), missing: MissingValue.Nan));
        Assert.Equal("The graph gives no number where 'income' is missing: register it with '--missing median', or with a graph that takes NaN.", error.Message);
        using var scorer = LoanExport.Load(await SmallNetwork.RegisterAsync(TakesNan(), missing: MissingValue.Nan, gives: GraphGives.Logit));
        scorer.SelfTest();
        Assert.Null(scorer.Card.Columns[0].Values![scorer.Card.Columns[0].MissingBin]);
    }

    [Fact]
    public async Task What_columns_give_adds_up_to_score_less_background()
    {
        using var scorer = LoanExport.Load(await SmallNetwork.RegisterAsync(SmallNetwork.Graph()));
        var model = Assert.IsType<ImportedModel>(scorer.Model);
        var read = ((Outcome<BinnedApplication>.Done)scorer.Read(SmallNetwork.Fields(900, 1.9, 9000, "travel"))).Value;
        var given = new double[4];
        model.Contributions(read.Bins, given);
        Assert.Equal(100 * (model.Score(read.Bins).Points - scorer.Contract.Scale.PointsOf(model.Expected)), given.Sum(), 1e-6);
        Assert.Equal(scorer.Card.BasePoints, 100 * scorer.Contract.Scale.PointsOf(model.Expected), 1.0);
        var reason = Score(scorer, 900, 1.9, 9000, "travel").Reasons[0];
        Assert.True(reason is { PointsLost: > 0, Gain: > 0 });
    }

    [Fact]
    public async Task Directions_of_the_contract_are_swept_on_the_graph()
    {
        var contract = SmallNetwork.Contract with { Columns = [.. SmallNetwork.Contract.Columns.Select(c => c.Name == "debts" ? c with { Monotone = Monotone.Decreasing } : c)] };
        var trained = await SmallNetwork.RegisterAsync(SmallNetwork.Graph(), contract: contract);
        using var scorer = LoanExport.Load(trained);
        var (directed, broken) = trained.Sweep(scorer);
        Assert.Equal((2, "debts"), (directed, Assert.Single(broken)));
    }

    [Fact]
    public async Task Smallest_change_that_leads_to_approval_is_found_and_gives_the_score_it_says()
    {
        using var scorer = LoanExport.Load(await SmallNetwork.RegisterAsync(SmallNetwork.Graph()));
        var fields = SmallNetwork.Fields(900, 1.9, 9000, "car");
        var (found, exact, why) = new CounterfactualFinder(scorer, changed => DecisionRules.Objections(scorer, changed)).Find(fields);
        Assert.True(found.Count > 0, why);
        Assert.False(exact);
        var again = new Dictionary<string, System.Text.Json.JsonElement>(fields);
        foreach (var change in found[0].Changes) again[change.Column] = change.To;
        var score = ((Outcome<CreditScore>.Done)scorer.Score(again)).Value;
        Assert.Equal((score.Points, score.Probability), (found[0].Points, found[0].Probability));
        Assert.True(score.Probability < scorer.Contract.Policy.ApproveBelow);
    }

    [Fact]
    public async Task No_row_both_calibrates_and_measures()
    {
        var trained = await SmallNetwork.RegisterAsync(SmallNetwork.Graph());
        Assert.Equal(1000, trained.HoldoutBad.Count, 1.0);
        var rows = await LoanExport.RowsAsync(SmallNetwork.Csv(2000), SmallNetwork.Contract);
        Assert.DoesNotContain(trained.HoldoutRows, row => trained.TrainedOn.Contains(rows.Keys[row]));
        Assert.True(trained.Metrics["auc"] > 0.6);
    }

    [Fact]
    public async Task Model_that_is_trained_later_is_compared_with_it_on_fresh_rows()
    {
        using var champion = LoanExport.Load(await SmallNetwork.RegisterAsync(SmallNetwork.Graph()));
        var later = await LoanExport.TrainAsync(SmallNetwork.Csv(2000, seed: 2), SmallNetwork.Contract with { Models = new() { Kinds = [ModelKind.Scorecard] } });
        var compared = later.CompareWith(champion, new RowKeys([]));
        Assert.Null(compared.NotComparable);
        Assert.InRange(compared.Champion, 0.6, 1);
    }

    [Fact]
    public async Task Graph_of_good_loans_is_refused()
    {
        var good = SmallNetwork.Graph(g =>
        {
            g.Node("Neg", "good", ["logit"]);
            g.Output("good", ElementType.Float, "batch", 1);
        });
        var error = await Assert.ThrowsAsync<InvalidModelException>(() => SmallNetwork.RegisterAsync(good, gives: GraphGives.Logit));
        Assert.StartsWith("The graph ranks bad loans as good ones or tells nothing: AUC 0.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Graph_whose_answer_depends_on_other_rows_is_refused()
    {
        var across = SmallNetwork.Graph(g =>
        {
            g.Node("ReduceMean", "mean", ["logit", g.Constant<long>("rows", [0], 1)]);
            g.Node("Sub", "less", ["logit", "mean"]);
            g.Output("less", ElementType.Float, "batch", 1);
        });
        var error = await Assert.ThrowsAsync<InvalidModelException>(() => SmallNetwork.RegisterAsync(across, gives: GraphGives.Logit));
        Assert.StartsWith("The graph gives a row another answer when others are asked with it", error.Message, StringComparison.Ordinal);
    }

    private static byte[] TakesNan()
    {
        var graph = new GraphBuilder("exported");
        graph.Input("features", ElementType.Float, "batch", SmallNetwork.Width);
        graph.Node("IsNaN", "missing", ["features"]);
        graph.Node("Where", "filled", ["missing", graph.Constant<float>("zero", [0], 1), "features"]);
        graph.Node("MatMul", "logit", ["filled", graph.Constant<float>("w", [-0.0005f, 1, 0, 0, 0, 0], SmallNetwork.Width, 1)]);
        graph.Output("logit", ElementType.Float, "batch", 1);
        return graph.ToBytes();
    }

    private static CreditScore Score(CreditScorer scorer, double income, double debts, int days, string purpose) =>
        Assert.IsType<Outcome<CreditScore>.Done>(scorer.Score(SmallNetwork.Fields(income, debts, days, purpose))).Value;
}
