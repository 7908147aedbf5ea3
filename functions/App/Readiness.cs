using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>Whether the app can do its work: the storage answers, and every champion is loaded and answered its golden inputs.</summary>
internal sealed class Readiness(StorageAccount storage, ModelRegistry registry, LiveModels live)
{
    private static readonly TimeSpan StorageLimit = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong, for an operator; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken cancel)
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
        catch (Exception error) when (StorageAccount.IsOutage(error) || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            faults.Add("The storage does not answer: check AzureWebJobsStorage and its network.");
        }

        return faults;
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
