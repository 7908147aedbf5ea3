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
    : BackgroundService
{
    private const string Hosts = "azure-webjobs-hosts";
    private const string BlobPoison = "webjobs-blobtrigger-poison";

    private readonly BlobContainerClient _hosts = blobs.GetBlobContainerClient(Hosts);
    private readonly TimeLimit _limit = new(root.Host.FunctionTimeout, time);
    private readonly CancellationTokenSource _abort = new();
    private List<Listener> _listeners = [];

    private delegate Task Listener(CancellationToken stopping, CancellationToken abort);

    /// <summary>The containers that these triggers need, with the host's own.</summary>
    public static IEnumerable<string> Containers(ScriptRoot root) => [Hosts, .. Of(root, "blobTrigger").Select(f => f.Trigger.Container)];

    /// <summary>The queues that these triggers need, with the host's own.</summary>
    public static IEnumerable<string> Queues(ScriptRoot root) =>
    [
        .. Of(root, "queueTrigger").SelectMany(f => new[] { f.Trigger.QueueName!, Poison(f) }),
        .. Of(root, "blobTrigger").SelectMany(f => new[] { Work(f), BlobPoison }),
    ];

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Here, so that what is wrong in a function.json ends the start, and before any listener has begun.
        _listeners =
        [
            .. Of(root, "queueTrigger").Select(OnQueue),
            .. Of(root, "blobTrigger").SelectMany(OnBlob),
            .. Of(root, "timerTrigger").Select(OnTimer),
        ];
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _abort.Dispose();
    }

    /// <summary>Ends with an error, which stops the host, as soon as one listener does: a host that only seems to listen helps nobody.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var grace = stopping.Token.Register(() => _abort.CancelAfter(settings.StopGrace));
        Task[] running = [.. _listeners.Select(listen => listen(stopping.Token, _abort.Token))];
        await Task.WhenAny([Task.WhenAll(running), .. running.Select(OnlyFailureAsync)]);
        await stopping.CancelAsync(); // the others give back what they have
        await Task.WhenAll(running);

        async Task OnlyFailureAsync(Task listener)
        {
            await listener.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!listener.IsFaulted) await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IEnumerable<FunctionFile> Of(ScriptRoot root, string type) => root.Functions.Where(f => f.Trigger.Type == type);

    private static string Poison(FunctionFile file) => $"{file.Trigger.QueueName}-poison";

    /// <summary>Where the blobs of a function wait for it.</summary>
    private static string Work(FunctionFile file) => $"azure-webjobs-blobtrigger-{BlobListener.HostId}-{file.Name.ToLowerInvariant()}";

    private Listener OnQueue(FunctionFile file)
    {
        var run = dispatcher.Find<Function.OnQueue>(file.Name).RunAsync;
        var rules = root.Host.Queues;
        var policy = new QueuePolicy(rules.BatchSize, rules.NewBatchThreshold, rules.MaxDequeueCount, rules.VisibilityTimeout, rules.MaxPollingInterval, settings.InFlight);
        return Listen(file.Trigger.QueueName!, Poison(file), policy, (text, token) => run(Text(text), token));
    }

    private IEnumerable<Listener> OnBlob(FunctionFile file)
    {
        var run = dispatcher.Find<Function.OnBlob>(file.Name).RunAsync;
        var scanner = new BlobListener(
            file.Name, blobs.GetBlobContainerClient(file.Trigger.Container), _hosts, rawQueues.GetQueueClient(Work(file)), settings.BlobScan, time, log);
        var (rules, most) = (root.Host.Queues, root.Host.Blobs.MaxDegreeOfParallelism);
        var policy = new QueuePolicy(1, most - 1, root.Host.Blobs.PoisonBlobThreshold, rules.VisibilityTimeout, settings.BlobScan, settings.InFlight);
        return [(stopping, _) => scanner.RunAsync(stopping), Listen(Work(file), BlobPoison, policy, (text, token) => scanner.HandleAsync(text, run, token))];
    }

    private Listener OnTimer(FunctionFile file)
    {
        var run = dispatcher.Find<Function.OnTimer>(file.Name).RunAsync;
        return new TimerListener(file.Name, file.Trigger.Cron, _hosts, token => _limit.RunAsync(run, token), time, log).RunAsync;
    }

    // Jitter needs no secret: a seed of its own for each listener keeps them apart.
    private Listener Listen(string queue, string poison, QueuePolicy policy, Func<string, CancellationToken, Task> handle) => new QueueListener(
        rawQueues.GetQueueClient(queue), rawQueues.GetQueueClient(poison), policy, (text, token) => _limit.RunAsync(t => handle(text, t), token), time, new Random(queue.Length), log).RunAsync;

    /// <summary>The text of a message as the Functions host passes it on.</summary>
    /// <exception cref="FormatException">It is not base64, although host.json says so.</exception>
    private static BinaryData Text(string base64) => BinaryData.FromString(Encoding.UTF8.GetString(Convert.FromBase64String(base64)));
}
