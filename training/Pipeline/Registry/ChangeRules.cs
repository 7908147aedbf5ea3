using Serverless.Serving;

namespace Serverless.Training;

/// <summary>Whether a change that a person asks for can be made on a state: pure functions, each of which gives the version that it is about or says why not.</summary>
internal static class ChangeRules
{
    /// <summary>A version that is to go live.</summary>
    public static Outcome<string> Target(PortfolioState state, ChangeRequest of, string version) => state.Version == version
        ? No($"Version {version} of {of.Family}/{of.Portfolio} is live already.")
        : version;

    /// <summary>A version that is to go live again; the one before the live one where none is named.</summary>
    public static Outcome<string> Earlier(PortfolioState state, ChangeRequest of, string? to)
    {
        if ((to ?? state.Previous) is { } version) return Target(state, of, version);
        return No($"No version of {of.Family}/{of.Portfolio} was live before: name one of 'serverless models list' (--to).");
    }

    /// <summary>The actor of callers of whom nothing is known but that they have a key.</summary>
    public const string SharedKey = "functions-key";

    /// <summary>The proposal, for somebody who may approve it.</summary>
    public static Outcome<string> Approvable(PortfolioState state, ChangeRequest of, string version) => Droppable(state, of, version).Then<string>(proposed =>
        of.Actor == SharedKey || state.Proposal!.By == SharedKey
            ? No("Whoever has a key may be anybody, also the one who proposed or approves: propose and approve signed in, or on the command line with --actor.")
            : string.Equals(state.Proposal!.By.Trim(), of.Actor.Trim(), StringComparison.OrdinalIgnoreCase)
            ? No($"'{of.Actor}' proposed version {version}: somebody else has to approve it.")
            : proposed);

    /// <summary>The proposal.</summary>
    public static Outcome<string> Droppable(PortfolioState state, ChangeRequest of, string version) => state.Proposal switch
    {
        null => No($"No version of {of.Family}/{of.Portfolio} waits for approval."),
        { } other when other.Version != version => No($"Version {other.Version} of {of.Family}/{of.Portfolio} waits for approval, not {version}."),
        _ => version,
    };

    /// <summary>The live version.</summary>
    public static Outcome<string> Pinnable(PortfolioState state, ChangeRequest of, string? version)
    {
        if (state.Version is not { } live) return No($"No version of {of.Family}/{of.Portfolio} is live: make one live first ('serverless models promote').");
        return (version ?? live) == live ? live : No($"Version {live} of {of.Family}/{of.Portfolio} is live, not {version}: make that live first ('serverless models promote'), then pin it.");
    }

    /// <summary>Nothing, where promotion is paused.</summary>
    public static Outcome<string> Releasable(PortfolioState state, ChangeRequest of) => state.Pause is null
        ? No($"Promotion of {of.Family}/{of.Portfolio} is not paused.")
        : "";

    /// <summary>The version goes live, or waits where one person is not enough.</summary>
    public static PortfolioState MakeLive(PortfolioState state, string version, StateChangeKind kind, StateChange change, bool alone) =>
        alone ? state.Live(version, change) : state.Proposed(version, kind, change with { Kind = StateChangeKind.Propose });

    private static Outcome<string> No(string why) => Outcome<string>.Reject(Rejection.Conflict, why);
}
