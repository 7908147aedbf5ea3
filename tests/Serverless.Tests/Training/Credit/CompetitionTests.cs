using Serverless.Serving.Credit;
using Serverless.Training.Credit;
using Serverless.Training.Credit.Trees;

namespace Serverless.Tests.Training.Credit;

public class CompetitionTests
{
    private static readonly bool[] Bad = [.. Enumerable.Range(0, 400).Select(i => i % 4 == 0)];

    [Theory]
    [InlineData(0.9, 0.9, ModelKind.GlassBox)] // as good: the preferred one
    [InlineData(0.6, 0.9, ModelKind.BoostedTrees)] // clearly better
    [InlineData(0.9, 0.6, ModelKind.GlassBox)] // worse
    public void Preferred_kind_wins_unless_another_is_better_by_margin_and_confidence(double glassBox, double trees, ModelKind winner)
    {
        var result = Competition.Choose(new ModelChoice { Margin = 0.01, Confidence = 0.9 }, Bad, [Competitor(ModelKind.GlassBox, glassBox, 1), Competitor(ModelKind.BoostedTrees, trees, 2)]);
        Assert.Equal(winner, result.Winner.Kind);
        Assert.Equal([ModelKind.GlassBox, ModelKind.BoostedTrees], result.Figures.Select(f => f.Kind));
        Assert.Equal((null, ModelKind.GlassBox), (result.Figures[0].Against, result.Figures[1].Against));
        Assert.Equal(winner == ModelKind.BoostedTrees, result.Figures[1].Wins);
    }

    [Fact]
    public void Better_figure_without_confidence_does_not_win()
    {
        var few = Bad[..12];
        var (better, other) = (Competitor(ModelKind.BoostedTrees, 0.9, 3, 12), Competitor(ModelKind.GlassBox, 0.8, 4, 12));
        var result = Competition.Choose(new ModelChoice { Margin = 0, Confidence = 0.9999 }, few, [other, better]);
        Assert.Equal(ModelKind.GlassBox, result.Winner.Kind);
    }

    [Fact]
    public async Task Every_kind_is_trained_and_told_in_the_card()
    {
        var contract = LoanExport.Contract with
        {
            Models = new() { Kinds = [ModelKind.GlassBox, ModelKind.Scorecard, ModelKind.BoostedTrees], Margin = 0, Confidence = 0 },
            Trees = new() { MaxRounds = 30, SearchRounds = 0 },
        };
        var model = await LoanExport.TrainAsync(LoanExport.Csv(600), contract);
        using var scorer = LoanExport.Load(model);
        scorer.SelfTest();
        Assert.Equal(3, model.Competition.Count);
        var card = System.Text.Encoding.UTF8.GetString(model.Card(scorer.Bundle.Manifest)["card.md"]);
        Assert.Contains("| glass box |", card, StringComparison.Ordinal);
        Assert.Contains("| boosted trees |", card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Boosted_trees_are_served_with_reasons_that_another_score_confirms()
    {
        var contract = LoanExport.Contract with { Models = new() { Kinds = [ModelKind.BoostedTrees] }, Trees = new() { MaxRounds = 40, SearchRounds = 0 } };
        using var scorer = LoanExport.Load(await LoanExport.TrainAsync(LoanExport.Csv(800), contract));
        scorer.SelfTest();
        var fields = Serverless.Tests.Serving.Credit.CreditExample.Fields("""{"income": 1200, "region": "R3", "noise": 5}""");
        var score = Assert.IsType<Serverless.Serving.Outcome<CreditScore>.Done>(scorer.Score(fields)).Value;
        Assert.Contains(score.Reasons, r => r.Column == "income");
        Assert.All(score.Reasons, r => Assert.True(r.Gain > 0));
        Assert.All(scorer.Card.Columns.SelectMany(c => c.Bins).Where(b => b.Rows > 0 && b.Bads == b.Rows), b => Assert.True(b.Woe < 0));
        var model = (TreesModel)scorer.Model;
        var read = Assert.IsType<Serverless.Serving.Outcome<BinnedApplication>.Done>(scorer.Read(fields)).Value;
        var given = new double[read.Bins.Length];
        model.Contributions(read.Bins, given);
        Assert.Equal(model.Score(read.Bins).Points, model.Trees.Scale.Points(model.Trees.Expected) + (given.Sum() / 100), 1e-9);
    }

    [Fact]
    public async Task Column_that_may_turn_once_leaves_the_scorecard_alone()
    {
        var contract = LoanExport.Contract with
        {
            Models = new() { Kinds = [ModelKind.BoostedTrees, ModelKind.Scorecard] },
            Columns = [.. LoanExport.Contract.Columns.Select(c => c.Name == "income" ? c with { Monotone = Monotone.Unimodal } : c)],
        };
        Assert.False(BoostedTrees.Supports(contract));
        Assert.Equal([ModelKind.Scorecard], (await LoanExport.TrainAsync(LoanExport.Csv(400), contract)).Competition.Select(k => k.Kind));
    }

    // Scores that tell bad from good as sharply as asked, with noise of their own.
    private static Competitor Competitor(ModelKind kind, double skill, int seed, int rows = 400)
    {
        var random = new Random(seed);
        double[] probabilities = [.. Enumerable.Range(0, rows).Select(i => ((Bad[i] ? 1 : 0) * (skill - 0.5)) + (random.NextDouble() * 0.4) + 0.05)];
        var card = new Scorecard(0, [], -1, 0) { Kind = kind };
        return new(new FittedScorecard(card, [], 1), new long[rows], probabilities);
    }
}
