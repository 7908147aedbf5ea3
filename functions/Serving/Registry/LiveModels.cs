using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Azure;
using Microsoft.Extensions.Logging;

namespace Serverless.Serving;

/// <summary>
/// The models that answer. Each is loaded at its first rent; a later rent that finds the last look at the champion pointer too old
/// starts a new look in the background and is answered by the present model meanwhile. A new champion is loaded, tested and
/// swapped in; the old one is disposed when its last lease ends.
/// </summary>
public sealed partial class LiveModels : IDisposable
{
    private readonly ModelRegistry _registry;
    private readonly Dictionary<string, IModelFamily> _families;
    private readonly TimeProvider _time;
    private readonly LiveModelsOptions _options;
    private readonly ILogger<LiveModels> _log;
    private readonly ConcurrentDictionary<(string Family, string Portfolio), Place> _places = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly Meter _meter = new(Telemetry.Name);

    /// <summary>Loads nothing yet.</summary>
    public LiveModels(ModelRegistry registry, IEnumerable<IModelFamily> families, TimeProvider time, LiveModelsOptions options, ILogger<LiveModels> log)
    {
        (_registry, _families, _time, _options, _log) = (registry, families.ToDictionary(f => f.Name), time, options, log);
        _meter.CreateObservableGauge("serverless.model.age", Ages, "s", "Since the model that answers was trained.");
    }

    /// <summary>Rents the live model; dispose the lease when the answer is made.</summary>
    /// <returns>Null when the portfolio has no live model.</returns>
    /// <exception cref="InvalidModelException">No model is loaded yet and the champion cannot be served.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async ValueTask<ModelLease<T>?> RentAsync<T>(string family, string portfolio, CancellationToken cancel)
        where T : class, IServedModel
    {
        ObjectDisposedException.ThrowIf(_stopped.IsCancellationRequested, this);
        var key = (family, portfolio);
        if (!_places.TryGetValue(key, out var place))
        {
            // Names come from outside: only a portfolio with a champion gets a place, and its first promotion is seen at once.
            if (await _registry.ChampionAsync(family, portfolio, cancel) is null) return null;
            place = _places.GetOrAdd(key, _ => new Place());
        }

        if (place.Current is null)
        {
            // Callers share one load, and one who gives up does not end it for the others.
            await Refreshing(key, place).WaitAsync(cancel);
        }
        else if (_time.GetElapsedTime(place.LookedAt) >= _options.CheckEvery)
        {
            _ = Refreshing(key, place);
        }

        while (place.Current is { } loaded)
        {
            if (loaded.TryRent()) return new ModelLease<T>((T)loaded.Model, loaded.Release);
            ObjectDisposedException.ThrowIf(_stopped.IsCancellationRequested, this);
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped.Cancel();
        _meter.Dispose();
        foreach (var place in _places.Values)
        {
            lock (place) place.Current?.Release();
        }

        _places.Clear();
    }

    private IEnumerable<Measurement<double>> Ages() => _places.Where(p => p.Value.Current is not null).Select(p => new Measurement<double>(
        (_time.GetUtcNow() - p.Value.Current!.Model.Bundle.Manifest.TrainedAt).TotalSeconds,
        new KeyValuePair<string, object?>("family", p.Key.Family),
        new KeyValuePair<string, object?>("portfolio", p.Key.Portfolio)));

    private Task Refreshing((string Family, string Portfolio) key, Place place)
    {
        lock (place)
        {
            if (place.Refresh is { IsCompleted: false }) return place.Refresh;
            place.LookedAt = _time.GetTimestamp();
            return place.Refresh = Task.Run(() => place.Current is null ? RefreshAsync(key, place) : RefreshInBackgroundAsync(key, place));
        }
    }

    private async Task RefreshInBackgroundAsync((string Family, string Portfolio) key, Place place)
    {
        try
        {
            await RefreshAsync(key, place);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // Disposed meanwhile: nobody waits for this model.
        }
        catch (Exception error)
        {
            // Wide, because nobody awaits a background look: it is told here, the present model stays, and the next look tries again.
            LogKept(key.Family, key.Portfolio, error);
        }
    }

    private async Task RefreshAsync((string Family, string Portfolio) key, Place place)
    {
        var champion = await _registry.ChampionAsync(key.Family, key.Portfolio, _stopped.Token);
        if (champion is null || champion.ETag == place.Seen) return;
        try
        {
            // The pointer may be rewritten with the version that is loaded, as after a rollback and back.
            if (place.Current?.Model.Bundle.Version != champion.Version)
                Swap(place, await LoadAsync(key.Family, key.Portfolio, champion.Version));
            place.Seen = champion.ETag;
            LogLive(key.Family, key.Portfolio, champion.Version);
        }
        catch (InvalidModelException error) when (place.Current is { } present)
        {
            // Trying the same bytes again would fail again; a new pointer is tried. Warned once for that reason.
            place.Seen = champion.ETag;
            LogInvalid(key.Family, key.Portfolio, champion.Version, present.Model.Bundle.Version, error);
        }
    }

    private async Task<Loaded> LoadAsync(string family, string portfolio, string version)
    {
        var bundle = await _registry.OpenAsync(family, portfolio, version, _stopped.Token);
        var model = _families[family].Load(bundle);
        try
        {
            model.SelfTest();
            return new Loaded(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private void Swap(Place place, Loaded next)
    {
        Loaded? old = next;
        lock (place)
        {
            if (!_stopped.IsCancellationRequested) (old, place.Current) = (place.Current, next);
        }

        old?.Release();
    }

    [LoggerMessage(1, LogLevel.Information, "{Family}/{Portfolio} answers with version {Version}")]
    private partial void LogLive(string family, string portfolio, string version);

    [LoggerMessage(2, LogLevel.Warning, "{Family}/{Portfolio}: champion {Version} cannot be served, {Present} stays live; promote another version, or restore its files and start again")]
    private partial void LogInvalid(string family, string portfolio, string version, string present, Exception error);

    [LoggerMessage(3, LogLevel.Warning, "{Family}/{Portfolio}: the champion could not be looked at, the present model stays live and the next look tries again")]
    private partial void LogKept(string family, string portfolio, Exception error);

    private sealed class Place
    {
        private volatile Loaded? _current;
        private long _lookedAt;

        public Loaded? Current { get => _current; set => _current = value; }

        public long LookedAt { get => Volatile.Read(ref _lookedAt); set => Volatile.Write(ref _lookedAt, value); }

        public ETag? Seen { get; set; }

        public Task? Refresh { get; set; }
    }

    /// <summary>A loaded model with its leases; the place it stands in holds one.</summary>
    private sealed class Loaded(IServedModel model)
    {
        private int _leases = 1;

        public IServedModel Model => model;

        public bool TryRent()
        {
            for (var leases = Volatile.Read(ref _leases); leases > 0;)
            {
                var seen = Interlocked.CompareExchange(ref _leases, leases + 1, leases);
                if (seen == leases) return true;
                leases = seen;
            }

            return false;
        }

        public void Release()
        {
            if (Interlocked.Decrement(ref _leases) == 0) model.Dispose();
        }
    }
}

/// <summary>Settings of <see cref="LiveModels"/>.</summary>
public sealed record LiveModelsOptions
{
    /// <summary>How old the last look at the champion pointer may be before the next rent makes a new one, in the background.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(5);
}
