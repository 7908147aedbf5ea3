using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Serverless.Training;

/// <summary>
/// Runs a long computation on threads of its own at low priority, so that it takes only what scoring leaves: no thread of the pool is
/// occupied, and on Linux, where .NET ignores priorities, the threads are nice to the others.
/// </summary>
internal static class TrainingThread
{
    private const string ThreadName = "training";
    private const int ThisThread = 0, PriorityOfProcess = 0, Niceness = 10;

    /// <summary>Computes at low priority.</summary>
    /// <param name="work">The computation; its parallel loops run at low priority too when they take their options from <see cref="Loops"/>.</param>
    /// <param name="progress">Told by <paramref name="work"/> how far it is, at normal priority.</param>
    /// <remarks>
    /// A thread inherits its creator's niceness for good, and the pool creates its threads on whichever thread gives it work. So the
    /// low-priority threads give it none: what they report, and that they end, passes through a thread of normal priority.
    /// </remarks>
    public static Task<T> RunAsync<T>(Func<IProgress<TrainingProgress>, T> work, IProgress<TrainingProgress> progress) => Task.Factory.StartNew(
        () =>
        {
            using var reports = new BlockingCollection<TrainingProgress>();
            var computing = new Task<T>(() => work(new Relay(reports)), TaskCreationOptions.DenyChildAttach);
            var thread = Start(() =>
            {
                computing.RunSynchronously(Scheduler.Instance);
                reports.CompleteAdding();
            });
            foreach (var report in reports.GetConsumingEnumerable()) progress.Report(report);
            thread.Join();
            return computing.GetAwaiter().GetResult();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.RunContinuationsAsynchronously, TaskScheduler.Default);

    /// <summary>Options of a parallel loop that stays at the priority of the thread that runs it.</summary>
    public static ParallelOptions Loops(CancellationToken cancel) =>
        new() { TaskScheduler = TaskScheduler.Current, MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel };

    private static Thread Start(Action run)
    {
        var thread = new Thread(() =>
        {
            // It can be refused, in a sandbox: then training competes at the usual priority.
            if (OperatingSystem.IsLinux()) _ = SetPriority(PriorityOfProcess, ThisThread, Niceness);
            run();
        })
        {
            IsBackground = true,
            Name = ThreadName,
            Priority = ThreadPriority.BelowNormal,
        };
        thread.Start();
        return thread;
    }

    [DllImport("libc", EntryPoint = "setpriority", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);

    private sealed class Relay(BlockingCollection<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }

    /// <summary>A thread for each task; what a thread of its own waits for, it does itself.</summary>
    private sealed class Scheduler : TaskScheduler
    {
        public static readonly Scheduler Instance = new();

        protected override void QueueTask(Task task) => Start(() => TryExecuteTask(task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
            !taskWasPreviouslyQueued && Thread.CurrentThread.Name == ThreadName && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
