using System.Collections.Concurrent;
using Serverless.Training;

namespace Serverless.Tests.Training.Checkpoints;

/// <summary>Checkpoints in memory, and what was told of them.</summary>
internal sealed class RememberedFiles(TimeSpan every) : CheckpointFiles(every)
{
    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    public ConcurrentQueue<string> Told { get; } = new();

    /// <summary>Called before each write; may throw.</summary>
    public Action<string> Writing { get; set; } = _ => { };

    public override Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyDictionary<string, byte[]>>(Files.ToDictionary());

    public override Task WriteAsync(string name, byte[] content, CancellationToken cancel)
    {
        Writing(name);
        cancel.ThrowIfCancellationRequested();
        Files[name] = content;
        return Task.CompletedTask;
    }

    public override Task RemoveAsync(CancellationToken cancel)
    {
        Files.Clear();
        return Task.CompletedTask;
    }

    public override void Resumed(string name) => Told.Enqueue($"{name} goes on");

    public override void Ignored(string name, string why) => Told.Enqueue($"{name}: {why}");

    public override void NotWritten(string name, Exception error) => Told.Enqueue($"{name}: {error.Message}");
}
