using System.Diagnostics;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Serverless.Serving;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>
/// Decisions a second on the queue path, against the most that Azurite itself gives for the same storage operations
/// (receive, create a blob, send, delete) with the same batches and parallelism, in turns.
/// </summary>
internal static class QueueBenchmark
{
    private const int Messages = 1_000;
    private const int Warm = 200; // decisions before the clock starts: the app has just been started
    private const int Rounds = 3;
    private const int Batch = 16;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        await using var seeded = await AppUnderTest.SeedAsync(workplace.Folder);
        var (ceilings, decided) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ceilings.Add(await CeilingAsync(seeded.Storage, round));
            decided.Add(await DecideAsync(seeded, round));
        }

        var share = ceilings.Zip(decided, (c, d) => d / c).Order().ElementAt(Rounds / 2);
        return
        [
            new("Queue decisions", $"{decided.Order().ElementAt(Rounds / 2):F0} /s"),
            new("  Azurite's ceiling for the same operations", $"{ceilings.Order().ElementAt(Rounds / 2):F0} /s"),
            new("  share, median of the rounds", $"{share:P0}", "80 %", share >= 0.8),
        ];
    }

    private static async Task<double> CeilingAsync(StorageAccount storage, int round)
    {
        var from = await QueueAsync(storage, $"ceiling-in-{round}");
        var to = await QueueAsync(storage, $"ceiling-out-{round}");
        var blobs = storage.Blobs.GetBlobContainerClient($"ceiling-{round}");
        await blobs.CreateIfNotExistsAsync();
        await SendAsync(from, round);
        var create = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = Azure.ETag.All } };
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => WorkAsync())); // a second batch is fetched while one is worked on
        return Messages / clock.Elapsed.TotalSeconds;

        async Task WorkAsync()
        {
            while (await from.ReceiveMessagesAsync(Batch, TimeSpan.FromMinutes(10)) is { Value: { Length: > 0 } batch })
            {
                await Task.WhenAll(batch.Select(async message =>
                {
                    await blobs.GetBlobClient($"{message.MessageId}.json").UploadAsync(message.Body, create);
                    await to.SendMessageAsync(message.Body);
                    await from.DeleteMessageAsync(message.MessageId, message.PopReceipt);
                }));
            }
        }
    }

    private static async Task<double> DecideAsync(SeededStorage seeded, int round)
    {
        await seeded.Storage.PrepareAsync(default);
        var decisions = seeded.Storage.Queues.GetQueueClient("loan-decisions");
        await decisions.ClearMessagesAsync();
        await SendAsync(seeded.Storage.Queues.GetQueueClient("loan-applications"), round);
        await using var app = AppUnderTest.Start(seeded);
        var first = await CountAsync(decisions, Warm);
        var clock = Stopwatch.StartNew();
        var last = await CountAsync(decisions, Messages);
        return (last - first) / clock.Elapsed.TotalSeconds;
    }

    private static async Task<int> CountAsync(QueueClient queue, int least)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2);)
        {
            if ((await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount is var count && count >= least) return count;
            await Task.Delay(250); // seldom: this asks the same Azurite
        }

        throw new TimeoutException($"There were no {least} decisions within two minutes.");
    }

    private static async Task<QueueClient> QueueAsync(StorageAccount storage, string name)
    {
        var queue = storage.Queues.GetQueueClient(name);
        await queue.CreateIfNotExistsAsync();
        return queue;
    }

    private static Task SendAsync(QueueClient queue, int round) => Parallel.ForEachAsync(
        LoanSample.Applications(Messages, seed: 100 + round), new ParallelOptions { MaxDegreeOfParallelism = 16 },
        async (application, cancel) => await queue.SendMessageAsync(application.ToJsonString(Json.Options), cancel));
}
