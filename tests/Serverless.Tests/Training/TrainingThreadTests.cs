using System.Globalization;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training;

/// <summary>Training takes only what scoring leaves. Linux tells the niceness of each thread.</summary>
public class TrainingThreadTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Computation_and_its_loops_are_nice_and_everything_after_them_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells the niceness of a thread.");
        var usual = Niceness();
        var reported = new Reported();
        var inside = await TrainingThread.RunAsync(
            progress =>
            {
                progress.Report(new("training"));
                var loops = new int[8];
                Parallel.For(0, loops.Length, TrainingThread.Loops(Cancel), i =>
                {
                    Thread.Sleep(20);
                    loops[i] = Niceness();
                });
                return (Own: Niceness(), Pool: Thread.CurrentThread.IsThreadPoolThread, Loops: loops);
            }, reported);
        Assert.Equal((usual + 10, false), (inside.Own, inside.Pool));
        Assert.All(inside.Loops, n => Assert.Equal(usual + 10, n));
        Assert.Equal((usual, "training"), (reported.Niceness, reported.Stage));
        Assert.Equal(usual, Niceness());
        var pool = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => { Thread.Sleep(20); return Niceness(); })));
        Assert.All(pool, n => Assert.Equal(usual, n));
    }

    [Fact]
    public async Task Model_is_trained_off_the_pool()
    {
        var pool = true;
        var family = new ConstantFamily { Training = _ => pool = Thread.CurrentThread.IsThreadPoolThread };
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, ConstantFamily.Csv("abcd", 0.7), Cancel);
        await using (var drop = await LocalDrop.OpenAsync(file, Cancel))
        {
            var trained = await ModelTraining.RunAsync(family, ConstantFamily.Contract, drop, null, null, TimeProvider.System, new Reported(), Cancel);
            Assert.IsType<Outcome<NewModel>.Done>(trained);
        }

        File.Delete(file);
        Assert.False(pool);
    }

    [Fact]
    public async Task Error_and_cancellation_come_through_as_they_are()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => TrainingThread.RunAsync<int>(_ => throw new InvalidDataException("bad"), new Reported()));
        await Assert.ThrowsAsync<OperationCanceledException>(() => TrainingThread.RunAsync<int>(_ => throw new OperationCanceledException(), new Reported()));
    }

    // The 19th field of stat; the name in parentheses before it may hold spaces.
    private static int Niceness() => int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(')')[^1].Split(' ')[17], CultureInfo.InvariantCulture);

    private sealed class Reported : IProgress<TrainingProgress>
    {
        public string? Stage { get; private set; }

        public int Niceness { get; private set; }

        public void Report(TrainingProgress value) => (Stage, Niceness) = (value.Stage, OperatingSystem.IsLinux() ? TrainingThreadTests.Niceness() : 0);
    }
}
