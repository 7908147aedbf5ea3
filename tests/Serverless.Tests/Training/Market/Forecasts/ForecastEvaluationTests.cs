using Serverless.Serving.Market;
using Serverless.Training.Market.Forecasts;

namespace Serverless.Tests.Training.Market.Forecasts;

public class ForecastEvaluationTests
{
    private const int Days = 500;

    // A market whose variance is 4 times as great on every other day.
    private static readonly SymbolDays Symbol = Made();

    [Fact]
    public void Networks_that_know_more_are_served()
    {
        var evaluation = Judge(network: t => Variance(t), baseline: _ => 2.5e-4);
        Assert.Equal(ForecastKind.Network, evaluation.Served);
        Assert.True(evaluation.Test.PBetter < 0.01);
        Assert.Equal(1, evaluation.Metrics["servesNetwork"]);
        Assert.InRange(evaluation.Metrics["varianceRatio"], 0.85, 1.15);
        Assert.InRange(evaluation.Metrics["coverage90"], 0.85, 0.95);
        Assert.True(evaluation.Metrics[ForecastEvaluation.MainMetric] > 0.5);
        Assert.All(evaluation.Symbols[0].Pit, share => Assert.InRange(share, 0.05, 0.16));
    }

    [Fact]
    public void Best_baseline_is_served_where_networks_are_no_better_beyond_chance()
    {
        var evaluation = Judge(network: t => Variance(t) * (t % 3 == 0 ? 1.02 : 0.99), baseline: t => Variance(t));
        Assert.Equal(evaluation.Best, evaluation.Served);
        Assert.Contains(evaluation.Best, ForecastEvaluation.Baselines);
        Assert.Equal(0, evaluation.Metrics["servesNetwork"]);
        Assert.Equal(evaluation.Metrics[$"qlike{evaluation.Best}"], evaluation.Metrics["qlike"]);

        // And of the baselines the one that loses least.
        var har = Judge(network: _ => 1e-4, baseline: _ => 1e-3, har: t => Variance(t));
        Assert.Equal((ForecastKind.Har, ForecastKind.Har), (har.Best, har.Served));
    }

    [Fact]
    public void Score_of_a_half_is_that_of_the_constant_distribution()
    {
        Assert.Equal(0.5, ForecastEvaluation.Score(0));
        var returns = Symbol.Past.Returns[1..];
        var mean = returns.Average();
        var constant = new DayForecast(1, new StudentT(mean, returns.Average(r => (r - mean) * (r - mean)), 1e6));
        Assert.Equal(0, ForecastEvaluation.LogScores(returns, [.. returns.Select(_ => constant)]).Average(), 1e-4);
    }

    private static ForecastEvaluation Judge(Func<int, double> network, Func<int, double> baseline, Func<int, double>? har = null)
    {
        var judged = new JudgedSymbol(Symbol, 0, 1);
        foreach (var kind in Enum.GetValues<ForecastKind>())
        {
            var variance = kind == ForecastKind.Network ? network : kind == ForecastKind.Har ? har ?? baseline : baseline;
            for (var t = 0; t < judged.Count; t++) judged.Of(kind)[t] = new(variance(t + 1), new(0, variance(t + 1), 30));
        }

        return ForecastEvaluation.Of([judged], new());
    }

    private static double Variance(int day) => day % 2 == 0 ? 1e-4 : 4e-4;

    private static SymbolDays Made()
    {
        var random = new Random(5);
        double[] returns = [0, .. Enumerable.Range(1, Days - 1).Select(t => Math.Sqrt(Variance(t)) * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
        return new("A", [.. Enumerable.Range(0, Days).Select(t => new DateOnly(2020, 1, 1).AddDays(t))], new(returns, returns, []), new([], Days, 0, []));
    }
}
