using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

/// <summary>Columns with an expression, from the drop to the answer: income and region are ignored in themselves, so that only computed columns carry them.</summary>
public class ComputedColumnsTests
{
    private static readonly CreditContract Contract = LoanExport.Dated with
    {
        Training = new TrainingRules { Refit = false },
        Columns =
        [
            .. LoanExport.Dated.Columns.Where(c => c.Name != "bad").Select(c => c.Name is "income" or "region" ? c with { Role = ColumnRole.Ignored } : c),
            new() { Name = "in thousands", Type = ColumnType.Number, Expression = "income / 1000 + 0 * noise", Monotone = Monotone.Decreasing, Reason = "Your income is low." },
            new() { Name = "where", Type = ColumnType.Category, Expression = "region & 'x'" },
            new() { Name = "days", Type = ColumnType.Number, Expression = "since - 10000" },
            .. LoanExport.Dated.Columns.Where(c => c.Name == "bad"),
        ],
    };

    [Fact]
    public async Task Computed_columns_get_bins_and_points_like_any_other()
    {
        var model = await LoanExport.TrainAsync(LoanExport.Csv(1500), Contract);
        Assert.True(model.Metrics["auc"] > 0.7);
        var income = model.Scorecard.Columns.Single(c => c.Name == "in thousands");
        Assert.InRange(income.Cuts.Max(), 5, 9);
        var points = income.Bins.Take(income.Cuts.Count + 1).Select(b => b.Points).ToArray();
        Assert.Equal(points.Order(), points);
        Assert.Contains("R3 & x", model.Scorecard.Columns.Single(c => c.Name == "where").Categories.SelectMany(values => values));
        Assert.True(income.Bins[income.MissingBin].Rows > 100); // missing and special codes of what it is computed from
    }

    [Fact]
    public async Task Applications_files_and_training_compute_the_same()
    {
        var csv = LoanExport.Csv(900);
        var model = await LoanExport.TrainAsync(csv, Contract);
        using var scorer = LoanExport.Load(model);
        scorer.SelfTest();
        var file = await ScoreFileAsync(scorer, csv);
        var lines = csv.Split('\n');
        foreach (var (place, row) in model.HoldoutRows.Index())
        {
            var v = lines[row + 1].Split(',');
            var fields = new Dictionary<string, string> { ["income"] = v[1], ["region"] = v[2], ["noise"] = v[3], ["date"] = v[5], ["since"] = v[6] };
            var score = Assert.IsType<Outcome<CreditScore>.Done>(scorer.Score(fields.ToDictionary(f => f.Key, f => JsonSerializer.SerializeToElement(f.Value)))).Value;
            Assert.Equal(model.HoldoutPoints[place], score.Points);
            Assert.StartsWith(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{v[0]},{score.Points:F2},"), file[row + 1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Golden_applications_reach_every_bin_of_a_computed_column()
    {
        var model = await LoanExport.TrainAsync(LoanExport.Csv(1500), Contract);
        using var scorer = LoanExport.Load(model);
        var golden = scorer.Bundle.Read<IReadOnlyList<GoldenApplication>>("golden.json");
        Assert.DoesNotContain(golden, g => g.Fields.ContainsKey("where") || g.Fields.ContainsKey("in thousands"));
        var readers = new ColumnReader(Contract.Columns.Single(c => c.Name == "income"));
        var column = model.Scorecard.Columns.Single(c => c.Name == "in thousands");
        var reached = golden.Select(g => g.Fields.TryGetValue("income", out var income) && g.Fields.ContainsKey("noise") ? column.BinOf(readers.Read(income.ToString()).Number / 1000) : column.MissingBin);
        Assert.Equal(Enumerable.Range(0, column.Bins.Count), reached.Distinct().Order());
    }

    [Fact]
    public async Task Application_that_brings_a_computed_column_or_a_bad_operand_is_refused()
    {
        using var scorer = LoanExport.Load(await LoanExport.TrainAsync(LoanExport.Csv(900), Contract));
        var fields = new Dictionary<string, JsonElement> { ["income"] = JsonSerializer.SerializeToElement("much"), ["where"] = JsonSerializer.SerializeToElement("R1 & x") };
        Assert.Equal(
            ["'where' is computed from other columns: leave it out.", "'income' is not a number: write it with a decimal point and without thousands separators."],
            Assert.IsType<Outcome<CreditScore>.Rejected>(scorer.Score(fields)).Reasons);
    }

    [Fact]
    public async Task Drop_and_file_without_what_a_column_is_computed_from_are_refused()
    {
        var csv = LoanExport.Csv(900);
        using var scorer = LoanExport.Load(await LoanExport.TrainAsync(csv, Contract));
        var without = csv.Replace("income", "wage", StringComparison.Ordinal);
        Assert.Equal(
            ["The header lacks 'income', which version '3' of the contract of 'example' asks for: add the columns, or activate a contract without them."],
            Assert.IsType<Outcome<TrainingRows>.Rejected>(await LoanExport.ReadAsync(without, Contract)).Reasons);
        await using var content = await DropOf.Text(without);
        var scored = await FileScoring.RunAsync(scorer, content, TextWriter.Null, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        Assert.Equal(["The header lacks 'income', which the model asks for: add the columns, empty where unknown."], Assert.IsType<Outcome<FileScoring>.Rejected>(scored).Reasons);
    }

    private static async Task<string[]> ScoreFileAsync(CreditScorer scorer, string csv)
    {
        await using var content = await DropOf.Text(csv);
        await using var output = new StringWriter();
        Assert.IsType<Outcome<FileScoring>.Done>(await FileScoring.RunAsync(scorer, content, output, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken));
        return output.ToString().Split('\n');
    }
}
