using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Serverless.Serving;

/// <summary>The storage account of the app: where blobs and queues are.</summary>
/// <param name="Blobs">Client for blobs.</param>
/// <param name="Queues">Client for queues; messages are base64, as <c>host.json</c> states.</param>
/// <param name="RawQueues">The same with messages as they lie there: for those that are not base64 after all.</param>
public sealed record StorageAccount(BlobServiceClient Blobs, QueueServiceClient Queues, QueueServiceClient RawQueues)
{
    /// <summary>Name of the setting, the one that the Functions host uses.</summary>
    public const string Setting = "AzureWebJobsStorage";

    /// <summary>The containers that the app uses.</summary>
    public static IReadOnlyList<string> Containers { get; } =
        ["applications", "contracts", "decision-anchors", "decision-log", "drops", "models", "outcomes", "poison", "rejected", "runs"];

    /// <summary>The queues that the app uses.</summary>
    public static IReadOnlyList<string> QueueNames { get; } = ["loan-applications", "loan-applications-poison", "loan-decisions", "webjobs-blobtrigger-poison"];

    private static readonly QueueClientOptions Base64 = new() { MessageEncoding = QueueMessageEncoding.Base64 };

    /// <summary>Whether the storage could not be used, for now or as it is set up: it refused, did not answer, or no token could be had for it.</summary>
    public static bool IsOutage(Exception error) => error is RequestFailedException or AggregateException or AuthenticationFailedException;

    /// <summary>Opens the account by connection string.</summary>
    public static StorageAccount Open(string connectionString) =>
        new(new BlobServiceClient(connectionString), new QueueServiceClient(connectionString, Base64), new QueueServiceClient(connectionString));

    /// <summary>
    /// Opens the account that the configuration names: <c>AzureWebJobsStorage</c> as a connection string, or by identity with
    /// <c>AzureWebJobsStorage__accountName</c> (or <c>__blobServiceUri</c> and <c>__queueServiceUri</c>) and, for a user-assigned
    /// identity, <c>__clientId</c>. Null when it names none.
    /// </summary>
    public static StorageAccount? FromConfiguration(IConfiguration configuration)
    {
        if (configuration[Setting] is { Length: > 0 } connection) return Open(connection);
        var section = configuration.GetSection(Setting);
        var account = section["accountName"];
        var blobs = section["blobServiceUri"] ?? (account is null ? null : $"https://{account}.blob.core.windows.net");
        var queues = section["queueServiceUri"] ?? (account is null ? null : $"https://{account}.queue.core.windows.net");
        if (blobs is null || queues is null) return null;
        TokenCredential credential = section["clientId"] is { Length: > 0 } client
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client))
            : new DefaultAzureCredential();
        return new(
            new BlobServiceClient(new Uri(blobs), credential), new QueueServiceClient(new Uri(queues), credential, Base64), new QueueServiceClient(new Uri(queues), credential));
    }

    /// <summary>Creates the containers and queues that are not there yet: once at start, so that no write has to look.</summary>
    public Task PrepareAsync(CancellationToken cancel) => CreateAsync(Containers, QueueNames, cancel);

    /// <summary>Creates those of these containers and queues that are not there yet.</summary>
    public Task CreateAsync(IEnumerable<string> containers, IEnumerable<string> queues, CancellationToken cancel)
    {
        // A list costs one request where trying to create each would cost one for each, at every start of a prepared account.
        return Task.WhenAll(MissingContainersAsync(), MissingQueuesAsync());

        async Task MissingContainersAsync()
        {
            var there = await Blobs.GetBlobContainersAsync(cancellationToken: cancel).Select(c => c.Name).ToHashSetAsync(cancellationToken: cancel);
            await Task.WhenAll(containers.Distinct().Where(c => !there.Contains(c)).Select(c => Blobs.GetBlobContainerClient(c).CreateIfNotExistsAsync(cancellationToken: cancel)));
        }

        async Task MissingQueuesAsync()
        {
            var there = await Queues.GetQueuesAsync(cancellationToken: cancel).Select(q => q.Name).ToHashSetAsync(cancellationToken: cancel);
            await Task.WhenAll(queues.Distinct().Where(q => !there.Contains(q)).Select(q => Queues.GetQueueClient(q).CreateIfNotExistsAsync(cancellationToken: cancel)));
        }
    }
}
