using System.Collections.Concurrent;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>The checkpoints of one run: what was found when it began, and a thread of normal priority that writes, so that training waits for no storage.</summary>
internal sealed class CheckpointedRun : TrainingCheckpoints, IAsyncDisposable
{
    private readonly CheckpointFiles _files;
    private readonly string _runId;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, byte[]> _found;
    private readonly ConcurrentDictionary<string, long> _kept = new();

    // The latest of each part: where storage is slower than training, those between are left out, and memory stays bounded.
    private readonly ConcurrentDictionary<string, byte[]> _waiting = new();
    private readonly BlockingCollection<string> _due = [];
    private readonly CancellationTokenSource _stopped;
    private readonly Task _writing;

    private CheckpointedRun(CheckpointFiles files, string runId, IReadOnlyDictionary<string, byte[]> found, TimeProvider time, CancellationToken cancel)
    {
        (_files, _runId, _found, _time) = (files, runId, new(found), time);
        _stopped = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Reads what an earlier run left.</summary>
    /// <param name="files">Where it lies.</param>
    /// <param name="runId">The run.</param>
    /// <param name="time">Says when a checkpoint is due, which changes nothing of what comes out.</param>
    /// <param name="cancel">Ends the writing: the run is stopped or has lost its lease.</param>
    public static async Task<CheckpointedRun> OpenAsync(CheckpointFiles files, string runId, TimeProvider time, CancellationToken cancel) =>
        new(files, runId, await files.ReadAsync(cancel), time, cancel);

    /// <inheritdoc/>
    public override byte[]? Take(string name, long bytes)
    {
        if (!_found.TryRemove(name, out var content)) return null;
        var (state, fault) = CheckpointContent.Open(content, _runId, name, bytes);
        if (fault is null) _files.Resumed(name);
        else _files.Ignored(name, fault);
        return state;
    }

    /// <inheritdoc/>
    public override void Keep(string name, Func<byte[]> state)
    {
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(_kept.GetOrAdd(name, now), now) < _files.Every) return;
        _kept[name] = now;
        _waiting[name] = state();
        _due.Add(name);
    }

    /// <summary>Ends the writing; what waits is left out, since the training has ended or was stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _due.CompleteAdding();
        await _writing;
        _due.Dispose();
        _stopped.Dispose();
    }

    private void Write()
    {
        foreach (var name in _due.GetConsumingEnumerable())
        {
            if (_stopped.IsCancellationRequested || !_waiting.TryRemove(name, out var state)) continue;
            try
            {
                _files.WriteAsync(name, CheckpointContent.Seal(_runId, name, state), _stopped.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
            {
                // What lay there before still lies there, or this does.
            }
            catch (Exception error) when (StorageAccount.IsOutage(error) || error is IOException or UnauthorizedAccessException)
            {
                _files.NotWritten(name, error);
            }
        }
    }
}
