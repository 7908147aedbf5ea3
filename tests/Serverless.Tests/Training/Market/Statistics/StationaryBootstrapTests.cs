using Serverless.Training.Market.Statistics;

namespace Serverless.Tests.Training.Market.Statistics;

public class StationaryBootstrapTests
{
    [Fact]
    public void Interval_of_a_mean_is_that_of_the_normal_distribution_for_independent_days()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 1000).Select(_ => random.NextDouble()).ToArray();
        var (low, high) = StationaryBootstrap.Interval(1000, 1, days => days.Average(t => values[t]), 2000, seed: 3);
        var wide = 2 * 1.96 * Math.Sqrt(1 / 12.0 / 1000);
        Assert.InRange((high - low) / wide, 0.93, 1.07);
        Assert.InRange(values.Average(), low, high);
    }

    [Fact]
    public void Blocks_are_runs_of_days_of_the_asked_mean_length_and_wrap_around()
    {
        var (runs, days, wrapped) = (0, 0, false);
        StationaryBootstrap.Interval(200, 20, drawn =>
        {
            for (var t = 1; t < drawn.Length; t++)
            {
                if (drawn[t] != (drawn[t - 1] + 1) % 200) runs++;
                else wrapped |= drawn[t] == 0;
                days++;
            }

            return 0;
        }, 500, seed: 2);
        Assert.InRange((double)days / runs, 19, 21.5);
        Assert.True(wrapped);
    }

    [Fact]
    public void Same_seed_gives_the_same_interval()
    {
        (double, double) Run(int seed) => StationaryBootstrap.Interval(100, 5, d => d[0], 99, seed);
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void Blocks_are_longer_for_days_that_depend_on_each_other()
    {
        var random = new Random(5);
        double last = 0;
        var noise = Enumerable.Range(0, 2000).Select(_ => random.NextDouble() - 0.5).ToArray();
        var walk = noise.Select(e => last = (0.9 * last) + e).ToArray();
        Assert.InRange(StationaryBootstrap.BlockLength(noise), 1, 8);
        Assert.InRange(StationaryBootstrap.BlockLength(walk), 20, 120);
        Assert.Equal(1, StationaryBootstrap.BlockLength(new double[50]));
        Assert.Equal(1, StationaryBootstrap.BlockLength([1, 2]));
    }
}
