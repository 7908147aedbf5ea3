namespace Serverless.Functions;

/// <summary>
/// Makes the app ready in the background, so that an outage does not keep it from starting: creates what is missing in the storage, loads
/// the live models before the first request needs them, and tells each fault once.
/// </summary>
internal sealed partial class StartupProbe(Readiness readiness, TimeProvider time, ILogger<StartupProbe> log) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<string> told = [];
        for (var pause = FirstPause; ; pause = pause < LongestPause / 2 ? pause * 2 : LongestPause)
        {
            var faults = await FaultsAsync(told, stoppingToken);
            foreach (var fault in faults.Except(told)) NotReady(fault);
            if (faults.Count == 0)
            {
                if (told.Count > 0) Ready();
                return;
            }

            told = faults;
            await Task.Delay(pause, time, stoppingToken);
        }
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(IReadOnlyList<string> told, CancellationToken cancel)
    {
        try
        {
            return await readiness.FaultsAsync(cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            // Wide, because an error here would stop an app whose other functions may work: it is told, and the next look tries again.
            if (!told.Contains(error.GetType().Name)) Failed(error);
            return [error.GetType().Name];
        }
    }

    [LoggerMessage(LogLevel.Error, "Not ready: {Fault}")]
    private partial void NotReady(string fault);

    [LoggerMessage(LogLevel.Information, "Ready after all: the storage can be used, and every live model is loaded")]
    private partial void Ready();

    [LoggerMessage(LogLevel.Error, "Whether the app is ready cannot be told; trying again")]
    private partial void Failed(Exception error);
}
