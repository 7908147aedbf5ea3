using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Serverless.Serving;

/// <summary>The storage account of the app: where blobs and queues are.</summary>
/// <param name="Blobs">Client for blobs.</param>
/// <param name="Queues">Client for queues; messages are base64, as <c>host.json</c> states.</param>
public sealed record StorageAccount(BlobServiceClient Blobs, QueueServiceClient Queues)
{
    /// <summary>Name of the setting, the one that the Functions host uses.</summary>
    public const string Setting = "AzureWebJobsStorage";

    /// <summary>The containers that the app uses.</summary>
    public static IReadOnlyList<string> Containers { get; } =
        ["applications", "contracts", "decision-anchors", "decision-log", "drops", "models", "outcomes", "poison", "rejected", "runs"];

    /// <summary>The queues that the app uses.</summary>
    public static IReadOnlyList<string> QueueNames { get; } = ["loan-applications", "loan-applications-poison", "loan-decisions"];

    /// <summary>Opens the account by connection string.</summary>
    /// <param name="connectionString">The connection string.</param>
    /// <param name="encoding">Of queue messages; a host that must see messages that are not base64 reads them as they are.</param>
    public static StorageAccount Open(string connectionString, QueueMessageEncoding encoding = QueueMessageEncoding.Base64) =>
        new(new BlobServiceClient(connectionString), new QueueServiceClient(connectionString, new() { MessageEncoding = encoding }));

    /// <summary>
    /// Opens the account that the configuration names: <c>AzureWebJobsStorage</c> as a connection string, or by identity with
    /// <c>AzureWebJobsStorage__accountName</c> (or <c>__blobServiceUri</c> and <c>__queueServiceUri</c>) and, for a user-assigned
    /// identity, <c>__clientId</c>. Null when it names none.
    /// </summary>
    public static StorageAccount? FromConfiguration(IConfiguration configuration, QueueMessageEncoding encoding = QueueMessageEncoding.Base64)
    {
        if (configuration[Setting] is { Length: > 0 } connection) return Open(connection, encoding);
        var section = configuration.GetSection(Setting);
        var account = section["accountName"];
        var blobs = section["blobServiceUri"] ?? (account is null ? null : $"https://{account}.blob.core.windows.net");
        var queues = section["queueServiceUri"] ?? (account is null ? null : $"https://{account}.queue.core.windows.net");
        if (blobs is null || queues is null) return null;
        TokenCredential credential = section["clientId"] is { Length: > 0 } client
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client))
            : new DefaultAzureCredential();
        return new(new BlobServiceClient(new Uri(blobs), credential), new QueueServiceClient(new Uri(queues), credential, new() { MessageEncoding = encoding }));
    }

    /// <summary>Creates the containers and queues that are not there yet: once at start, so that no write has to look.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        // All at once: one after the other, these requests would be most of the time that a start takes.
        await Task.WhenAll([
            .. Containers.Select(c => Blobs.GetBlobContainerClient(c).CreateIfNotExistsAsync(cancellationToken: cancel)),
            .. QueueNames.Select(q => Queues.GetQueueClient(q).CreateIfNotExistsAsync(cancellationToken: cancel)),
        ]);
    }
}
