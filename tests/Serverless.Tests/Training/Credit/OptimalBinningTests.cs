using Serverless.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class OptimalBinningTests
{
    private static readonly BinLimits Limits = new(MinRows: 15, MaxBins: 20, Penalty: 0.5, TurnPenalty: 2);

    [Theory]
    [InlineData(Monotone.Increasing)]
    [InlineData(Monotone.Decreasing)]
    [InlineData(Monotone.None)]
    [InlineData(Monotone.Auto)]
    [InlineData(Monotone.Unimodal)]
    public void Partition_is_the_best_of_all(Monotone trend)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var rows = Enumerable.Range(0, 9).Select(_ => (double)random.Next(5, 40)).ToArray();
            var bads = rows.Select(n => (double)random.Next(0, (int)n)).ToArray();
            var ends = OptimalBinning.Solve(rows, bads, Limits, trend);
            Assert.Equal(BestOfAll(rows, bads, trend), Value(rows, bads, ends, trend), 9);
        }
    }

    [Fact]
    public void Most_bins_are_kept() => Assert.Equal(
        3, OptimalBinning.Solve([100, 100, 100, 100, 100, 100], [5, 15, 30, 50, 70, 90], Limits with { MaxBins = 3 }, Monotone.Auto).Length);

    [Fact]
    public void Most_bins_are_the_best_of_so_many()
    {
        var random = new Random(4);
        var rows = Enumerable.Range(0, 40).Select(_ => 10_000.0).ToArray();
        var bads = rows.Select((n, i) => (double)(2000 + (100 * i) + random.Next(20))).ToArray();
        Assert.Equal(12, OptimalBinning.Solve(rows, bads, Limits with { MaxBins = 12 }, Monotone.Increasing).Length);
        Assert.True(OptimalBinning.Solve(rows, bads, Limits with { MaxBins = 40 }, Monotone.Increasing).Length > 20);
        Assert.InRange(OptimalBinning.Solve(rows, bads, Limits with { MaxBins = 2 }, Monotone.None).Length, 1, 2);
    }

    [Fact]
    public void Turn_is_found_where_it_gains() => Assert.Equal(
        [1, 2, 3], OptimalBinning.Solve([500, 500, 500], [50, 250, 50], Limits, Monotone.Auto));

    private static double BestOfAll(double[] rows, double[] bads, Monotone trend) => Enumerable.Range(0, 1 << (rows.Length - 1))
        .Max(mask => Value(rows, bads, [.. Enumerable.Range(1, rows.Length).Where(end => end == rows.Length || (mask & (1 << (end - 1))) != 0)], trend));

    private static double Value(double[] rows, double[] bads, int[] ends, Monotone trend)
    {
        List<double> rates = [];
        double value = 0;
        var from = 0;
        foreach (var end in ends)
        {
            var (n, e) = (rows[from..end].Sum(), bads[from..end].Sum());
            if (ends.Length > 1 && n < Limits.MinRows) return double.NegativeInfinity;
            rates.Add(e / n);
            value += (e > 0 ? e * Math.Log(e / n) : 0) + (n > e ? (n - e) * Math.Log((n - e) / n) : 0) - Limits.Penalty;
            from = end;
        }

        var signs = rates.Zip(rates.Skip(1), (a, b) => Math.Sign(Math.Round(b - a, 12))).Where(s => s != 0).ToArray();
        var turns = signs.Zip(signs.Skip(1), (a, b) => a != b).Count(t => t);
        return trend switch
        {
            Monotone.Increasing when signs.Contains(-1) => double.NegativeInfinity,
            Monotone.Decreasing when signs.Contains(1) => double.NegativeInfinity,
            Monotone.Auto or Monotone.Unimodal when turns > 1 => double.NegativeInfinity,
            Monotone.Auto => value - (turns * Limits.TurnPenalty),
            _ => value,
        };
    }
}
