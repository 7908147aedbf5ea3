using Serverless.Serving.Credit;
using Serverless.Tests.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class DirectionSweepTests
{
    [Theory]
    [InlineData(new[] { 0.1, 0.1, 0.2 }, true, false, true)]
    [InlineData(new[] { 0.3, 0.2, 0.2 }, false, true, true)]
    [InlineData(new[] { 0.1, 0.3, 0.2 }, false, false, true)]
    [InlineData(new[] { 0.3, 0.1, 0.1, 0.2 }, false, false, true)]
    [InlineData(new[] { 0.1, 0.3, 0.2, 0.4 }, false, false, false)]
    [InlineData(new[] { 0.1 }, true, true, true)]
    public void Risks_follow_a_trend_or_do_not(double[] risk, bool rising, bool falling, bool oneTurn) => Assert.Equal(
        (rising, falling, oneTurn, true),
        (DirectionSweep.Follows(risk, Monotone.Increasing), DirectionSweep.Follows(risk, Monotone.Decreasing), DirectionSweep.Follows(risk, Monotone.Unimodal), DirectionSweep.Follows(risk, Monotone.None)));

    [Fact]
    public void Served_graph_that_goes_against_the_contract_is_found()
    {
        Assert.Equal("1: ", Swept(Monotone.Decreasing)); // more income, more points, less risk
        Assert.Equal("1: income", Swept(Monotone.Increasing));
        Assert.Equal("1: ", Swept(Monotone.Unimodal));
        Assert.Equal("0: ", Swept(Monotone.Auto));

        static string Swept(Monotone trend)
        {
            var columns = CreditExample.Contract.Columns.Select(c => c.Name == "income" ? c with { Monotone = trend } : c);
            using var scorer = CreditExample.Scorer(contract: CreditExample.Contract with { Columns = [.. columns] });
            var (directed, broken) = DirectionSweep.Run(scorer);
            return $"{directed}: {string.Join(", ", broken)}";
        }
    }
}
