using Serverless.Training.Market.Statistics;

namespace Serverless.Tests.Training.Market.Statistics;

public class KupiecTestTests
{
    // Jorion, "Value at Risk", on J.P. Morgan's 1998: 20 exceptions in 252 days at 95 % give 3.91, above 3.84.
    [Fact]
    public void Ratio_is_that_of_Jorions_example()
    {
        var test = new KupiecTest(252, 20, 0.05);
        Assert.Equal(3.91, test.LikelihoodRatio, 2);
        Assert.InRange(test.PValue, 0.047, 0.049);
    }

    // Kupiec (1995), table of regions that do not reject at 5 %: of 255 days at 1 % fewer than 7 exceptions, of 255 at 5 % from 7 to 20.
    [Theory]
    [InlineData(0.01, 6, false)]
    [InlineData(0.01, 7, true)]
    [InlineData(0.05, 6, true)]
    [InlineData(0.05, 7, false)]
    [InlineData(0.05, 20, false)]
    [InlineData(0.05, 21, true)]
    public void Rejection_is_that_of_Kupiecs_table(double share, int exceptions, bool rejected) =>
        Assert.Equal(rejected, new KupiecTest(255, exceptions, share).PValue < 0.05);

    [Fact]
    public void Right_share_and_no_days_are_not_rejected()
    {
        Assert.Equal((0, 1), (new KupiecTest(100, 5, 0.05).LikelihoodRatio, Math.Round(new KupiecTest(100, 5, 0.05).PValue, 5)));
        Assert.Equal(1, new KupiecTest(0, 0, 0.05).PValue, 5);
        Assert.True(double.IsFinite(new KupiecTest(100, 0, 0.05).LikelihoodRatio) && double.IsFinite(new KupiecTest(100, 100, 0.05).LikelihoodRatio));
    }
}
