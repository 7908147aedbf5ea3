using System.Text.Json.Serialization;
using Azure;

namespace Serverless.Serving;

/// <summary>
/// Which version of a portfolio is live, what waits for approval and whether promotion is paused: <c>champion.json</c>, whose changes are
/// compare-and-swap. Each change is a pure function of the state before it.
/// </summary>
public sealed record PortfolioState
{
    /// <summary>The version that answers; absent when none was made live yet.</summary>
    public string? Version { get; init; }

    /// <summary>Since when, UTC.</summary>
    public DateTimeOffset? PromotedAt { get; init; }

    /// <summary>Who made it live, or proposed it where another approved.</summary>
    public string? Actor { get; init; }

    /// <summary>Who approved it; absent where nobody had to.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Why, as its actor said.</summary>
    public string? Reason { get; init; }

    /// <summary>The version that was live before, if there was one.</summary>
    public string? Previous { get; init; }

    /// <summary>A version that goes live when another person approves it.</summary>
    public Proposal? Proposal { get; init; }

    /// <summary>Set while retraining makes nothing live by itself.</summary>
    public Pause? Pause { get; init; }

    /// <summary>The change that made this state; absent in files of older programs.</summary>
    public StateChange? Last { get; init; }

    /// <summary>How many changes came before; 0 in files of older programs.</summary>
    public int Revision { get; init; }

    /// <summary>Of the file when it was read; null when there was none.</summary>
    [JsonIgnore]
    public ETag? ETag { get; init; }

    /// <summary>The live version; null when there is none.</summary>
    [JsonIgnore]
    public Champion? Champion => Version is null ? null : new(Version, PromotedAt ?? default, Actor ?? "", ETag ?? default) { Previous = Previous };

    /// <summary>When this state was made.</summary>
    [JsonIgnore]
    public DateTimeOffset? At => Last?.At ?? PromotedAt;

    /// <summary>A version goes live.</summary>
    /// <param name="version">The version.</param>
    /// <param name="change">Who does it, when and why. A rollback also pauses promotion.</param>
    /// <param name="approvedBy">Who approved it, where somebody did.</param>
    public PortfolioState Live(string version, StateChange change, string? approvedBy = null) => Next(change, version) with
    {
        Version = version,
        PromotedAt = change.At,
        Actor = change.By,
        ApprovedBy = approvedBy,
        Reason = change.Reason,
        Previous = version == Version ? Previous : Version,
        Proposal = version == Proposal?.Version ? null : Proposal,
        Pause = change.Kind == StateChangeKind.Rollback ? new(change.By, change.At, change.Reason) : Pause,
    };

    /// <summary>A version waits for approval; an earlier proposal gives way.</summary>
    public PortfolioState Proposed(string version, StateChangeKind kind, StateChange change) =>
        Next(change, version) with { Proposal = new(version, change.By, change.At, kind, change.Reason) };

    /// <summary>The proposal goes live, as what it was proposed as.</summary>
    public PortfolioState Approved(StateChange change)
    {
        var proposal = Proposal ?? throw new InvalidOperationException("Nothing is proposed.");
        var live = Live(proposal.Version, new(proposal.Kind, proposal.By, change.At, proposal.Reason), change.By);
        return live with { Last = change with { Version = proposal.Version } };
    }

    /// <summary>The proposal is dropped.</summary>
    public PortfolioState Rejected(StateChange change) => Next(change, Proposal?.Version) with { Proposal = null };

    /// <summary>Retraining makes nothing live by itself from now on.</summary>
    public PortfolioState Pinned(StateChange change) => Next(change, Version) with { Pause = new(change.By, change.At, change.Reason) };

    /// <summary>Retraining makes live again what the gate passes.</summary>
    public PortfolioState Released(StateChange change) => Next(change, null) with { Pause = null };

    private PortfolioState Next(StateChange change, string? version) => this with { Last = change with { Version = version }, Revision = Revision + 1 };
}

/// <summary>A version that waits for a second person.</summary>
/// <param name="Version">The version.</param>
/// <param name="By">Who proposed it.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">What its approval does: <see cref="StateChangeKind.Promote"/> or <see cref="StateChangeKind.Rollback"/>.</param>
/// <param name="Reason">Why; absent where none was given.</param>
public sealed record Proposal(string Version, string By, DateTimeOffset At, StateChangeKind Kind, string? Reason = null);

/// <summary>Automatic promotion is paused.</summary>
/// <param name="By">By whom.</param>
/// <param name="At">Since when, UTC.</param>
/// <param name="Reason">Why.</param>
public sealed record Pause(string By, DateTimeOffset At, string? Reason = null);

/// <summary>A change of a portfolio's state.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="By">Who did it.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">Why; absent where none was given.</param>
public sealed record StateChange(StateChangeKind Kind, string By, DateTimeOffset At, string? Reason = null)
{
    /// <summary>The version that it was about; absent where none was, as for a release.</summary>
    public string? Version { get; init; }
}

/// <summary>What was done to a portfolio's state.</summary>
public enum StateChangeKind
{
    /// <summary>A version was made live.</summary>
    Promote,

    /// <summary>An earlier version was made live again, and promotion paused.</summary>
    Rollback,

    /// <summary>A version was proposed.</summary>
    Propose,

    /// <summary>A proposal was approved and is live.</summary>
    Approve,

    /// <summary>A proposal was dropped.</summary>
    Reject,

    /// <summary>Promotion was paused.</summary>
    Pin,

    /// <summary>Promotion was released.</summary>
    Release,
}
