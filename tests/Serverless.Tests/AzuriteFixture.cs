using Serverless.Functions.Embedded;
using Serverless.Serving;

[assembly: AssemblyFixture(typeof(Serverless.Tests.AzuriteFixture))]

namespace Serverless.Tests;

/// <summary>
/// One Azurite for the whole run, in memory, started when the first test asks. Names of containers and queues are fixed, so every
/// test that needs storage takes an account of its own: isolation for free, and tests run in parallel.
/// </summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private readonly string[] _accounts = [.. Enumerable.Range(1, 900).Select(i => $"account{i:000}")];
    private readonly Lazy<Task<AzuriteProcess>> _azurite;
    private int _taken;

    public AzuriteFixture() => _azurite = new(() =>
        AzuriteProcess.StartAsync(AzuriteInstall.FindRepository(), data: null, _accounts, Console.Error.WriteLine, CancellationToken.None));

    /// <summary>Connection string of an account that nobody used before.</summary>
    public async Task<string> NewConnectionAsync()
    {
        var azurite = await _azurite.Value;
        var next = Interlocked.Increment(ref _taken) - 1;
        return next < _accounts.Length ? azurite.ConnectionString(_accounts[next])
            : throw new InvalidOperationException($"More than {_accounts.Length} accounts were asked for: raise their number (one environment variable holds all of them and their keys, so up to 1,300 fit).");
    }

    /// <summary>An account that nobody used before.</summary>
    public async Task<StorageAccount> NewAccountAsync() => StorageAccount.Open(await NewConnectionAsync());

    public async ValueTask DisposeAsync()
    {
        if (_azurite.IsValueCreated) await (await _azurite.Value).DisposeAsync();
    }
}
