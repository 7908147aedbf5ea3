using Serverless.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class TrendTests
{
    [Theory]
    [InlineData(Monotone.None, new[] { 1.0, 0, 2, 1, 3 }, new[] { 1.0, 0, 2, 1, 3 })]
    [InlineData(Monotone.Decreasing, new[] { 1.0, 0, 2, 1, 3 }, new[] { 0.5, 0.5, 1.5, 1.5, 3 })]
    [InlineData(Monotone.Increasing, new[] { 1.0, 0, 2, 1, 3 }, new[] { 1.4, 1.4, 1.4, 1.4, 1.4 })]
    [InlineData(Monotone.Unimodal, new[] { 1.0, 0, 2, 1, 3 }, new[] { 1.0, 0, 1.5, 1.5, 3 })]
    [InlineData(Monotone.Auto, new[] { 0.0, 2, 1.5, 1 }, new[] { 0.0, 2, 1.5, 1 })]
    public void Nearest_weights_that_keep_the_trend(Monotone trend, double[] woe, double[] expected) =>
        Assert.Equal(expected, Trend.Keep(woe, [10, 10, 10, 10, 10], trend), (a, b) => Math.Abs(a - b) < 1e-12);

    [Fact]
    public void Pools_weigh_by_rows() =>
        Assert.Equal([0.75, 0.75], Trend.Keep([1, 0], [30, 10], Monotone.Decreasing), (a, b) => Math.Abs(a - b) < 1e-12);

    [Theory]
    [InlineData(Monotone.Increasing, new[] { 1.0, 1, 0 }, new[] { 0, 1, 1 })]
    [InlineData(Monotone.Decreasing, new[] { 0.0, 1, 1 }, new[] { 0, -1, -1 })]
    [InlineData(Monotone.Unimodal, new[] { 1.0, 1, 0, 0, 2, 2 }, new[] { 0, 1, 1, 1, -1, -1 })]
    [InlineData(Monotone.Auto, new[] { 0.0, 1, 2 }, new[] { 0, -1, -1 })]
    [InlineData(Monotone.Unimodal, new[] { 1.0, 1, 1 }, new[] { 0, 1, 1 })]
    [InlineData(Monotone.None, new[] { 1.0, 0, 2 }, new[] { 0, 0, 0 })]
    public void Directions_leave_no_step_free(Monotone trend, double[] woe, int[] expected) => Assert.Equal(expected, Trend.Directions(woe, trend));

    // Points are swept after the joint fit of all bins, which could turn a column where its own bins do not.
    [Theory]
    [InlineData(Monotone.Unimodal)]
    [InlineData(Monotone.Auto)]
    public async Task Points_turn_once_at_most_after_the_joint_fit(Monotone trend)
    {
        var random = new Random(8);
        var csv = new System.Text.StringBuilder("id,income,region,noise,bad\n");
        for (var row = 0; row < 3000; row++)
        {
            var (income, noise) = (random.Next(1, 1000), random.Next(100));
            // Two waves along the income, so that the data ask for more turns than are allowed.
            var logOdds = -1 + (2 * Math.Sin(income / 90.0)) + (noise / 50.0);
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row},{income},R{income / 300},{noise},{(random.NextDouble() < 1 / (1 + Math.Exp(-logOdds)) ? 1 : 0)}\n");
        }

        var columns = LoanExport.Contract.Columns.Select(c => c.Type == ColumnType.Number ? c with { Monotone = trend } : c);
        var model = await LoanExport.TrainAsync(csv.ToString(), LoanExport.Contract with { Columns = [.. columns], Training = new Serverless.Serving.TrainingRules { Refit = false } });
        var income1 = model.Scorecard.Columns.Single(c => c.Name == "income");
        Assert.True(income1.Cuts.Count >= 2);
        foreach (var column in model.Scorecard.Columns.Where(c => c.Type == ColumnType.Number))
        {
            var points = column.Bins.Take(column.Cuts.Count + 1).Select(b => b.Points).ToArray();
            var steps = points.Zip(points.Skip(1), (a, b) => Math.Sign(b - a)).Where(s => s != 0).ToArray();
            Assert.True(steps.Zip(steps.Skip(1), (a, b) => a != b).Count(turn => turn) <= 1, column.Name);
        }
    }
}
