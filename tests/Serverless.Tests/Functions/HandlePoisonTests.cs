using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Triggers;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Tests.Functions;

public class HandlePoisonTests(AzuriteFixture azurite)
{
    private readonly AsyncLocal<bool> _mine = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poison_is_collected_counted_and_told_without_content()
    {
        const string Message = """{"applicationId":"A-1","portfolio":"hmeq","fields":{"income":"12345 Euro"}}""";
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        var (store, log) = (new PoisonStore(account, TimeProvider.System), new KeptLog<HandlePoison>());
        var kept = new ConcurrentQueue<int>();
        _mine.Value = true; // apps of other tests measure too
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if ((instrument.Meter.Name, instrument.Name) == ("Serverless", "serverless.poison.kept")) l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) =>
        {
            if (_mine.Value) kept.Enqueue(value);
        });
        listener.Start();
        var trigger = new HandlePoison(new PoisonQueues(account, store), store, log);

        await trigger.RunAsync(Cancel);
        await account.RawQueues.GetQueueClient("loan-applications-poison").SendMessageAsync(Message, Cancel); // not base64
        await account.Queues.GetQueueClient("loan-applications-poison").SendMessageAsync("not JSON: 12345 Euro", Cancel);
        await trigger.RunAsync(Cancel);
        await trigger.RunAsync(Cancel);

        Assert.Equal([0, 2, 2], kept);
        Assert.Equal(2, log.Lines.Count);
        Assert.Contains($"Poison of loan-applications: 1 failed attempts, 1 reasons, see 'serverless poison show {PoisonId.Of(Message)}'", log.Warnings);
        Assert.DoesNotContain(log.Lines, l => l.Message.Contains("12345", StringComparison.Ordinal) || l.Message.Contains("A-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Message_that_keeps_failing_in_the_app_ends_as_a_record_with_its_attempts()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);

        // A pointer to a version that is not there: the model cannot be loaded, so scoring fails.
        await account.Blobs.GetBlobContainerClient("models").GetBlobClient("credit/hmeq/champion.json").UploadAsync(
            BinaryData.FromString("""{"version":"0123456789abcdef","promotedAt":"2026-03-01T09:30:00Z","actor":"test"}"""), Cancel);
        const string Message = """{"applicationId":"A-1","portfolio":"hmeq","submittedAt":"2026-03-01T09:30:00Z","fields":{}}""";
        await account.Queues.GetQueueClient("loan-applications").SendMessageAsync(Message, Cancel);
        await using var app = await TestApp.EmbeddedAsync(connection);

        var trigger = app.App.Services.GetRequiredService<HandlePoison>();
        var record = await Asked.UntilAsync(async () =>
        {
            await trigger.RunAsync(Cancel);
            return await app.App.Services.GetRequiredService<PoisonStore>().ListAsync(Cancel).SingleOrDefaultAsync(Cancel);
        });
        Assert.Equal((5, Message, "hmeq", "A-1"), (record.Count, record.Message, record.Portfolio, record.ApplicationId));
        Assert.StartsWith("InvalidModelException: The registry has no 'credit/hmeq/0123456789abcdef/", Assert.Single(record.Reasons), StringComparison.Ordinal);
    }
}
