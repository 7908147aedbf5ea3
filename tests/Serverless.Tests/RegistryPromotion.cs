using Serverless.Serving;

namespace Serverless.Tests;

/// <summary>A version made live against a known champion, as tests arrange it.</summary>
internal static class RegistryPromotion
{
    /// <returns>False when another change came first.</returns>
    public static async Task<bool> PromoteAsync(
        this ModelRegistry registry, string family, string portfolio, string version, Champion? expected, string actor, DateTimeOffset now, CancellationToken cancel)
    {
        var state = await registry.StateAsync(family, portfolio, cancel);
        return state.Champion == expected
            && await registry.SwitchAsync(family, portfolio, state, state.Live(version, new(StateChangeKind.Promote, actor, now)), cancel) is not null;
    }
}
