using Serverless.Training.Quality;

namespace Serverless.Tests.Training.Quality;

public class PopulationStabilityTests
{
    [Fact]
    public void Index_equals_its_definition_with_half_a_row_a_bin() =>
        Assert.Equal(0.6971492121637783, PopulationStability.Index([50, 30, 20, 0], [20, 30, 40, 10]), 12);

    [Fact]
    public void Same_shares_have_none_and_bins_without_rows_do_not_count() => Assert.Equal(0, PopulationStability.Index([500, 500, 0], [500, 500, 0]), 12);

    [Fact]
    public void Nothing_to_compare_with_has_no_index() => Assert.Equal(double.NaN, PopulationStability.Index([1, 2], [0, 0]));
}
