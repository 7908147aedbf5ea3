using Serverless.Training;

namespace Serverless.Tests.Training.Checkpoints;

public class CheckpointedRunTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_part_is_kept_when_its_time_has_gone_by_and_taken_up_once_by_the_same_run()
    {
        var files = new RememberedFiles(TimeSpan.FromSeconds(20));
        await using (var run = await OpenAsync(files, "run-1"))
        {
            Keep(run, "a", 1);
            _time.Advance(TimeSpan.FromSeconds(19));
            Keep(run, "a", 2);
            Keep(run, "b", 3);
            _time.Advance(TimeSpan.FromSeconds(1));
            Keep(run, "a", 4);
            await WrittenAsync(files, 1);
            Keep(run, "a", 5);
        }

        Assert.Equal(["a"], files.Files.Keys);
        await using var next = await OpenAsync(files, "run-1");
        Assert.Null(next.Take("b", 1));
        Assert.Equal([4], next.Take("a", 1));
        Assert.Null(next.Take("a", 1));
        Assert.Equal(["a goes on"], files.Told);
    }

    [Fact]
    public async Task What_cannot_be_written_is_told_and_the_next_is_written()
    {
        var failures = 1;
        var files = new RememberedFiles(TimeSpan.Zero) { Writing = _ => { if (Interlocked.Decrement(ref failures) >= 0) throw new IOException("full"); } };
        await using var run = await OpenAsync(files, "run-1");
        Keep(run, "a", 1);
        await Asked(() => !files.Told.IsEmpty);
        Keep(run, "a", 2);
        await WrittenAsync(files, 1);
        Assert.Equal(["a: full"], files.Told);
    }

    [Fact]
    public async Task Where_storage_is_slower_than_training_the_latest_is_written_and_training_does_not_wait()
    {
        using var slow = new ManualResetEventSlim();
        var files = new RememberedFiles(TimeSpan.Zero);
        files.Writing = name => { if (name == "first") slow.Wait(); };
        await using var run = await OpenAsync(files, "run-1");
        Keep(run, "first", 0);
        for (byte i = 1; i <= 100; i++) Keep(run, "a", i);
        slow.Set();
        await WrittenAsync(files, 2);
        await using var next = await OpenAsync(files, "run-1");
        Assert.Equal([100], next.Take("a", 1));
    }

    [Fact]
    public async Task Another_runs_is_not_used_and_told()
    {
        var files = new RememberedFiles(TimeSpan.Zero) { Files = { ["a"] = CheckpointContent.Seal("run-2", "a", [1]) } };
        await using var run = await OpenAsync(files, "run-1");
        Assert.Null(run.Take("a", 1));
        Assert.Equal(["a: it is of other data, another contract or another version of the program"], files.Told);
    }

    [Fact]
    public async Task A_run_that_lost_its_lease_writes_no_more()
    {
        using var lost = new CancellationTokenSource();
        var files = new RememberedFiles(TimeSpan.Zero);
        await using (var run = await CheckpointedRun.OpenAsync(files, "run-1", _time, lost.Token))
        {
            await lost.CancelAsync();
            Keep(run, "a", 1);
        }

        Assert.Empty(files.Files);
    }

    private Task<CheckpointedRun> OpenAsync(RememberedFiles files, string run) => CheckpointedRun.OpenAsync(files, run, _time, Cancel);

    private static void Keep(CheckpointedRun run, string name, byte state) => run.Keep(name, () => [state]);

    private static Task WrittenAsync(RememberedFiles files, int count) => Asked(() => files.Files.Count == count);

    private static async Task Asked(Func<bool> done)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!done()) await Task.Delay(5, limit.Token);
    }
}
