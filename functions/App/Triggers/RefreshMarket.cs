using Serverless.Training.Market;

namespace Serverless.Functions.Triggers;

/// <summary>Every hour: forecasts and weights of the market portfolios whose model or bars changed are made anew.</summary>
internal sealed class RefreshMarket(MarketRefresh refresh)
{
    public Task RunAsync(CancellationToken cancel) => refresh.RunAsync(cancel);
}
