using Serverless.Serving.Credit;
using Serverless.Training.Credit;
using Serverless.Training.Credit.Trees;

namespace Serverless.Tests.Training.Credit.Trees;

public class GlassBoxTests
{
    private static readonly CreditContract Quick = LoanExport.Contract with
    {
        Models = new() { Kinds = [ModelKind.GlassBox] },
        Trees = new() { MaxRounds = 40, SearchRounds = 0 },
        Columns = [.. LoanExport.Contract.Columns.Select(c => c.Name == "income" ? c with { Monotone = Monotone.Decreasing } : c)],
    };

    [Fact]
    public async Task Served_glass_box_adds_up_to_what_its_trees_say_and_keeps_its_direction()
    {
        var rows = await LoanExport.RowsAsync(LoanExport.Csv(800), Quick);
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        var fit = GlassBoxFit.Fit(rows, all, _ => { }, TestContext.Current.CancellationToken);
        var (points, _) = CreditEvaluation.Score(fit.Model, rows, all);
        var raw = fit.Fitted.Raw(rows, all);

        // Each term is rounded to a hundredth of a point.
        var terms = fit.Fitted.Columns.Count + fit.Pairs.Count + 1;
        for (var i = 0; i < all.Length; i++) Assert.Equal(rows.Contract.Scale.PointsOf(raw[i]), points[i] / 100.0, 0.005 * terms);

        var model = await LoanExport.TrainAsync(LoanExport.Csv(800), Quick);
        using var scorer = LoanExport.Load(model);
        scorer.SelfTest();
        Assert.Equal((1, 0), DirectionSweep.Run(scorer) is var (directed, broken) ? (directed, broken.Count) : default);
        Assert.Equal(ModelKind.GlassBox, scorer.Card.Kind);
    }

    [Fact]
    public async Task Gain_of_a_reason_is_what_the_score_rises_by()
    {
        using var scorer = LoanExport.Load(await LoanExport.TrainAsync(LoanExport.Csv(800), Quick));
        var score = Done(scorer.Score(CreditExample("""{"income": 1200, "region": "R3", "noise": 5}""")));
        var income = Assert.Single(score.Reasons, r => r.Column == "income");
        var best = Enumerable.Range(0, 100).Max(i => Done(scorer.Score(CreditExample($$"""{"income": {{1000 + (i * 80)}}, "region": "R3", "noise": 5}"""))).Points);
        Assert.Equal(best, score.Points + income.Gain);
    }

    [Fact]
    public async Task Removed_terms_are_not_there_and_flat_stretches_are_flat()
    {
        var contract = Quick with { GlassBox = new() { Remove = ["region"], Flatten = [new() { Column = "income", From = 3000, To = 5000 }] } };
        var card = (await LoanExport.TrainAsync(LoanExport.Csv(800), contract)).Scorecard;
        Assert.DoesNotContain(card.Columns, c => c.Name == "region");
        var income = card.Columns.Single(c => c.Name == "income");
        Assert.Single(Enumerable.Range(income.BinOf(3000), income.BinOf(5000) - income.BinOf(3000) + 1).Select(b => income.Bins[b].Points).Distinct());
    }

    [Fact]
    public async Task Same_rows_give_the_same_table()
    {
        var rows = await LoanExport.RowsAsync(LoanExport.Csv(500), Quick);
        byte[] Table() => Serverless.Serving.Json.File(GlassBoxFit.Fit(rows, [.. Enumerable.Range(0, 500)], _ => { }, TestContext.Current.CancellationToken).Model.Table);
        Assert.Equal(Table(), Table());
    }

    private static IReadOnlyDictionary<string, System.Text.Json.JsonElement> CreditExample(string json) => Serverless.Tests.Serving.Credit.CreditExample.Fields(json);

    private static CreditScore Done(Serverless.Serving.Outcome<CreditScore> outcome) => Assert.IsType<Serverless.Serving.Outcome<CreditScore>.Done>(outcome).Value;
}
