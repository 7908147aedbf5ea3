using Serverless.Training;

namespace Serverless.Tests.Training;

public class NormalTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746)]
    [InlineData(-1.959963985, 0.025)]
    [InlineData(5, 0.999999713)]
    public void Distribution_equals_the_table(double z, double below) => Assert.Equal(below, Normal.Below(z), 1e-6);
}
