using System.Security.Cryptography;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>
/// The messages that cannot be decided: each in container <c>rejected</c> as <c>applications/{SHA-256 of the message}.json</c>, with a
/// pointer to it on the poison queue, where the people who look after the queue look.
/// </summary>
internal sealed class RejectedApplications(StorageAccount account)
{
    private const int ReasonsInPointer = 20; // a queue message holds 48 KiB; the blob has them all
    private readonly BlobContainerClient _rejected = account.Blobs.GetBlobContainerClient("rejected");
    private readonly QueueClient _poison = account.Queues.GetQueueClient("loan-applications-poison");

    /// <summary>
    /// Records a message with its reasons. The blob comes first: after a crash before the pointer the message is delivered again and
    /// writes the same blob; after a crash behind it, a second pointer names the same blob. Nothing is lost, nothing differs.
    /// </summary>
    /// <returns>Name of the blob.</returns>
    public async Task<string> AddAsync(BinaryData message, IReadOnlyList<string> reasons, CancellationToken cancel)
    {
        var name = $"applications/{Convert.ToHexStringLower(SHA256.HashData(message))}.json";
        await _rejected.GetBlobClient(name).UploadAsync(
            BinaryData.FromBytes(Json.File(new RejectedApplication(reasons, message.ToString()))), overwrite: true, cancel);
        var pointer = new RejectedPointer([.. reasons.Take(ReasonsInPointer)], $"rejected/{name}", ApplicationId(message));
        await _poison.SendMessageAsync(BinaryData.FromObjectAsJson(pointer, Json.Options), cancellationToken: cancel);
        return name;
    }

    private static string? ApplicationId(BinaryData message)
    {
        try
        {
            using var json = JsonDocument.Parse(message);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("applicationId", out var id)
                && id.ValueKind == JsonValueKind.String && Names.ApplicationId.Allows(id.GetString()) ? id.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // that it is not JSON is among the reasons
        }
    }
}

/// <summary>A message that cannot be decided: why, and what it was.</summary>
internal sealed record RejectedApplication(IReadOnlyList<string> Reasons, string Message);

/// <summary>What the poison queue says of it.</summary>
internal sealed record RejectedPointer(IReadOnlyList<string> Reasons, string Blob, string? ApplicationId);
