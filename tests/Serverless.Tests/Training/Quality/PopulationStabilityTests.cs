using Serverless.Training.Quality;

namespace Serverless.Tests.Training.Quality;

public class PopulationStabilityTests
{
    [Fact]
    public void Index_is_the_sum_over_bins_of_difference_times_log_ratio()
    {
        // Half a row is added to each bin: shares 400.5/1001.5, 300.5/1001.5, 300.5/1001.5 against 200.5/1001.5, 300.5/1001.5, 500.5/1001.5.
        var expected = ((200.5 - 400.5) / 1001.5 * Math.Log(200.5 / 400.5)) + ((500.5 - 300.5) / 1001.5 * Math.Log(500.5 / 300.5));
        Assert.Equal(expected, PopulationStability.Index([400, 300, 300], [200, 300, 500]), 12);
        Assert.Equal(0.24, expected, 2);
    }

    [Fact]
    public void Index_of_equal_shares_is_none_and_bins_without_rows_do_not_count()
    {
        Assert.Equal(0, PopulationStability.Index([10, 20, 30], [10, 20, 30]), 12);
        Assert.Equal(PopulationStability.Index([10, 20], [30, 20]), PopulationStability.Index([10, 0, 20], [30, 0, 20]), 12);
    }

    [Fact]
    public void Bin_that_is_empty_on_one_side_gives_a_finite_index() =>
        Assert.InRange(PopulationStability.Index([50, 50, 0], [0, 50, 50]), 3, 6);

    [Fact]
    public void Side_without_rows_has_no_index()
    {
        Assert.True(double.IsNaN(PopulationStability.Index([0, 0], [1, 2])));
        Assert.True(double.IsNaN(PopulationStability.Index([1, 2], [0, 0])));
        Assert.Null(Movement.Of([0.0, 0], [1.0, 2]));
    }

    [Fact]
    public void Other_bins_are_refused() => Assert.Throws<ArgumentException>(() => PopulationStability.Index([1, 2], [1]));

    [Theory]
    [InlineData(0.099, 0, Drift.Stable)]
    [InlineData(0.1, 0, Drift.Watch)]
    [InlineData(0.249, 0, Drift.Watch)]
    [InlineData(0.25, 0, Drift.Drifted)]
    [InlineData(0.4, 0.5, Drift.Stable)]
    [InlineData(double.NaN, 0, Drift.Stable)]
    public void Bands_are_the_usual_ones_and_count_only_beyond_chance(double index, double byChance, Drift band) =>
        Assert.Equal(band, PopulationStability.Band(index, byChance));

    [Fact]
    public void One_population_hardly_ever_exceeds_what_chance_does()
    {
        var random = new Random(3);
        var beyond = 0;
        for (var round = 0; round < 2000; round++)
        {
            var (a, b) = (new double[10], new double[10]);
            for (var row = 0; row < 200; row++)
            {
                a[random.Next(10)]++;
                b[random.Next(10)]++;
            }

            if (PopulationStability.Index(a, b) > PopulationStability.ByChance(a, b)) beyond++;
        }

        Assert.InRange(beyond, 0, 20);
    }
}
