namespace Serverless.Serving;

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
