using Azure;
using Serverless.Functions.Http;
using Serverless.Serving;

namespace Serverless.Functions.Triggers;

/// <summary>GET health/live and health/ready: whether the process answers, and whether it can do its work.</summary>
internal sealed class Health(StorageAccount storage, ModelRegistry registry, LiveModels live)
{
    private static readonly TimeSpan StorageLimit = TimeSpan.FromSeconds(5);

    public static IResult Live() => TypedResults.Json(new HealthAnswer("live"), Json.Options);

    /// <summary>Ready when the storage answers and every champion is loaded and answered its golden inputs.</summary>
    public async Task<IResult> ReadyAsync(CancellationToken cancel)
    {
        var faults = new List<string>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StorageLimit);
        try
        {
            if (!await storage.Blobs.GetBlobContainerClient("models").ExistsAsync(limit.Token)) faults.Add("The storage has no container 'models' yet.");
            if (!await storage.Queues.GetQueueClient("loan-applications").ExistsAsync(limit.Token)) faults.Add("The storage has no queue 'loan-applications' yet.");
            if (faults.Count == 0) await LoadAsync(faults, cancel);
        }
        catch (Exception error) when (error is RequestFailedException or AggregateException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            faults.Add("The storage does not answer: check AzureWebJobsStorage and its network.");
        }

        return faults.Count == 0 ? TypedResults.Json(new HealthAnswer("ready"), Json.Options) : new Problem(503, "The app is not ready.", faults);
    }

    private async Task LoadAsync(List<string> faults, CancellationToken cancel)
    {
        await foreach (var model in registry.ListAsync(cancel))
        {
            if (!model.Live) continue;
            try
            {
                (await live.RentAsync<IServedModel>(model.Family, model.Portfolio, cancel))?.Dispose();
            }
            catch (InvalidModelException error)
            {
                faults.Add($"{model.Family}/{model.Portfolio}: {error.Message}");
            }
        }
    }
}

/// <summary>The answer when all is well.</summary>
internal sealed record HealthAnswer(string Status);
