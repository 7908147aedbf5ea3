using CsCheck;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving.Credit;

public class ExplainerTests
{
    [Fact]
    public void Columns_below_their_average_are_reasons_worst_first_in_the_contracts_words()
    {
        // income loses 3 + 12.34, purpose 2 + 5, housing 0.5 + 2.5, customerSince gains 2.
        var reasons = new Explainer(CreditExample.Contract, new AdditiveModel(CreditExample.Card)).Reasons([0, 1, 1, 1]);
        Assert.Equal(
            [
                new Reason("income", "Your income is low.", 15.34m) { Gain = 32.34m },
                new Reason("purpose", "The value of 'purpose' is less favourable than on average.", 7m) { Gain = 10m },
            ],
            reasons);
    }

    [Fact]
    public void Columns_that_cost_the_same_stand_in_the_order_of_the_contract()
    {
        var card = CreditExample.Card with
        {
            Columns =
            [
                new("housing", ColumnType.Category, [], [["own"]], CreditExample.Bins(0, 0, 0), 100),
                new("income", ColumnType.Number, [], [], CreditExample.Bins(0, 0, 0), 100),
            ],
        };
        Assert.Equal(["income", "housing"], new Explainer(CreditExample.Contract, new AdditiveModel(card)).Reasons([0, 0]).Select(r => r.Column));
    }

    [Fact]
    public void Column_exactly_at_or_above_its_average_is_no_reason()
    {
        var average = CreditExample.Card.Columns[3] with { AveragePoints = 300 };
        var card = CreditExample.Card with { Columns = [.. CreditExample.Card.Columns.Take(3), average] };
        Assert.Empty(new Explainer(CreditExample.Contract, new AdditiveModel(card)).Reasons([2, 0, 0, 1]));
    }

    [Fact]
    public void Points_are_the_base_and_the_columns_and_reasons_are_sorted_and_positive()
    {
        var genBins = Gen.Long[-100_000, 100_000].Array[2, 6];
        var genColumn = Gen.Select(genBins, Gen.Long[-50_000, 50_000], Gen.Int[0, 5], (points, average, pick) => (points, average, bin: pick % points.Length));
        Gen.Select(genColumn.Array[1, 12], Gen.Long[-100_000, 100_000], Gen.Int[1, 6]).Sample((columns, basePoints, maxReasons) =>
        {
            var contract = CreditExample.Contract with
            {
                MaxReasons = maxReasons,
                Columns = [.. columns.Select((_, i) => new Column { Name = $"x{i}", Type = ColumnType.Number }), new Column { Name = "bad", Type = ColumnType.Number, Role = ColumnRole.Target }],
            };
            // A bin's upper bound is its number, and the last bin is the one for missing.
            var card = new Scorecard(
                basePoints,
                [.. columns.Select((c, i) => new ScorecardColumn($"x{i}", ColumnType.Number, [.. Enumerable.Range(0, c.points.Length - 2).Select(k => (double)k)], [], CreditExample.Bins(c.points), c.average))],
                -0.01, 0);
            using var scorer = CreditExample.Scorer(card, contract);
            var fields = CreditExample.Fields($"{{{string.Join(',', columns.Select((c, i) => $"\"x{i}\":{(c.bin == c.points.Length - 1 ? "null" : c.bin)}"))}}}");
            var score = Assert.IsType<Serverless.Serving.Outcome<CreditScore>.Done>(scorer.Score(fields)).Value;

            Assert.Equal((basePoints + columns.Sum(c => c.points[c.bin])) / 100m, score.Points);
            var lost = columns.Select(c => (c.average - c.points[c.bin]) / 100m).Where(l => l > 0).OrderDescending().Take(maxReasons);
            Assert.Equal(lost, score.Reasons.Select(r => r.PointsLost));
        }, iter: 300);
    }
}
