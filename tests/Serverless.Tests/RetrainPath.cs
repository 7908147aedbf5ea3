using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Tests;

/// <summary>The retrain path as it is composed for the app, with families, clock and log of a test.</summary>
internal sealed class RetrainPath : IAsyncDisposable
{
    private static readonly RetrainingOptions Options = new() { Lease = TimeSpan.FromSeconds(15) };
    private readonly ServiceProvider _services;

    public RetrainPath(StorageAccount account, IEnumerable<ITrainingFamily>? families = null, TimeProvider? time = null, RetrainingOptions? options = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(account).AddSingleton(time ?? TimeProvider.System).AddSingleton(options ?? Options);
        services.AddSingleton(typeof(ILogger<>), typeof(Forwarding<>)).AddSingleton(Log).AddTraining();
        foreach (var family in families ?? []) services.AddSingleton(family).AddSingleton(family.Serving);
        _services = services.BuildServiceProvider();
    }

    public KeptLog<Retraining> Log { get; } = new();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task<RetrainOutcome> RunAsync(string drop, string? etag = null, CancellationToken? cancel = null, IProgress<TrainingProgress>? progress = null) =>
        Get<Retraining>().RunAsync(drop, etag, progress ?? new Progress<TrainingProgress>(), cancel ?? TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>Every part logs into the one log.</summary>
    private sealed class Forwarding<T>(KeptLog<Retraining> log) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Log(logLevel, eventId, state, exception, formatter);
    }
}
