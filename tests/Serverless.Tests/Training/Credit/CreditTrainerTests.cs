using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class CreditTrainerTests
{
    private static readonly CreditContract Once = LoanExport.Contract with { Training = new TrainingRules { Refit = false } };

    [Fact]
    public async Task Same_data_twice_gives_the_same_files()
    {
        var (first, second) = (await LoanExport.TrainAsync(LoanExport.Csv(1500)), await LoanExport.TrainAsync(LoanExport.Csv(1500)));
        Assert.Equal(["contract.json", "features.json", "golden.json", "model.onnx"], first.Served.Keys.Order());
        foreach (var (name, content) in first.Served) Assert.True(content.SequenceEqual(second.Served[name]), name);
    }

    [Fact]
    public async Task Truth_is_recovered()
    {
        var model = await LoanExport.TrainAsync(LoanExport.Csv(6000));
        Assert.InRange(model.Metrics["auc"], 0.75, 0.95);
        Assert.True(model.Metrics["ece"] < 0.04);
        var income = model.Scorecard.Columns.Single(c => c.Name == "income");
        var points = income.Bins.Take(income.Cuts.Count + 1).Select(b => b.Points).ToArray();
        Assert.True(points.Length > 4);
        Assert.Equal(points.Order(), points);
        Assert.Equal(["missing", "-9"], income.Bins.Skip(points.Length).Select(b => b.Label));
        Assert.All(income.Bins.Skip(points.Length), b => Assert.True(b.Rows > 100));
        var region = model.Scorecard.Columns.Single(c => c.Name == "region");
        Assert.Equal("R3", Assert.Single(region.Categories[region.Bins.Index().Take(region.Categories.Count).MinBy(b => b.Item.Points).Index]));
        Assert.DoesNotContain(model.Scorecard.Columns, c => c.Name == "noise" && c.Bins.Max(b => b.Points) - c.Bins.Min(b => b.Points) > 1000);
    }

    [Theory]
    [InlineData(Monotone.Increasing)]
    [InlineData(Monotone.Decreasing)]
    public async Task Trend_of_the_contract_is_kept_against_the_data(Monotone trend)
    {
        var contract = Once with { Columns = [.. Once.Columns.Select(c => c.Name is "income" or "noise" ? c with { Monotone = trend } : c)] };
        var model = await LoanExport.TrainAsync(LoanExport.Csv(1500), contract);
        foreach (var column in model.Scorecard.Columns.Where(c => c.Type == ColumnType.Number))
        {
            var points = column.Bins.Take(column.Cuts.Count + 1).Select(b => b.Points).ToArray();
            Assert.Equal(trend == Monotone.Decreasing ? points.Order() : points.OrderDescending(), points);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Served_graph_answers_as_the_trainer_on_every_holdout_row(bool dated)
    {
        var contract = (dated ? LoanExport.Dated : LoanExport.Contract) with { Training = Once.Training };
        var model = await LoanExport.TrainAsync(LoanExport.Csv(1500), contract);
        var rows = await LoanExport.RowsAsync(LoanExport.Csv(1500), contract);
        using var scorer = LoanExport.Load(model);
        scorer.SelfTest();
        var probabilities = CreditEvaluation.Score(scorer, new RowsUnder(rows, scorer.Contract), [.. model.HoldoutRows]);
        Assert.Equal(model.HoldoutRows.Count, model.HoldoutProbabilities.Count);
        for (var i = 0; i < probabilities.Length; i++) Assert.Equal(model.HoldoutProbabilities[i], probabilities[i], 1e-12);

        var bins = CreditEvaluation.Bins(scorer.Card, new RowsUnder(rows, contract), [.. model.HoldoutRows]);
        var points = new double[probabilities.Length];
        scorer.ScoreRows(bins, points, probabilities);
        Assert.Equal(model.HoldoutPoints.Select(p => (double)p), points);
    }

    [Fact]
    public async Task Applications_score_as_their_rows()
    {
        var csv = LoanExport.Csv(600);
        var model = await LoanExport.TrainAsync(csv, Once);
        using var scorer = LoanExport.Load(model);
        var lines = csv.Split('\n');
        foreach (var (place, row) in model.HoldoutRows.Index())
        {
            var values = lines[row + 1].Split(',');
            var fields = new Dictionary<string, JsonElement>
            {
                ["income"] = JsonSerializer.SerializeToElement(values[1]),
                ["region"] = JsonSerializer.SerializeToElement(values[2]),
                ["noise"] = JsonSerializer.SerializeToElement(values[3]),
            };
            var score = Assert.IsType<Outcome<CreditScore>.Done>(scorer.Score(fields)).Value;
            Assert.Equal(model.HoldoutPoints[place], score.Points);
        }
    }

    [Fact]
    public async Task Refit_uses_all_rows_and_keeps_the_figures()
    {
        var (once, refit) = (await LoanExport.TrainAsync(LoanExport.Csv(1500), Once), await LoanExport.TrainAsync(LoanExport.Csv(1500)));
        Assert.Equal((1200, 1500), (once.TrainedOn.Count, refit.TrainedOn.Count));
        Assert.Equal(once.Metrics, refit.Metrics);
        Assert.Equal(1500, refit.Scorecard.Columns[0].Bins.Sum(b => b.Rows));
        Assert.Equal(1200, refit.Evaluated.Columns[0].Bins.Sum(b => b.Rows));
    }

    [Fact]
    public async Task Comparison_leaves_out_what_the_champion_was_trained_on()
    {
        var champion = await LoanExport.TrainAsync(LoanExport.Csv(1000));
        using var scorer = LoanExport.Load(champion);
        var challenger = await LoanExport.TrainAsync(LoanExport.Csv(1000) + LoanExport.Csv(1000, seed: 2, firstId: 1000).Split('\n', 2)[1]);
        var fresh = challenger.CompareWith(scorer, champion.TrainedOn);
        Assert.Equal("auc", fresh.Metric);
        Assert.InRange(fresh.Rows, 150, 250);
        Assert.InRange(fresh.Rare, 20, 120);
        Assert.InRange(fresh.Challenger - fresh.Champion, -0.05, 0.05);
        Assert.InRange(fresh.Champion, 0.7, 1);

        var none = challenger.CompareWith(scorer, challenger.TrainedOn);
        Assert.Equal((0, 0, double.NaN, double.NaN), (none.Rows, none.Rare, none.Challenger, none.Champion));
    }

    [Fact]
    public async Task Evaluation_of_the_served_model_on_its_holdout_gives_its_figures()
    {
        var csv = LoanExport.Csv(1500);
        var model = await LoanExport.TrainAsync(csv, Once);
        var lines = csv.Split('\n');
        var held = string.Join('\n', model.HoldoutRows.Select(r => lines[r + 1]).Prepend(lines[0]));
        using var scorer = LoanExport.Load(model);
        var figures = CreditEvaluation.Evaluate(scorer, await LoanExport.RowsAsync(held));
        foreach (var (metric, figure) in figures) Assert.Equal(model.Metrics[metric], figure, 1e-9);
    }

    [Fact]
    public async Task Evaluated_file_with_dates_in_the_future_is_refused()
    {
        using var scorer = LoanExport.Load(await LoanExport.TrainAsync(LoanExport.Csv(600), LoanExport.Dated));
        await using var file = await DropOf.Text(LoanExport.Csv(600));
        var now = new DateTimeOffset(2020, 2, 1, 0, 0, 0, TimeSpan.Zero);
        var evaluated = await new CreditTrainer().EvaluateAsync(scorer, file, now, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        Assert.Contains("'date' lies in the future", string.Join('\n', Assert.IsType<Outcome<Evaluation>.Rejected>(evaluated).Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_with_a_fault_in_an_input_that_the_model_does_not_use_is_refused_in_a_file_as_in_an_application()
    {
        var contract = LoanExport.Contract with { Columns = [.. LoanExport.Contract.Columns, new() { Name = "constant", Type = ColumnType.Number }], Scorecard = new ScorecardRules { MinInformationValue = 0.1 } };
        var training = LoanExport.Csv(1000).Replace("since\n", "since,constant\n", StringComparison.Ordinal).Split('\n').Select((l, i) => i == 0 || l.Length == 0 ? l : l + ",1");
        using var scorer = LoanExport.Load(await LoanExport.TrainAsync(string.Join('\n', training), contract));
        Assert.DoesNotContain(scorer.Card.Columns, c => c.Name == "constant");
        var asked = scorer.Score(new Dictionary<string, JsonElement> { ["income"] = JsonSerializer.SerializeToElement(4000), ["constant"] = JsonSerializer.SerializeToElement("x") });
        var fault = Assert.Single(Assert.IsType<Outcome<CreditScore>.Rejected>(asked).Reasons);

        await using var file = await DropOf.Text("id,income,region,noise,constant\na,4000,R1,5,x\nb,4000,R1,5,\n");
        await using var output = new StringWriter();
        var scored = Assert.IsType<Outcome<FileScoring>.Done>(await FileScoring.RunAsync(scorer, file, output, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken)).Value;
        Assert.Equal((2, 1), (scored.Rows, scored.Rejected));
        Assert.Contains($"a,,,rejected,{fault}\n", output.ToString(), StringComparison.Ordinal);

        await using var without = await DropOf.Text("id,income,region,noise\na,4000,R1,5\n");
        Assert.Equal(0, Assert.IsType<Outcome<FileScoring>.Done>(await FileScoring.RunAsync(scorer, without, TextWriter.Null, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken)).Value.Rejected);
    }

    [Fact]
    public async Task Card_names_the_period_and_the_columns()
    {
        var model = await LoanExport.TrainAsync(LoanExport.Csv(600), LoanExport.Dated);
        using var scorer = LoanExport.Load(model);
        var card = System.Text.Encoding.UTF8.GetString(model.Card(scorer.Bundle.Manifest)["card.md"]);
        Assert.Contains("2020-01-01 to 2020-04-29", card, StringComparison.Ordinal);
        foreach (var column in model.Scorecard.Columns) Assert.Contains(column.Name, card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_without_information_give_everyone_the_same_points()
    {
        var csv = "id,income,region,noise,bad\n" + string.Join('\n', Enumerable.Range(0, 100).Select(i => $"{i},5,R,1,{i % 4 / 3}"));
        var model = await LoanExport.TrainAsync(csv);
        Assert.Equal(0.5, model.Metrics["auc"]);
        Assert.All(model.HoldoutProbabilities, p => Assert.Equal(0.25, p, 0.02));
        using var scorer = LoanExport.Load(model);
        scorer.SelfTest();
    }
}
