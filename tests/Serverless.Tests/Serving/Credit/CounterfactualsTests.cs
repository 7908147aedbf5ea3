using System.Globalization;
using CsCheck;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Training.Credit;
using Serverless.Training.Credit.LightGbm;
using Serverless.Training.Credit.Trees;

namespace Serverless.Tests.Serving.Credit;

public class CounterfactualsTests
{
    // Declined by the example's slope: 598.16 points are a probability of 0.125; 0.1 takes 606.57.
    private const string Application = """{"income": 900, "purpose": "boat", "housing": "own", "customerSince": "2020-01-01", "applied": "2024-01-01"}""";

    [Fact]
    public void Nearest_value_in_a_better_bin_is_suggested_and_gives_the_score_it_says()
    {
        using var scorer = CreditExample.Scorer(contract: Actionable("income"));
        var (found, exact, why) = Find(scorer, Application);
        var only = Assert.Single(found);
        var change = Assert.Single(only.Changes);
        Assert.Equal(("income", 900, 1010), (change.Column, change.From.GetInt32(), change.To.GetInt32())); // steps of 10, above the cut at 1000
        Assert.Equal(610.6m, only.Points);
        Assert.Null(why);
        Assert.True(exact);
        var again = ((Outcome<CreditScore>.Done)scorer.Score(CreditExample.Fields(Application.Replace("900", "1010", StringComparison.Ordinal)))).Value;
        Assert.Equal((again.Points, again.Probability), (only.Points, only.Probability));
    }

    [Theory]
    [InlineData(50.0, null, null, ChangeDirection.Any, "1050")]
    [InlineData(0.25, null, null, ChangeDirection.Up, "1000.25")]
    [InlineData(1000.0, null, null, ChangeDirection.Any, "2000")]
    [InlineData(100.0, 1500.0, null, ChangeDirection.Any, "1500")]
    [InlineData(100.0, null, 1000.0, ChangeDirection.Any, null)]
    [InlineData(100.0, null, null, ChangeDirection.Down, null)]
    [InlineData(1e9, null, null, ChangeDirection.Any, null)]
    public void Value_keeps_to_step_bounds_and_direction(double step, double? least, double? most, ChangeDirection direction, string? expected)
    {
        using var scorer = CreditExample.Scorer(contract: With("income", new() { Step = step, Least = least, Most = most, Direction = direction }));
        var (found, _, why) = Find(scorer, Application);
        Assert.Equal(expected, found.Count == 0 ? null : found[0].Changes[0].To.GetRawText());
        Assert.Equal(expected is null, why is not null);
    }

    [Fact]
    public void Categories_and_dates_change_to_what_is_allowed_and_seen()
    {
        using var scorer = CreditExample.Scorer(contract: Actionable("housing", "purpose", "customerSince") with { Policy = new() { ApproveBelow = 0.115 } });
        var (found, _, _) = Find(scorer, """{"income": 2000, "purpose": "travel", "housing": "rent", "customerSince": "2023-06-01", "applied": "2024-01-01"}""");
        var texts = found.Select(f => string.Join(", ", f.Changes.Select(c => $"{c.Column} {c.To}")));
        Assert.Equal(["purpose car, customerSince 2022-12-31", "purpose car, housing own"], texts);
    }

    [Fact]
    public void No_change_that_is_allowed_is_told_with_the_reason()
    {
        using var scorer = CreditExample.Scorer(contract: Actionable("housing"));
        Assert.Equal(("No change of up to 3 columns within the contract's bounds leads to approval.", true), Why(Find(scorer, """{"income": 900, "housing": "rent"}""")));
        Assert.Equal(("The application has no value that the applicant can change within the contract's bounds.", true), Why(Find(scorer, """{"income": 900}""")));
        var refused = new CounterfactualFinder(scorer, _ => ["It is Monday."]).Find(CreditExample.Fields("""{"income": 2000, "purpose": "boat", "housing": "rent"}"""));
        Assert.Equal("The score could be raised enough, but no such change removes what else speaks against approval: It is Monday.", refused.Why);

        static (string?, bool) Why(Counterfactuals c) => (c.Why, c.Exact);
    }

    [Fact]
    public void Protected_and_missing_values_and_special_codes_are_never_changed()
    {
        var contract = Actionable("income", "purpose", "sex");
        using var scorer = CreditExample.Scorer(contract: contract);
        foreach (var fields in new[] { """{"income": -9, "sex": "f"}""", """{"sex": "f"}""", """{"income": "NA", "purpose": "", "sex": "f"}""" })
            Assert.Empty(Find(scorer, fields).Found);
    }

    [Fact]
    public void Change_of_a_source_recomputes_the_column_that_is_computed_from_it()
    {
        var contract = CreditExample.Contract with
        {
            Columns =
            [
                new() { Name = "amount", Type = ColumnType.Number, Role = ColumnRole.Ignored, Minimum = 0, Actionable = true, Change = new() { Step = 100, Direction = ChangeDirection.Down } },
                new() { Name = "income", Type = ColumnType.Number },
                new() { Name = "burden", Type = ColumnType.Number, Expression = "amount / income" },
                new() { Name = "bad", Type = ColumnType.Number, Role = ColumnRole.Target },
            ],
        };
        var card = new Scorecard(59000, [new("burden", ColumnType.Number, [0.5, 2], [], CreditExample.Bins(3000, 1000, -2000, 0), 0)], -0.03, 16);
        using var scorer = CreditExample.Scorer(card, contract);
        var found = Assert.Single(Find(scorer, """{"amount": 10010.5, "income": 3000}""").Found);
        Assert.Equal(1500, Assert.Single(found.Changes).To.GetInt32());
        Assert.Equal(620m, found.Points);
    }

    [Fact]
    public void Rules_of_the_policy_are_kept_too()
    {
        var contract = Actionable("income", "purpose") with
        {
            Policy = new()
            {
                CloseToCutOff = 0.03,
                KnockOuts = [new() { Name = "no-boats", When = "purpose = 'boat'", Decision = RuleDecision.Decline, Reason = "No loans for boats." }],
                Limits = [new() { Name = "most", Column = "income", Maximum = 4321, Reason = "Too much." }],
            },
        };
        using var scorer = CreditExample.Scorer(contract: contract);
        var fields = """{"income": 6000, "purpose": "boat", "housing": "own"}""";
        var (found, exact, _) = Find(scorer, fields);
        var changes = Assert.Single(found).Changes;
        Assert.Equal([("income", "4320"), ("purpose", "\"car\"")], changes.Select(c => (c.Column, c.To.GetRawText())));
        Assert.True(exact);
        using var fixedPurpose = CreditExample.Scorer(contract: contract with { Columns = Actionable("income").Columns });
        Assert.StartsWith("The score could be raised enough, but no such change removes what else speaks against approval: No loans for boats.", Find(fixedPurpose, fields).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Trees_in_which_two_columns_must_change_together_are_searched_too()
    {
        IReadOnlyList<ScorecardColumn> columns =
        [
            new("income", ColumnType.Number, [10, 20], [], CreditExample.Bins(0, 0, 0, 0), 0),
            new("purpose", ColumnType.Category, [], [["car"], ["travel"]], CreditExample.Bins(0, 0, 0, 0), 0),
        ];
        var contract = CreditExample.Contract with
        {
            Columns =
            [
                new() { Name = "income", Type = ColumnType.Number, Actionable = true },
                new() { Name = "purpose", Type = ColumnType.Category, Actionable = true },
                new() { Name = "bad", Type = ColumnType.Number, Role = ColumnRole.Target },
            ],
        };

        // At most 20 is bad, and above it everything but a car.
        var graph = TreeGraphWriter.Write(
            [new BoostedTree([new TreeSplit(0, 1.2, null, true, ~0, 1, 0.75), new TreeSplit(1, 0, [0, 2], false, ~1, ~2, 0.5)], [3, -5, 3])], TreeFeatures.Of(columns), 2, TreeScale.Of(new PointScale(), -0.03, 16));
        using var scorer = (CreditScorer)new CreditFamily().Load(CreditExample.Bundle(new Scorecard(0, columns, -0.03, 16) { Kind = ModelKind.BoostedTrees }, contract, graph));
        var (both, exact, _) = Find(scorer, """{"income": 5, "purpose": "travel"}""");
        Assert.Equal([("income", "21"), ("purpose", "\"car\"")], Assert.Single(both).Changes.Select(c => (c.Column, c.To.GetRawText())));
        Assert.False(exact);
        Assert.Equal("purpose", Assert.Single(Assert.Single(Find(scorer, """{"income": 25, "purpose": "travel"}""").Found).Changes).Column);
        Assert.NotNull(Find(scorer, """{"purpose": "travel"}""").Why);
    }

    [Fact]
    public void Exact_search_finds_what_trying_everything_finds()
    {
        var genPoints = Gen.Long[-2000, 2000];
        var genColumn = Gen.Select(genPoints.Array[6], Gen.Int[1, 40].Array[4], Gen.Int[0, 11]);
        Gen.Select(genColumn.Array[4], genPoints.Array[16], Gen.Int[0, 2], Gen.Int[0, 5000]).Sample((columns, cells, first, lacking) =>
        {
            var contract = CreditExample.Contract with
            {
                Columns =
                [
                    .. columns.Select((_, i) => new Column { Name = $"x{i}", Type = ColumnType.Number, Minimum = 0, Maximum = 11, Actionable = true, Change = new() { Step = 1 } }),
                    new() { Name = "bad", Type = ColumnType.Number, Role = ColumnRole.Target },
                ],
                Counterfactuals = new() { Most = 3, MaxColumns = 3 },
            };
            var card = new Scorecard(0, [.. columns.Select((c, i) => new ScorecardColumn($"x{i}", ColumnType.Number, [2, 5, 8], [], [.. CreditExample.Bins([.. c.Item1[..4], 0]).Select((b, k) => b with { Rows = k < 4 ? c.Item2[k] : 0 })], 0))], -0.1, 0)
            {
                Kind = ModelKind.GlassBox,
                Pairs = [new(first, 3, [0, 1, 2, 3, 0], [0, 1, 2, 3, 0], cells, 0)],
            };
            long[] bins = [.. columns.Select((c, i) => (long)card.Columns[i].BinOf(c.Item3))];
            card = card with { Intercept = Math.Log(0.1 / 0.9) + (0.1 * (card.ScoreOf(bins).Points + lacking + 0.5) / 100) };
            using var scorer = (CreditScorer)new CreditFamily().Load(CreditExample.Bundle(card, contract, AdditiveGraph.Write(card)));
            var (found, exact, _) = Find(scorer, $"{{{string.Join(',', columns.Select((c, i) => $"\"x{i}\": {c.Item3}"))}}}");
            Assert.True(exact);
            Assert.Equal(Brute(card, [.. columns.Select(c => c.Item3)]).Take(3).Select(Text), found.Select(f => Text(([.. f.Changes.Select(c => c.Column)], f.Distance))));
        }, iter: 60);

        static string Text((string[] Set, double Distance) found) => string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', found.Set)} {Math.Round(found.Distance, 4)}");
    }

    // The nearest approved values of every set of up to three columns that contains no smaller set with an answer.
    private static List<(string[] Set, double Distance)> Brute(Scorecard card, int[] values)
    {
        List<(int Mask, double Distance)> answers = [];
        foreach (var mask in Enumerable.Range(1, 15).Where(m => int.PopCount(m) <= 3).OrderBy(m => int.PopCount(m)))
        {
            if (answers.Any(a => (a.Mask & mask) == a.Mask)) continue;
            var least = double.PositiveInfinity;
            int[] columns = [.. Enumerable.Range(0, 4).Where(i => (mask & (1 << i)) != 0)];
            for (var code = 0; code < Math.Pow(12, columns.Length); code++)
            {
                var (changed, rest) = ((int[])values.Clone(), code);
                foreach (var column in columns) (changed[column], rest) = (rest % 12, rest / 12);
                if (columns.Any(c => changed[c] == values[c])) continue;
                if (card.ScoreOf([.. changed.Select((v, i) => (long)card.Columns[i].BinOf(v))]).Probability >= 0.1) continue;
                least = Math.Min(least, columns.Sum(c => LeverDistance.Of(card.Columns[c], values[c], changed[c])));
            }

            if (least < double.PositiveInfinity) answers.Add((mask, least));
        }

        return [.. answers.OrderBy(a => int.PopCount(a.Mask)).ThenBy(a => a.Distance).Select(a => (Enumerable.Range(0, 4).Where(i => (a.Mask & (1 << i)) != 0).Select(i => $"x{i}").ToArray(), a.Distance))];
    }

    private static CreditContract Actionable(params string[] names) => CreditExample.Contract with
    {
        Columns = [.. CreditExample.Contract.Columns.Select(c => names.Contains(c.Name) ? c with { Actionable = true } : c)],
    };

    private static CreditContract With(string name, ColumnChange change) => Actionable(name) is var contract
        ? contract with { Columns = [.. contract.Columns.Select(c => c.Name == name ? c with { Change = change } : c)] }
        : contract;

    private static Counterfactuals Find(CreditScorer scorer, string fields) =>
        new CounterfactualFinder(scorer, changed => DecisionRules.Objections(scorer, changed)).Find(CreditExample.Fields(fields));
}
