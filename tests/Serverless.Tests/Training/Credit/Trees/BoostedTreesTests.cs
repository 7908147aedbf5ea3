using Microsoft.ML.OnnxRuntime;
using Serverless.Serving.Credit;
using Serverless.Serving.Onnx;
using Serverless.Training.Credit;
using Serverless.Training.Credit.LightGbm;
using Serverless.Training.Credit.Trees;

namespace Serverless.Tests.Training.Credit.Trees;

public class BoostedTreesTests
{
    private static readonly TreeRules Rules = new() { MaxRounds = 40, SearchRounds = 2 };

    public static TheoryData<int, int, int> Shapes() => new()
    {
        { 1, 31, 0 }, { 2, 4, 2 }, { 3, 63, 0 }, { 4, 2, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Graph_parsed_trees_and_lightgbm_agree_on_every_row_and_its_contributions(int seed, int leaves, int depth)
    {
        var rows = RandomLoans.Rows(1500, seed);
        int[] train = [.. Enumerable.Range(0, 1200)];
        using var problem = TreeProblem.Of(rows, train, Rules, new TreeShape());
        using var booster = new Booster(problem.Data, problem.Parameters(new TreeParameters { Leaves = leaves, MaxDepth = depth, MinRows = 3, L2 = 0.1, MinCategoryRows = 5, CategorySmoothing = 1 }, 2));
        for (var round = 0; round < 25; round++) booster.Grow();
        var fitted = new FittedTrees(problem.Columns, problem.Features, booster.Trees(25), new TreeParameters()) { Rounds = 25 };

        // Every row of the export, and rows of bins that no training row had.
        var random = new Random(seed);
        var columns = problem.Columns;
        List<long[]> cases = [.. Enumerable.Range(0, rows.Count).Select(row => rows.Columns.Select((c, i) => (long)c.BinsIn(columns[i], [row])[0]).ToArray()).Take(300)];
        for (var i = 0; i < 200; i++) cases.Add([.. columns.Select(c => (long)random.Next(c.Bins.Count))]);
        var values = new float[problem.Features.Count * cases.Count];
        for (var f = 0; f < problem.Features.Count; f++)
        {
            for (var i = 0; i < cases.Count; i++) values[(f * cases.Count) + i] = (float)problem.Features.Tables[f][cases[i][problem.Features.ColumnOf[f]]];
        }

        var (raw, theirs, points) = (booster.Raw(values, cases.Count), booster.Contributions(values, cases.Count), Points(fitted, cases));
        var ours = new double[columns.Count];
        for (var i = 0; i < cases.Count; i++)
        {
            var sum = fitted.Trees.Raw(cases[i]);
            Assert.Equal(raw[i], sum, 1e-10);
            Assert.Equal(TreeScale.Of(new PointScale(), -1, 0).Points(sum), points[i], 1e-8);
            fitted.Trees.Contributions(cases[i], ours);
            Assert.Equal(sum - fitted.Trees.Expected, ours.Sum(), 1e-9);
            for (var c = 0; c < ours.Length; c++)
            {
                var summed = Enumerable.Range(0, problem.Features.Count).Where(f => problem.Features.ColumnOf[f] == c).Sum(f => theirs[(i * (problem.Features.Count + 1)) + f]);
                Assert.Equal(summed, ours[c], 1e-8);
            }
        }
    }

    [Fact]
    public void Same_rows_give_the_same_graph_and_risk_keeps_its_direction()
    {
        var rows = RandomLoans.Rows(1200, 7);
        int[] train = [.. Enumerable.Range(0, rows.Count)];
        var (first, second) = (Fit(rows, train), Fit(rows, train));
        Assert.Equal(first.Graph(TreeScale.Of(new PointScale(), -0.03, 16)), second.Graph(TreeScale.Of(new PointScale(), -0.03, 16)));

        var bins = new long[first.Columns.Count];
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            for (var c = 0; c < bins.Length; c++) bins[c] = random.Next(first.Columns[c].Bins.Count);
            var last = double.PositiveInfinity;
            for (bins[0] = 0; bins[0] < first.Columns[0].MissingBin; bins[0]++)
            {
                var raw = first.Trees.Raw(bins);
                Assert.True(raw <= last + 1e-12, $"bin {bins[0]}: {raw} after {last}");
                last = raw;
            }
        }
    }

    [Fact]
    public void Trees_of_one_column_each_do_not_interact()
    {
        var rows = RandomLoans.Rows(800, 3);
        int[] train = [.. Enumerable.Range(0, rows.Count)];
        var alone = BoostedTrees.Fit(rows, train, Rules, new TreeShape { MaxDepth = 2, Together = [[0], [1], [2], [3]] }, new TreeParameters(), 30, TestContext.Current.CancellationToken);
        Assert.Empty(alone.Trees.Pairs());
        var pair = BoostedTrees.Fit(rows, train, Rules, new TreeShape { MaxDepth = 2, Together = [[0, 1], [2], [3]] }, new TreeParameters(), 30, TestContext.Current.CancellationToken);
        Assert.Equal([(0, 1)], pair.Trees.Pairs());
    }

    [Fact]
    public void Held_out_rows_get_log_odds_that_rank_them()
    {
        var rows = RandomLoans.Rows(1000, 5);
        var fitted = Fit(rows, [.. Enumerable.Range(0, 800)]);
        Assert.Equal(800, fitted.HeldOutRows.Count);
        var bad = fitted.HeldOutRows.Select(row => rows.Bad[row]).ToArray();
        Assert.InRange(ScoreMetrics.Auc(bad, [.. fitted.HeldOutRaw]).Auc, 0.65, 0.95);
    }

    [Fact]
    public void Columns_that_tell_nothing_give_a_constant()
    {
        var rows = RandomLoans.Rows(200, 5);
        rows = rows with { Columns = [.. rows.Columns.Select(c => c with { Codes = new int[200], Numbers = c.Numbers.Length == 0 ? [] : new double[200] })] };
        var fitted = Fit(rows, [.. Enumerable.Range(0, 200)]);
        Assert.Equal(fitted.Trees.Expected, fitted.Trees.Raw([0, 0, 0, 0]), 1e-12);
        var share = rows.Bad.Count(b => b) / 200.0;
        Assert.Equal(Math.Log(share / (1 - share)), fitted.Trees.Expected, 1e-6);
    }

    [Fact]
    public void Column_that_tells_only_by_missing_parts_missing_from_all_others()
    {
        var random = new Random(3);
        var rows = RandomLoans.Rows(400, 5);
        int[] codes = [.. Enumerable.Range(0, 400).Select(_ => random.Next(2) == 0 ? InputColumn.Missing : 0)];
        double[] numbers = [.. Enumerable.Range(0, 400).Select(_ => (double)random.Next(3))];
        rows = rows with { Columns = [rows.Columns[0], rows.Columns[1] with { Codes = codes, Numbers = numbers }, .. rows.Columns.Skip(2)], Bad = [.. codes.Select(code => random.NextDouble() < (code < 0 ? 0.9 : 0.1))] };
        var fitted = BoostedTrees.Fit(rows, [.. Enumerable.Range(0, 400)], Rules, new TreeShape { Together = [[1]] }, new TreeParameters { Leaves = 2 }, 20, TestContext.Current.CancellationToken);
        Assert.Equal(fitted.Trees.Raw([0, 0, 0, 0]), fitted.Trees.Raw([0, 2, 0, 0]), 1e-12);
        Assert.True(fitted.Trees.Raw([0, 3, 0, 0]) > fitted.Trees.Raw([0, 0, 0, 0]) + 0.5, $"{fitted.Trees.Raw([0, 3, 0, 0])} against {fitted.Trees.Raw([0, 0, 0, 0])}");
    }

    [Fact]
    public void Cancelled_training_stops()
    {
        var rows = RandomLoans.Rows(500, 5);
        Assert.ThrowsAny<OperationCanceledException>(() => BoostedTrees.Fit(rows, [.. Enumerable.Range(0, 500)], Rules, null, null, _ => { }, new CancellationToken(true)));
    }

    private static FittedTrees Fit(CreditRows rows, int[] train) => BoostedTrees.Fit(rows, train, Rules, null, null, _ => { }, TestContext.Current.CancellationToken);

    private static double[] Points(FittedTrees fitted, List<long[]> cases)
    {
        using var model = OnnxModel.Load(fitted.Graph(TreeScale.Of(new PointScale(), -1, 0)));
        using var input = OrtValue.CreateTensorValueFromMemory(cases.SelectMany(c => c).ToArray(), [cases.Count, fitted.Columns.Count]);
        using var run = new RunOptions();
        using var outputs = model.Session.Run(run, ["bins"], [input], ["points", "probability"]);
        return outputs[0].GetTensorDataAsSpan<double>().ToArray();
    }
}
