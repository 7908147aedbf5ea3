using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>Creates the containers and queues in the background, so that a storage outage does not keep the app from starting.</summary>
internal sealed partial class StoragePreparation(StorageAccount storage, TimeProvider time, ILogger<StoragePreparation> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await storage.PrepareAsync(stoppingToken);
                return;
            }
            catch (Exception error) when (StorageAccount.IsOutage(error))
            {
                NotPrepared(error);
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The storage cannot be prepared yet")]
    private partial void NotPrepared(Exception error);
}
