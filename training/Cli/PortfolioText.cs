using System.Globalization;
using Serverless.Serving;

namespace Serverless.Cli;

/// <summary>A portfolio's state in words.</summary>
internal static class PortfolioText
{
    /// <summary>What is live, proposed and paused, a line each.</summary>
    public static IEnumerable<string> Of(PortfolioState state, string family, string portfolio)
    {
        yield return state.Version is null
            ? $"No version of {family}/{portfolio} is live."
            : string.Create(CultureInfo.InvariantCulture, $"Version {state.Version} of {family}/{portfolio} is live since {state.PromotedAt:u}, by {state.Actor}{(state.ApprovedBy is { } other ? $", approved by {other}" : "")}{Why(state.Reason)}.");
        if (state.Proposal is { } proposal)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Version {proposal.Version} waits for approval since {proposal.At:u}, proposed by {proposal.By}{Why(proposal.Reason)}:")
                + $" 'serverless models approve {family} {portfolio} {proposal.Version} --actor NAME'.";
        }

        if (state.Pause is { } pause)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Promotion is paused since {pause.At:u} by {pause.By}{Why(pause.Reason)}:")
                + $" 'serverless models release {family} {portfolio} --actor NAME' ends it.";
        }
    }

    /// <summary>The changes of a portfolio, latest first, a line each.</summary>
    public static IEnumerable<string> Of(IEnumerable<PortfolioState> states) => states.Select(Changed).Select(change => string.Create(
        CultureInfo.InvariantCulture, $"{change.At:u} {JsonName(change.Kind),-8} {change.Version ?? "",-16} {change.By}{Why(change.Reason)}"));

    /// <summary>The change that made a state; a state of an older program tells only its promotion.</summary>
    private static StateChange Changed(PortfolioState state) =>
        state.Last ?? new(StateChangeKind.Promote, state.Actor ?? "", state.PromotedAt ?? default, state.Reason) { Version = state.Version };

    private static string JsonName(StateChangeKind kind) => kind.ToString().ToLowerInvariant();

    private static string Why(string? reason) => reason is null ? "" : $" ({reason})";
}
