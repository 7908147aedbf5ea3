using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Serverless.Functions.Embedded;

/// <summary>
/// The triggers of <c>function.json</c> while the embedded host runs. Each has a listener and a degree of parallelism of its own,
/// so that a long retrain never holds up decisions.
/// </summary>
internal sealed class Listeners(
    Dispatcher dispatcher, ScriptRoot root, BlobServiceClient blobs, QueueServiceClient rawQueues, EmbeddedSettings settings, TimeProvider time, ILogger<Listeners> log)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abort = new();
    private Task _running = Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        foreach (var file in root.Functions)
        {
            if (file.Trigger.Type == "queueTrigger") running.Add(await OnQueueAsync(file, cancellationToken));
            if (file.Trigger.Type == "blobTrigger") running.AddRange(await OnBlobAsync(file, cancellationToken));
        }

        _running = Task.WhenAll(running);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _abort.CancelAfter(settings.StopGrace);
        await _running.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _abort.Dispose();
    }

    private async Task<Task> OnQueueAsync(FunctionFile file, CancellationToken cancel)
    {
        var run = dispatcher.Find<Function.OnQueue>(file.Name).RunAsync;
        var name = file.Trigger.QueueName!;
        var rules = root.Host.Queues;
        var policy = new QueuePolicy(rules.BatchSize, rules.NewBatchThreshold, rules.MaxDequeueCount, rules.VisibilityTimeout, rules.MaxPollingInterval, settings.InFlight);
        return Listen(await QueueAsync(name, cancel), await QueueAsync($"{name}-poison", cancel), policy, (text, token) => run(Text(text), token));
    }

    private async Task<Task[]> OnBlobAsync(FunctionFile file, CancellationToken cancel)
    {
        var run = dispatcher.Find<Function.OnBlob>(file.Name).RunAsync;
        var work = await QueueAsync($"azure-webjobs-blobtrigger-{BlobListener.HostId}-{file.Name.ToLowerInvariant()}", cancel);
        var scanner = new BlobListener(
            file.Name, await ContainerAsync(file.Trigger.Container, cancel), await ContainerAsync("azure-webjobs-hosts", cancel), work, settings.BlobScan, time, log);
        var (rules, most) = (root.Host.Queues, root.Host.Blobs.MaxDegreeOfParallelism);
        var policy = new QueuePolicy(most, most - 1, root.Host.Blobs.PoisonBlobThreshold, rules.VisibilityTimeout, settings.BlobScan, settings.InFlight);
        return
        [
            scanner.RunAsync(_stopping.Token),
            Listen(work, await QueueAsync("webjobs-blobtrigger-poison", cancel), policy with { BatchSize = 1 }, (text, token) => scanner.HandleAsync(text, run, token)),
        ];
    }

    // Jitter needs no secret: a seed of its own for each listener keeps them apart.
    private Task Listen(QueueClient queue, QueueClient poison, QueuePolicy policy, Func<string, CancellationToken, Task> handle) =>
        new QueueListener(queue, poison, policy, handle, time, new Random(queue.Name.Length), log).RunAsync(_stopping.Token, _abort.Token);

    /// <summary>The text of a message as the Functions host passes it on.</summary>
    /// <exception cref="FormatException">It is not base64, although host.json says so.</exception>
    private static BinaryData Text(string base64) => BinaryData.FromString(Encoding.UTF8.GetString(Convert.FromBase64String(base64)));

    private async Task<QueueClient> QueueAsync(string name, CancellationToken cancel)
    {
        var queue = rawQueues.GetQueueClient(name);
        await queue.CreateIfNotExistsAsync(cancellationToken: cancel);
        return queue;
    }

    private async Task<BlobContainerClient> ContainerAsync(string name, CancellationToken cancel)
    {
        var container = blobs.GetBlobContainerClient(name);
        await container.CreateIfNotExistsAsync(cancellationToken: cancel);
        return container;
    }
}
