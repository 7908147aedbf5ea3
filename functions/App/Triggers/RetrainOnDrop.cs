using Serverless.Training;

namespace Serverless.Functions.Triggers;

/// <summary>Container <c>drops</c>: a drop becomes a model that is live, or the reason why not.</summary>
internal sealed partial class RetrainOnDrop(Retraining retraining, ILogger<RetrainOnDrop> log)
{
    public async Task RunAsync(string name, string etag, CancellationToken cancel)
    {
        var outcome = await retraining.RunAsync(name, etag, new Stages(this, name), cancel);
        Ended(name, outcome.Result, outcome.Version, outcome.Rows, outcome.RowsInError, outcome.Reasons.Count);
    }

    [LoggerMessage(LogLevel.Information, "Drop {Drop}: {Stage}")]
    private partial void Stage(string drop, string stage);

    [LoggerMessage(LogLevel.Information, "Drop {Drop}: {Result}, version {Version}, {Rows} rows, {RowsInError} in error, {Reasons} reasons")]
    private partial void Ended(string drop, RetrainResult result, string? version, int rows, int rowsInError, int reasons);

    /// <summary>A log line for each stage; fractions are for terminals.</summary>
    private sealed class Stages(RetrainOnDrop trigger, string drop) : IProgress<TrainingProgress>
    {
        private string? _last;

        public void Report(TrainingProgress value)
        {
            if (Interlocked.Exchange(ref _last, value.Stage) != value.Stage) trigger.Stage(drop, value.Stage);
        }
    }
}
