using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Market;
using Serverless.Training.Market.Prices;
using Serverless.Training.Market.Strategies;

namespace Serverless.Tests.Training.Market;

/// <summary>SPY as it was: what docs/results.md says of it.</summary>
public class RealMarketTests
{
    [Fact]
    public async Task Spy_is_read_and_judged_as_the_results_say()
    {
        var data = Environment.GetEnvironmentVariable("SERVERLESS_DATA");
        Assert.SkipWhen(data is null, "SERVERLESS_DATA names no folder with real data.");
        var cancel = TestContext.Current.CancellationToken;
        PriceFile[] files = [new(Path.Combine(data, "market/spy.csv"), null, false)];
        var read = await PriceFiles.ReadAsync(files, null, "us", new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), new Progress<TrainingProgress>(), cancel);
        var rows = Assert.IsType<Outcome<MarketRows>.Done>(read).Value;
        Assert.Equal((5849, 0), (rows.Symbols[0].Count, rows.RowsInError));
        Assert.Empty(rows.Findings);

        var signals = SizingForecasts.Of(rows, new Progress<TrainingProgress>(), cancel)[0];
        var outcome = await StrategyStudy.RunAsync(rows.Symbols[0], rows.Exogenous, signals, rows.Contract, t => Task.FromResult(new TrialLedger([.. t])), default, cancel);
        var study = Assert.IsType<Outcome<StrategyStudy>.Done>(outcome).Value;
        var (strategy, held) = (study.Strategy(study.HoldoutFrom), study.Held(study.HoldoutFrom));
        Assert.Equal((0.83, 0.337), (Math.Round(held.Sharpe, 2), Math.Round(held.MaxDrawdown, 3)));
        Assert.Equal((0.69, 0.141), (Math.Round(strategy.Sharpe, 2), Math.Round(strategy.MaxDrawdown, 3)));
        Assert.False(study.Evidence.Promoted);
    }
}
