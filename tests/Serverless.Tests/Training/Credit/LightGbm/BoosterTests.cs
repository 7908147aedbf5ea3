using Serverless.Training.Credit.LightGbm;

namespace Serverless.Tests.Training.Credit.LightGbm;

public class BoosterTests
{
    [Fact]
    public void Library_loads() => Assert.Null(Native.Code.Fault());

    [Fact]
    public void Setting_that_is_refused_is_an_exception_with_the_reason()
    {
        using var data = BoostingData.Of([1, 2, 3, 4], [true, false, true, false], []);
        var error = Assert.Throws<LightGbmException>(() => new Booster(data, "objective=no-such-objective verbosity=-1"));
        Assert.StartsWith("LightGBM, CreateBooster: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-objective", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_of_another_length_are_an_exception()
    {
        using var data = BoostingData.Of([1, 2, 3, 4], [true, false, true, false], []);
        Assert.Throws<LightGbmException>(() => data.Subset([3, 9]));
    }
}
