using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Triggers;

namespace Serverless.Functions.Worker;

/// <summary>What the part that answers does by the clock.</summary>
public sealed class TimerTriggers(Invoker invoker)
{
    [Function(nameof(AnchorDecisionLog))]
    public Task AnchorDecisionLogAsync([TimerTrigger("0 0 * * * *")] TimerInfo timer, CancellationToken cancel) =>
        invoker.OnTimerAsync(nameof(AnchorDecisionLog), cancel);

    [Function(nameof(ExpireDecisions))]
    public Task ExpireDecisionsAsync([TimerTrigger("0 30 1 * * *")] TimerInfo timer, CancellationToken cancel) =>
        invoker.OnTimerAsync(nameof(ExpireDecisions), cancel);

    [Function(nameof(HandlePoison))]
    public Task HandlePoisonAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancel) =>
        invoker.OnTimerAsync(nameof(HandlePoison), cancel);
}
