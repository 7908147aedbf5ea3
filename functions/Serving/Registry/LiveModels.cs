using Microsoft.Extensions.Logging;

namespace Serverless.Serving;

/// <summary>The models that answer, loaded once and reloaded while they answer.</summary>
public sealed class LiveModels(ModelRegistry registry, IEnumerable<IModelFamily> families, TimeProvider time, LiveModelsOptions options, ILogger<LiveModels> log) : IDisposable
{
    /// <summary>Rents the live model; dispose the lease when the answer is made.</summary>
    /// <returns>Null when the portfolio has no live model.</returns>
    /// <exception cref="InvalidModelException">No model is loaded yet and the champion cannot be served.</exception>
    public ValueTask<ModelLease<T>?> RentAsync<T>(string family, string portfolio, CancellationToken cancel)
        where T : class, IServedModel => throw new NotImplementedException($"{registry}{families}{time}{options}{log}");

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>Settings of <see cref="LiveModels"/>.</summary>
public sealed record LiveModelsOptions
{
    /// <summary>How old the last look at the champion pointer may be before the next rent makes a new one, in the background.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>A model that stays loaded until the lease is disposed.</summary>
public sealed class ModelLease<T> : IDisposable
    where T : class, IServedModel
{
    private Action? _release;

    internal ModelLease(T model, Action release) => (Model, _release) = (model, release);

    /// <summary>The model; not to be used after the lease.</summary>
    public T Model { get; }

    /// <summary>Its version; belongs into every answer.</summary>
    public string Version => Model.Bundle.Version;

    /// <summary>Gives the model back.</summary>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
