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
    /// <summary>Name of the connection to the account that holds the data.</summary>
    public const string DataSetting = "DataStorage";

    /// <summary>Name of the connection to the Functions host's own account, which holds the data too where no other is set.</summary>
    public const string Setting = "AzureWebJobsStorage";

    /// <summary>The containers that the app uses.</summary>
    public static IReadOnlyList<string> Containers { get; } =
        ["applications", "contracts", "datasets", "decision-anchors", "decision-log", "documents", "drops", "feedback", "forecasts", "models", "outcomes", "poison", "rejected", "reviews", "runs"];

    /// <summary>The queues that the app uses.</summary>
    public static IReadOnlyList<string> QueueNames { get; } = ["loan-applications", "loan-applications-poison", "loan-decisions", "webjobs-blobtrigger-poison"];

    // The SDK's five retries take 25 seconds, in which a caller hangs on; what fails for longer than these is delivered again or asked again.
    private const int Retries = 3;
    private static readonly BlobClientOptions BlobOptions = new() { Retry = { MaxRetries = Retries } };
    private static readonly QueueClientOptions Base64 = new() { MessageEncoding = QueueMessageEncoding.Base64, Retry = { MaxRetries = Retries } };
    private static readonly QueueClientOptions Raw = new() { Retry = { MaxRetries = Retries } };

    /// <summary>Whether the storage could not be used, for now or as it is set up: it refused, did not answer, or no token could be had for it.</summary>
    public static bool IsOutage(Exception error) => error is RequestFailedException or AggregateException or AuthenticationFailedException;

    /// <summary>Who the app is towards the account, for messages.</summary>
    public string Identity { get; init; } = "the account's key";

    /// <summary>Opens the account by connection string.</summary>
    public static StorageAccount Open(string connectionString) =>
        new(new BlobServiceClient(connectionString, BlobOptions), new QueueServiceClient(connectionString, Base64), new QueueServiceClient(connectionString, Raw));

    /// <summary>
    /// Opens the account that the configuration names under <c>DataStorage</c> or, without that, <c>AzureWebJobsStorage</c>: a connection
    /// string, or by identity with <c>__accountName</c> (or <c>__blobServiceUri</c> and <c>__queueServiceUri</c>), with
    /// <c>__credential</c> <c>managedidentity</c> for that of the Azure resource and <c>__clientId</c> for a user-assigned one. Without
    /// <c>__credential</c> the identity is the first that <see cref="DefaultAzureCredential"/> finds. Null when it names none.
    /// </summary>
    /// <exception cref="SettingsException">The settings name half an account.</exception>
    public static StorageAccount? FromConfiguration(IConfiguration configuration) =>
        FromConnection(configuration, DataSetting) ?? FromConnection(configuration, Setting);

    private static StorageAccount? FromConnection(IConfiguration configuration, string name)
    {
        var section = configuration.GetSection(name);
        if (section.Value is { Length: > 0 } connection)
        {
            try
            {
                return Open(connection);
            }
            catch (Exception error) when (error is FormatException or ArgumentException)
            {
                // Without its message, which may quote the key.
                throw new SettingsException($"{name} is no connection string of a storage account: copy it from the account's access keys, or use {name}__accountName.");
            }
        }

        var account = section["accountName"];
        var blobs = section["blobServiceUri"] ?? (account is null ? null : $"https://{account}.blob.core.windows.net");
        var queues = section["queueServiceUri"] ?? (account is null ? null : $"https://{account}.queue.core.windows.net");
        if (blobs is null && queues is null && !section.GetChildren().Any()) return null;
        if (!Uri.TryCreate(blobs, UriKind.Absolute, out var blobUri) || !Uri.TryCreate(queues, UriKind.Absolute, out var queueUri))
            throw new SettingsException($"{name} needs both {name}__blobServiceUri and {name}__queueServiceUri as https addresses, or {name}__accountName instead.");
        var (credential, identity) = Credential(name, section["credential"], section["clientId"]);
        return new(new BlobServiceClient(blobUri, credential, BlobOptions), new QueueServiceClient(queueUri, credential, Base64), new QueueServiceClient(queueUri, credential, Raw)) { Identity = identity };
    }

    private static (TokenCredential Credential, string Identity) Credential(string name, string? kind, string? clientId) => (kind?.ToLowerInvariant(), clientId) switch
    {
        ("managedidentity", { Length: > 0 }) or (null or "", { Length: > 0 }) =>
            (new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId)), $"the managed identity with client id {clientId}"),
        ("managedidentity", _) => (new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned), "the app's system-assigned identity"),
        (null or "", _) => (new DefaultAzureCredential(), "the identity that DefaultAzureCredential found"),
        _ => throw new SettingsException($"{name}__credential must be managedidentity, or left out for the identity of whoever runs the app."),
    };

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
