using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>Whether the app can do its work: its native libraries load, the storage may be used, and every champion is loaded and answered its golden inputs.</summary>
internal sealed class Readiness(IEnumerable<NativeCode> native, StorageCheck storage, ModelRegistry registry, LiveModels live)
{
    private static readonly TimeSpan StorageLimit = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong, for an operator; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken cancel)
    {
        List<string> faults = [.. native.Select(n => n.Fault()).OfType<string>()];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StorageLimit);
        try
        {
            faults.AddRange(await storage.FaultsAsync(limit.Token));
            if (faults.Count == 0) await LoadAsync(faults, cancel);
        }
        catch (Exception error) when (StorageAccount.IsOutage(error) || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            faults.Add($"The storage does not answer: check {StorageAccount.DataSetting} (or {StorageAccount.Setting}) and its network.");
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
