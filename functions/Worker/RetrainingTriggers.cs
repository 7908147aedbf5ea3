using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Triggers;

namespace Serverless.Functions.Worker;

/// <summary>What an app that only answers (<c>-p:Retraining=false</c>) has not.</summary>
public sealed class RetrainingTriggers(Invoker invoker)
{
#if SCAN_FOR_DROPS
    private const BlobTriggerSource DropSource = BlobTriggerSource.LogsAndContainerScan;
#else
    private const BlobTriggerSource DropSource = BlobTriggerSource.EventGrid;
#endif

    [Function(nameof(RetrainOnDrop))]
    public Task RetrainOnDropAsync(
        [BlobTrigger("drops/{name}", Connection = "DataStorage", Source = DropSource)] BlobClient drop, FunctionContext context, CancellationToken cancel) =>
        invoker.OnBlobAsync(nameof(RetrainOnDrop), drop, context, cancel);

    [Function(nameof(ReconcileDrops))]
    public Task ReconcileDropsAsync([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancel) =>
        invoker.OnTimerAsync(nameof(ReconcileDrops), cancel);

    [Function(nameof(PromoteModel))]
    public Task<IResult> PromoteModelAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "models/{family}/{portfolio}/promote")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(PromoteModel), request);

    [Function(nameof(RollbackModel))]
    public Task<IResult> RollbackModelAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "models/{family}/{portfolio}/rollback")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(RollbackModel), request);

    [Function(nameof(ApproveModel))]
    public Task<IResult> ApproveModelAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "models/{family}/{portfolio}/approve")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(ApproveModel), request);

    [Function(nameof(ExpireDrops))]
    public Task ExpireDropsAsync([TimerTrigger("0 0 2 * * *")] TimerInfo timer, CancellationToken cancel) =>
        invoker.OnTimerAsync(nameof(ExpireDrops), cancel);

    [Function(nameof(RefreshMarket))]
    public Task RefreshMarketAsync([TimerTrigger("0 40 * * * *")] TimerInfo timer, CancellationToken cancel) =>
        invoker.OnTimerAsync(nameof(RefreshMarket), cancel);

    [Function(nameof(GatherFeedback))]
    public Task GatherFeedbackAsync([TimerTrigger("0 20 * * * *")] TimerInfo timer, CancellationToken cancel) =>
        invoker.OnTimerAsync(nameof(GatherFeedback), cancel);
}
