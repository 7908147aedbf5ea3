using System.Collections.Concurrent;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Serverless.Functions.Embedded;
using Serverless.Serving;

namespace Serverless.Tests.Functions;

public class EmbeddedTimerTests(AzuriteFixture azurite)
{
    private const string EverySecond = "* * * * * *";
    private const string Yearly = "0 0 0 1 1 *";
    private const string Status = "timers/embedded/Host.Functions.tick/status";
    private const string Lock = "locks/embedded/Host.Functions.tick.Listener";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTime Now => DateTime.UtcNow;

    [Fact]
    public async Task Timer_fires_once_an_occurrence_in_one_of_two_hosts_and_in_the_other_when_that_stops()
    {
        var (first, second) = (new Firings(), new Firings());
        using var one = Script(first);
        using var other = Script(second);
        var connection = await azurite.NewConnectionAsync();
        await using (await TestApp.EmbeddedAsync(connection, one))
        {
            await first.UntilAsync(1);
            await using var secondApp = await TestApp.EmbeddedAsync(connection, other);
            await first.UntilAsync(3);
            Assert.Empty(second.Times);
        }

        await using (await TestApp.EmbeddedAsync(connection, other)) await second.UntilAsync(2); // the stop gave the lock free
        var times = first.Times.Concat(second.Times).ToList();
        Assert.Equal(times.Count, times.Select(t => t.Ticks / TimeSpan.TicksPerSecond).Distinct().Count());
        Assert.All(first.Times, t => Assert.InRange(t.Millisecond, 0, 900)); // behind its second, not before it
    }

    [Fact]
    public async Task Occurrence_missed_while_no_host_ran_fires_once_at_the_start_and_the_status_says_so()
    {
        var fired = new Firings();
        using var script = Script(fired, Yearly);
        var connection = await azurite.NewConnectionAsync();
        var hosts = await HostsAsync(connection);
        var missed = Now.AddHours(-1);
        await hosts.GetBlobClient(Status).UploadAsync(BinaryData.FromObjectAsJson(new ScheduleStatus(missed.AddYears(-1), missed, missed.AddYears(-1))), Cancel);
        var started = Now;
        await using (await TestApp.EmbeddedAsync(connection, script))
        {
            await fired.UntilAsync(1);
            await Asked.UntilAsync(async () => (await StatusAsync(hosts)).Next > Now ? "written" : null);
        }

        var written = await StatusAsync(hosts);
        Assert.InRange(written.Last, started, Assert.Single(fired.Times));
        Assert.Equal(new DateTime(started.Year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc), written.Next);
        Assert.InRange(written.LastUpdated, written.Last, Now);

        await using (await TestApp.EmbeddedAsync(connection, script)) await Task.Delay(500, Cancel);
        Assert.Single(fired.Times);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no status")]
    [InlineData("""{"Last":"2026-01-01T00:00:00","Next":"9999-01-01T00:00:00","LastUpdated":"2026-01-01T00:00:00"}""")] // of an earlier schedule
    public async Task First_start_and_a_changed_schedule_wait_for_the_next_occurrence_and_note_it(string? status)
    {
        var fired = new Firings();
        using var script = Script(fired, Yearly);
        var connection = await azurite.NewConnectionAsync();
        var hosts = await HostsAsync(connection);
        if (status is not null) await hosts.GetBlobClient(Status).UploadAsync(BinaryData.FromString(status), Cancel);
        await using var app = await TestApp.EmbeddedAsync(connection, script);
        await Asked.UntilAsync(async () => await hosts.GetBlobClient(Status).ExistsAsync(Cancel)
            && (await hosts.GetBlobClient(Status).DownloadContentAsync(Cancel)).Value.Content.ToString() != status ? "noted" : null);
        Assert.Equal(new DateTime(Now.Year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc), (await StatusAsync(hosts)).Next);
        Assert.Empty(fired.Times);
    }

    [Fact]
    public async Task Run_longer_than_its_schedule_is_never_beside_itself_and_a_failure_does_not_end_the_schedule()
    {
        var (now, peak, runs) = (0, 0, 0);
        using var script = new ScriptFolder().Timer("tick", EverySecond, async cancel =>
        {
            peak = Math.Max(peak, Interlocked.Increment(ref now));
            await Task.Delay(1300, cancel);
            Interlocked.Decrement(ref now);
            if (Interlocked.Increment(ref runs) == 1) throw new IOException("no");
        });
        await using var app = await TestApp.EmbeddedAsync(await azurite.NewConnectionAsync(), script);
        await Asked.UntilAsync(() => Task.FromResult(runs >= 2 ? "again" : null));
        Assert.Equal(1, peak);
    }

    [Fact]
    public async Task Run_that_the_stop_cuts_short_is_missed_and_made_up_for_at_the_next_start()
    {
        var begun = new TaskCompletionSource();
        var made = new Firings();
        using var cut = new ScriptFolder().Timer("tick", Yearly, async cancel => { begun.TrySetResult(); await Task.Delay(Timeout.Infinite, cancel); });
        using var whole = Script(made, Yearly);
        var connection = await azurite.NewConnectionAsync();
        var hosts = await HostsAsync(connection);
        await hosts.GetBlobClient(Status).UploadAsync(BinaryData.FromObjectAsJson(new ScheduleStatus(default, Now.AddHours(-1), default)), Cancel);
        await using (await TestApp.EmbeddedAsync(connection, cut)) await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await using (await TestApp.EmbeddedAsync(connection, whole)) await made.UntilAsync(1);
    }

    [Fact]
    public async Task Lock_of_a_holder_that_died_is_had_when_its_lease_ends()
    {
        var fired = new Firings();
        using var script = Script(fired);
        var connection = await azurite.NewConnectionAsync();
        var blob = (await HostsAsync(connection)).GetBlobClient(Lock);
        await blob.UploadAsync(BinaryData.Empty, Cancel);
        await blob.GetBlobLeaseClient().AcquireAsync(TimeSpan.FromSeconds(15), cancellationToken: Cancel); // and never renewed
        var ends = Now.AddSeconds(15);
        await using var app = await TestApp.EmbeddedAsync(connection, script);
        await fired.UntilAsync(1, seconds: 25);
        Assert.InRange(fired.Times[0], ends.AddSeconds(-1), ends.AddSeconds(8));
    }

    [Fact]
    public async Task Host_that_lost_the_lock_stops_firing()
    {
        var fired = new Firings();
        using var script = Script(fired);
        var connection = await azurite.NewConnectionAsync();
        var lease = (await HostsAsync(connection)).GetBlobClient(Lock).GetBlobLeaseClient();
        await using var app = await TestApp.EmbeddedAsync(connection, script);
        await fired.UntilAsync(1);
        await lease.BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);
        await lease.AcquireAsync(TimeSpan.FromSeconds(60), cancellationToken: Cancel);
        await Task.Delay(TimeSpan.FromSeconds(6), Cancel); // its next renewal, after a third of 15 s, is refused
        var count = fired.Times.Count;
        await Task.Delay(TimeSpan.FromSeconds(2.5), Cancel);
        Assert.Equal(count, fired.Times.Count);
    }

    [Fact]
    public async Task Malformed_schedule_does_not_start()
    {
        using var script = Script(new Firings(), "at night");
        var connection = await azurite.NewConnectionAsync();
        var error = await Assert.ThrowsAsync<SettingsException>(() => TestApp.EmbeddedAsync(connection, script));
        Assert.StartsWith("The schedule 'at night' of timer trigger 'timer' is not six fields of cron", error.Message, StringComparison.Ordinal);
    }

    private static ScriptFolder Script(Firings firings, string schedule = EverySecond) => new ScriptFolder().Timer("tick", schedule, _ =>
    {
        firings.Add();
        return Task.CompletedTask;
    });

    private static async Task<BlobContainerClient> HostsAsync(string connection)
    {
        var hosts = new BlobContainerClient(connection, "azure-webjobs-hosts");
        await hosts.CreateIfNotExistsAsync(cancellationToken: Cancel);
        return hosts;
    }

    private static async Task<ScheduleStatus> StatusAsync(BlobContainerClient hosts) =>
        JsonSerializer.Deserialize<ScheduleStatus>((await hosts.GetBlobClient(Status).DownloadContentAsync(Cancel)).Value.Content)!;

    private sealed class Firings
    {
        private readonly ConcurrentQueue<DateTime> _times = new();

        public IReadOnlyList<DateTime> Times => [.. _times];

        public void Add() => _times.Enqueue(Now);

        public Task<string> UntilAsync(int count, int seconds = 15) => Asked.UntilAsync(() => Task.FromResult(_times.Count >= count ? "fired" : null), seconds);
    }
}
