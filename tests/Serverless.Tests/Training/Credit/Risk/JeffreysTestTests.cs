using Serverless.Serving;
using Serverless.Training.Credit.Risk;

namespace Serverless.Tests.Training.Credit.Risk;

/// <summary>Expected: the beta density, integrated numerically after substituting the square of a sine.</summary>
public class JeffreysTestTests
{
    [Theory]
    [InlineData(0.02, 3, 100, 0.2190436521080934)]
    [InlineData(0.02, 0, 50, 0.8458214182732284)]
    [InlineData(0.1, 180, 1500, 0.0058263011916603125)]
    [InlineData(0.5, 40, 100, 0.9775215216279015)]
    [InlineData(0.00405, 4000, 1000000, 0.7841492122719429)]
    public void Chance_equals_the_reference(double probability, long bads, long rows, double expected) =>
        Assert.Equal(expected, JeffreysTest.PValue(probability, bads, rows), 1e-8);

    [Fact]
    public void Certain_probabilities_have_certain_answers()
    {
        Assert.Equal((0, 1), (JeffreysTest.PValue(0, 1, 10), JeffreysTest.PValue(1, 1, 10)));
        Assert.Equal(2 / Math.PI * Math.Asin(Math.Sqrt(0.3)), Beta.Below(0.3, 0.5, 0.5), 1e-12); // the arcsine distribution
        Assert.InRange(JeffreysTest.PValue(0.4, 20_000_000, 50_000_000), 0.4, 0.6);
    }

    [Theory]
    [InlineData(0.1, 2, 0.18181818181818182)]
    [InlineData(0, 5, 0)]
    [InlineData(1, 5, 1)]
    public void Odds_are_scaled(double probability, double odds, double expected) => Assert.Equal(expected, GradeTally.Stressed(probability, odds), 1e-15);
}
