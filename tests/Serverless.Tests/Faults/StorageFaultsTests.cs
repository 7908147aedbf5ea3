using System.Diagnostics;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Serverless.Serving;

namespace Serverless.Tests.Faults;

public class StorageFaultsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly StorageFaults _faults = new() { Late = TimeSpan.FromMilliseconds(300) };
    private string _connection = "";
    private BlobClient _blob = null!;
    private BlobClient _seen = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await azurite.NewConnectionAsync();
        var healthy = StorageAccount.Open(_connection).Blobs.GetBlobContainerClient("things");
        await healthy.CreateAsync(cancellationToken: Cancel);
        _seen = healthy.GetBlobClient("a b.txt");
        _blob = _faults.Open(_connection).Blobs.GetBlobContainerClient("things").GetBlobClient("a b.txt");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Calls_are_recorded_in_order_without_account_and_secrets()
    {
        await CreateAsync();
        await _blob.DownloadContentAsync(Cancel);
        var queue = _faults.Open(_connection).Queues.GetQueueClient("work");
        await queue.CreateAsync(cancellationToken: Cancel);
        await queue.SendMessageAsync("x", Cancel);
        var message = (await queue.ReceiveMessageAsync(cancellationToken: Cancel)).Value;
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancel);
        Assert.Equal(
        [
            "call 1, PUT blob:things/a b.txt", "call 2, GET blob:things/a b.txt", "call 3, PUT queue:work", "call 4, POST queue:work/messages",
            "call 5, GET queue:work/messages", $"call 6, DELETE queue:work/messages/{message.MessageId}",
        ], _faults.Calls.Select(c => c.ToString()));
        Assert.Equal(0, _faults.Hits);
    }

    [Theory]
    [InlineData(Fault.Refuse)]
    [InlineData(Fault.Error)]
    [InlineData(Fault.Break)]
    internal async Task Call_that_does_not_reach_the_service_is_tried_again(Fault fault)
    {
        _faults.Inject(fault);
        await CreateAsync();
        Assert.Equal((2, 1), (_faults.Calls.Count, _faults.Hits));
    }

    [Theory]
    [InlineData(Fault.Refuse, 503)]
    [InlineData(Fault.Error, 500)]
    internal async Task Call_that_is_refused_as_often_as_it_is_tried_fails(Fault fault, int status)
    {
        _faults.Inject(fault, times: int.MaxValue);
        var error = await Assert.ThrowsAsync<RequestFailedException>(CreateAsync);
        Assert.Equal((status, 4), (error.Status, _faults.Calls.Count));
        Assert.False(await _seen.ExistsAsync(Cancel));
    }

    [Fact]
    public async Task Connection_that_keeps_breaking_fails_with_every_try()
    {
        _faults.Inject(Fault.Break, times: int.MaxValue);
        var error = await Assert.ThrowsAsync<AggregateException>(CreateAsync);
        Assert.Equal(4, error.InnerExceptions.Count);
    }

    [Fact]
    public async Task Cut_call_took_effect_and_its_retry_meets_that()
    {
        _faults.Inject(Fault.Cut);
        var error = await Assert.ThrowsAsync<RequestFailedException>(CreateAsync);
        Assert.Contains(error.Status, (int[])[409, 412]);
        Assert.True(await _seen.ExistsAsync(Cancel));
        Assert.Equal(2, _faults.Calls.Count);
    }

    [Fact]
    public async Task Duplicate_call_is_answered_by_what_the_second_one_met()
    {
        _faults.Inject(Fault.Duplicate);
        var error = await Assert.ThrowsAsync<RequestFailedException>(CreateAsync);
        Assert.Contains(error.Status, (int[])[409, 412]);
        Assert.Equal("content", (await _seen.DownloadContentAsync(Cancel)).Value.Content.ToString());
        Assert.Single(_faults.Calls);
    }

    [Fact]
    public async Task Duplicate_message_is_on_the_queue_twice()
    {
        _faults.Inject(Fault.Duplicate, matching: c => c.Method == "POST");
        var queue = _faults.Open(_connection).Queues.GetQueueClient("twice");
        await queue.CreateAsync(cancellationToken: Cancel);
        await queue.SendMessageAsync("x", Cancel);
        Assert.Equal(2, (await new QueueClient(_connection, "twice").GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Delayed_call_takes_effect_late()
    {
        _faults.Inject(Fault.Delay);
        var watch = Stopwatch.StartNew();
        await CreateAsync();
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(290));
    }

    [Theory]
    [InlineData(Fault.CrashBefore, false)]
    [InlineData(Fault.CrashAfter, true)]
    internal async Task Crash_is_not_retried_and_nothing_follows_it(Fault fault, bool tookEffect)
    {
        _faults.Inject(fault);
        await Assert.ThrowsAsync<CrashException>(CreateAsync);
        await Assert.ThrowsAsync<CrashException>(() => _blob.DeleteAsync(cancellationToken: Cancel));
        await Assert.ThrowsAsync<CrashException>(() => _faults.Open(_connection).Queues.GetQueueClient("work").CreateAsync(cancellationToken: Cancel));
        Assert.Equal(tookEffect, (await _seen.ExistsAsync(Cancel)).Value);
        Assert.Single(_faults.Calls);
    }

    [Fact]
    public async Task Nth_call_is_counted_among_those_that_match()
    {
        _faults.Inject(Fault.CrashBefore, 2, c => c.Method == "GET");
        await CreateAsync();
        await _blob.DownloadContentAsync(Cancel);
        await Assert.ThrowsAsync<CrashException>(() => _blob.DownloadContentAsync(Cancel));
    }

    [Fact]
    public async Task Matrix_strikes_every_call_with_every_fault_and_recovers_each()
    {
        var recovered = 0;
        var cases = await FaultMatrix.RunAsync(await azurite.NewConnectionAsync(), Overwrites(recover: () => recovered++), FaultMatrix.All);
        Assert.Equal((2 * FaultMatrix.All.Length, cases + 1), (cases, recovered));
    }

    [Fact]
    public async Task Matrix_tells_the_case_that_failed()
    {
        var connection = await azurite.NewConnectionAsync();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => FaultMatrix.RunAsync(connection, Overwrites(recover: null), Fault.CrashAfter));
        Assert.StartsWith("Case 1: CrashAfter at call 1, PUT blob:runs/0/first.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Two writes, of which a crash between them leaves only the first, unless something repeats them.</summary>
    private static FaultScenario<int> Overwrites(Action? recover) => new()
    {
        Prepare = (_, number) => Task.FromResult(number),
        Run = WriteAsync,
        Recover = async (account, number) =>
        {
            if (recover is null) return;
            recover();
            await WriteAsync(account, number);
        },
        Check = async (account, number) => Assert.Equal(2, (await account.Blobs.GetBlobContainerClient("runs").GetBlobsAsync(new() { Prefix = $"{number}/" }, Cancel).ToListAsync(Cancel)).Count),
    };

    private static async Task WriteAsync(StorageAccount account, int number)
    {
        foreach (var name in new[] { "first", "second" })
            await account.Blobs.GetBlobContainerClient("runs").GetBlobClient($"{number}/{name}").UploadAsync(BinaryData.FromString(name), overwrite: true, Cancel);
    }

    private Task CreateAsync() => _blob.UploadAsync(
        BinaryData.FromString("content"), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, Cancel);
}
