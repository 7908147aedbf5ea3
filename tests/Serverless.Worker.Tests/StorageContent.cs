using System.Text.RegularExpressions;
using Azure.Storage.Queues.Models;
using Serverless.Serving;

namespace Serverless.Worker.Tests;

/// <summary>Everything that lies in an account, in a form that two accounts share after the same work: without times, chance and traces.</summary>
internal static partial class StorageContent
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<IReadOnlyList<string>> ReadAsync(StorageAccount account)
    {
        var content = new List<string>();
        foreach (var container in StorageAccount.Containers)
        {
            var client = account.Blobs.GetBlobContainerClient(container);
            await foreach (var blob in client.GetBlobsAsync(cancellationToken: Cancel))
            {
                var text = (await client.GetBlobClient(blob.Name).DownloadContentAsync(Cancel)).Value.Content.ToString();

                // The log's entries are hashes by keys of chance: their number counts here, and `decisions verify` checks them.
                content.Add($"{container}/{Scrub(blob.Name)}: {Scrub(container is "decision-log" or "decision-anchors" ? Hash().Replace(text, "hash") : text)}");
            }
        }

        foreach (var queue in StorageAccount.QueueNames)
            foreach (PeekedMessage message in (await account.RawQueues.GetQueueClient(queue).PeekMessagesAsync(32, Cancel)).Value)
                content.Add($"{queue}: {Scrub(Text(message.Body))}");
        return [.. content.Order(StringComparer.Ordinal)];
    }

    /// <summary>A text without what differs from one run to the next.</summary>
    public static string Scrub(string text) => Chance().Replace(Time().Replace(text, "time"), "chance");

    private static string Text(BinaryData body)
    {
        var bytes = new byte[body.ToMemory().Length];
        return Convert.TryFromBase64String(body.ToString(), bytes, out var length) ? System.Text.Encoding.UTF8.GetString(bytes, 0, length) : body.ToString();
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d| UTC)?")]
    private static partial Regex Time();

    [GeneratedRegex("""(?<="hashKey":")[^"]+|0x[0-9A-F]{10,}|00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]|(?<="(seconds|offset)":)[\d.]+|(?<="card\.(html|md)": ")[0-9a-f]+""")]
    private static partial Regex Chance();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hash();
}
