namespace Serverless.Serving.Decisions;

/// <summary>The applications with their decisions: container <c>applications</c>, <c>{portfolio}/{applicationId}.json</c>, each written once.</summary>
public sealed class ApplicationStore(StorageAccount account)
{
    /// <summary>Reads an application; null when there is none.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public Task<ApplicationRecord?> FindAsync(string portfolio, string applicationId, CancellationToken cancel) => throw new NotImplementedException(account.ToString());

    /// <summary>Stores an application if it is not there yet.</summary>
    /// <returns>False when it is there already, whatever its content.</returns>
    public Task<bool> CreateAsync(ApplicationRecord application, CancellationToken cancel) => throw new NotImplementedException();
}
