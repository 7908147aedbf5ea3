using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Serverless.Serving;

namespace Serverless.Functions.Http;

/// <summary>The one door of every HTTP function, in every host: key, then scope, then rate; a function runs only behind it.</summary>
internal sealed class Admission : IDisposable
{
    private const string KeyHeader = "x-functions-key", KeyParameter = "code";
    private const int BurstSeconds = 10;

    private readonly bool _entraId;
    private readonly byte[]? _key;
    private readonly PartitionedRateLimiter<(Function.OnHttp Function, string Caller)> _limiter;

    /// <summary>With the settings of the app.</summary>
    /// <param name="functions">Every function: settings may name only those.</param>
    /// <param name="configuration">Section <c>Http</c>, and what the platform says of its authentication.</param>
    /// <param name="key">The key that this host asks for; null where the Functions host in front has asked already.</param>
    /// <exception cref="SettingsException">A limit has no function, or is none.</exception>
    public Admission(IEnumerable<Function> functions, IConfiguration configuration, DevelopmentKey? key = null)
    {
        var settings = Settings.Read<HttpSettings>(configuration.GetSection("Http"), s => s.Faults([.. functions.OfType<Function.OnHttp>().Select(f => f.Name)]));
        _entraId = bool.TryParse(configuration["WEBSITE_AUTH_ENABLED"], out var on) && on;
        _key = key is null ? null : Encoding.UTF8.GetBytes(key.Value);
        _limiter = PartitionedRateLimiter.Create<(Function.OnHttp Function, string Caller), (string, string)>(request => RateLimitPartition.GetTokenBucketLimiter(
            (request.Function.Name, request.Caller),
            _ => Bucket(settings.RateLimits.GetValueOrDefault(request.Function.Name, request.Function.Rules.PerSecond))));
    }

    /// <summary>Runs the function, or says why not: 401, 403 or 429.</summary>
    public async Task<IResult> RunAsync(Function.OnHttp function, HttpContext http)
    {
        var rules = function.Rules;
        if (!rules.Anonymous && _key is not null && !CryptographicOperations.FixedTimeEquals(_key, Encoding.UTF8.GetBytes(GivenKey(http))))
            return Unknown(http, "FunctionKey", $"This needs the development host's key: send it as header {KeyHeader}; it lies in {DevelopmentKey.File} of the data folder.");
        var caller = _entraId ? Caller.Read(http.Request.Headers[Caller.Header]) : null;
        if (_entraId && !rules.Anonymous)
        {
            if (caller is null) return Unknown(http, "Bearer", "Sign in: send an access token of Entra ID for this app as 'Authorization: Bearer …'.");
            if (rules.Scope is { } scope && !caller.Scopes.Contains(scope))
                return new Problem(403, $"The caller lacks '{scope}': let an administrator grant that scope or app role to it.");
        }

        // Keys were checked here or by the host in front, so that nobody gets a bucket of his own by inventing one, nor by a second one behind a
        // valid one: the host checks the first, and forwards the two joined.
        var who = rules.Anonymous ? "" : caller?.Id ?? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(GivenKey(http).Split(',')[0].Trim())));
        using var lease = _limiter.AttemptAcquire((function, who));
        http.Features.Set(caller);
        if (lease.IsAcquired) return await function.RunAsync(http);
        http.Response.Headers.RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
            ? Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)
            : "1";
        return new Problem(429, "Too many requests of one caller: wait as the header Retry-After says, or let an operator raise the limit of this function (Http__RateLimits).");
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    private static Problem Unknown(HttpContext http, string scheme, string what)
    {
        http.Response.Headers.WWWAuthenticate = scheme;
        return new(401, what);
    }

    private static string GivenKey(HttpContext http) =>
        http.Request.Headers[KeyHeader].FirstOrDefault() ?? http.Request.Query[KeyParameter].FirstOrDefault() ?? "";

    private static TokenBucketRateLimiterOptions Bucket(int perSecond) => new()
    {
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        TokenLimit = perSecond * BurstSeconds,
    };
}

/// <summary>Settings of the HTTP API: section <c>Http</c>.</summary>
internal sealed record HttpSettings
{
    /// <summary>Requests of one caller a second and instance, by function; ten times as many may come at once.</summary>
    public IReadOnlyDictionary<string, int> RateLimits { get; init; } = new Dictionary<string, int>();

    /// <summary>Everything that is wrong, with what to do.</summary>
    public IEnumerable<string> Faults(IReadOnlyCollection<string> functions)
    {
        foreach (var (name, limit) in RateLimits)
        {
            if (!functions.Contains(name)) yield return $"Http:RateLimits:{name} names no function of the HTTP API: those are {string.Join(", ", functions)}.";
            if (limit is < 1 or > 100_000) yield return $"Http:RateLimits:{name} must be 1 to 100000 requests a second.";
        }
    }
}
