using System.Diagnostics.CodeAnalysis;
using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>Whether the app can do its work: its native libraries load, the storage may be used, and every champion is loaded and answered its golden inputs.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing without its wait handle, and a look may outlast the app that began it")]
internal sealed class Readiness(IEnumerable<NativeCode> native, StorageCheck storage, ModelRegistry registry, LiveModels live, TimeProvider time)
{
    private static readonly TimeSpan StorageLimit = TimeSpan.FromSeconds(5), Fresh = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private (long At, IReadOnlyList<string> Faults)? _last;

    /// <summary>What is wrong, for an operator; empty when all is well. Anybody may ask, so that many who do share one look a second.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < Fresh) return last.Faults;
            var faults = await LookAsync(cancel);
            _last = (time.GetTimestamp(), faults);
            return faults;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancel)
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
            if (model is { Live: false, Fault: null }) continue;
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
