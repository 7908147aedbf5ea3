using Serverless.Serving;

namespace Serverless.Training;

/// <summary>
/// What people do to the live version of a portfolio. Whatever goes live, or is proposed to, is opened and answers its golden inputs
/// first. Of two changes at once the first wins and the other is told.
/// </summary>
public sealed class ModelChanges(ModelRegistry registry, ContractStore contracts, IEnumerable<IModelFamily> families, TimeProvider time)
{
    /// <summary>What a change does in the storage.</summary>
    public static IReadOnlyList<StorageNeed> Needs { get; } = [new("contracts", StorageAccess.Read), new("models", StorageAccess.Write)];

    private readonly Dictionary<string, IModelFamily> _families = families.ToDictionary(f => f.Name);

    /// <summary>Makes a version live; only proposes it where the contract asks for approval.</summary>
    public Task<Outcome<ModelChange>> PromoteAsync(ChangeRequest request, string version, CancellationToken cancel) =>
        MakeLiveAsync(request, version, StateChangeKind.Promote, state => ChangeRules.Target(state, request, version), cancel);

    /// <summary>Makes an earlier version live again and pauses promotion; only proposes it where the contract asks for approval.</summary>
    /// <param name="request">Who, where and why.</param>
    /// <param name="to">The version; null for the one that was live before.</param>
    /// <param name="cancel">Stops it.</param>
    public Task<Outcome<ModelChange>> RollbackAsync(ChangeRequest request, string? to, CancellationToken cancel) =>
        MakeLiveAsync(request with { NeedsReason = true }, to, StateChangeKind.Rollback, state => ChangeRules.Earlier(state, request, to), cancel);

    /// <summary>Lets what was proposed go live; somebody else than the proposer has to.</summary>
    public Task<Outcome<ModelChange>> ApproveAsync(ChangeRequest request, string version, CancellationToken cancel) => RunAsync(
        request, version, state => ChangeRules.Approvable(state, request, version), StateChangeKind.Approve,
        async (state, change, target) => (await TestAsync(request, target, reasoned: true, cancel)).Then<PortfolioState>(_ => state.Approved(change)), cancel);

    /// <summary>Drops what was proposed.</summary>
    public Task<Outcome<ModelChange>> RejectAsync(ChangeRequest request, string version, CancellationToken cancel) => RunAsync(
        request, version, state => ChangeRules.Droppable(state, request, version), StateChangeKind.Reject, Plain((state, change) => state.Rejected(change)), cancel);

    /// <summary>Keeps the live version: promotion is paused until it is released.</summary>
    /// <param name="request">Who, where and why.</param>
    /// <param name="version">The version that must be live; null for whichever is.</param>
    /// <param name="cancel">Stops it.</param>
    public Task<Outcome<ModelChange>> PinAsync(ChangeRequest request, string? version, CancellationToken cancel) => RunAsync(
        request with { NeedsReason = true }, version, state => ChangeRules.Pinnable(state, request, version), StateChangeKind.Pin, Plain((state, change) => state.Pinned(change)), cancel);

    /// <summary>Ends the pause of promotion.</summary>
    public Task<Outcome<ModelChange>> ReleaseAsync(ChangeRequest request, CancellationToken cancel) => RunAsync(
        request, null, state => ChangeRules.Releasable(state, request), StateChangeKind.Release, Plain((state, change) => state.Released(change)), cancel);

    private static Next Plain(Func<PortfolioState, StateChange, PortfolioState> next) => (state, change, _) => Task.FromResult<Outcome<PortfolioState>>(next(state, change));

    private Task<Outcome<ModelChange>> MakeLiveAsync(
        ChangeRequest request, string? named, StateChangeKind kind, Func<PortfolioState, Outcome<string>> decide, CancellationToken cancel) => RunAsync(
        request, named, decide, kind,
        async (state, change, target) => (await TestAsync(request, target, request.Reason is not null, cancel)).Then<PortfolioState>(approval => approval
            ? state.Proposed(target, kind, change with { Kind = StateChangeKind.Propose })
            : state.Live(target, change)),
        cancel);

    /// <param name="request">Who, where and why.</param>
    /// <param name="named">The version that was named, if one was.</param>
    /// <param name="decide">The version that it is about; or why it cannot be.</param>
    /// <param name="kind">What is done.</param>
    /// <param name="next">The next state.</param>
    /// <param name="cancel">Stops it.</param>
    private async Task<Outcome<ModelChange>> RunAsync(
        ChangeRequest request, string? named, Func<PortfolioState, Outcome<string>> decide, StateChangeKind kind, Next next, CancellationToken cancel)
    {
        var (family, portfolio) = (request.Family, request.Portfolio);
        if (request.Faults(named, _families.Keys).ToList() is { Count: > 0 } faults) return Outcome<ModelChange>.Reject(faults);
        var state = await registry.StateAsync(family, portfolio, cancel);
        var decided = decide(state);
        if (decided is not Outcome<string>.Done { Value: var target }) return decided.Pass<ModelChange>();
        var stepped = await next(state, new(kind, request.Actor, time.GetUtcNow(), request.Reason), target);
        if (stepped is not Outcome<PortfolioState>.Done { Value: var to }) return stepped.Pass<ModelChange>();
        return await registry.SwitchAsync(family, portfolio, state, to, cancel) is { } now
            ? new ModelChange(now, Waits: now.Last?.Kind == StateChangeKind.Propose)
            : Outcome<ModelChange>.Reject(Rejection.Conflict, $"Somebody changed {family}/{portfolio} at the same time, so this was not done: look at 'serverless models show {family} {portfolio}' and decide again.");
    }

    /// <returns>Whether the contract asks for approval by a second person; rejected when the version cannot go live.</returns>
    private async Task<Outcome<bool>> TestAsync(ChangeRequest request, string version, bool reasoned, CancellationToken cancel)
    {
        var (family, portfolio) = (request.Family, request.Portfolio);
        if (!await registry.HasAsync(family, portfolio, version, cancel))
            return Outcome<bool>.Reject(Rejection.Missing, $"The registry has no version {version} of {family}/{portfolio}: see 'serverless models list' for what it has.");
        try
        {
            var bundle = await registry.OpenAsync(family, portfolio, version, cancel);
            using var model = _families[family].Load(bundle);
            model.SelfTest();
            if (bundle.Manifest.Gate is { Decision: GateDecision.Keep or GateDecision.NotEnoughEvidence } gate && !reasoned)
                return Outcome<bool>.Reject(Rejection.Conflict, $"Version {version} did not pass the gate ({string.Join(' ', Gate.Reasons(gate)).TrimEnd('.')}): give a reason (--reason) to make it live nevertheless.");
            // A version that was imported brings the rule of where it comes from along.
            var brought = bundle.Served.TryGetValue("contract.json", out var json) && _families[family].ReadContract(json.Span) is Outcome<DataContract>.Done { Value.Gate.Approval: true };
            return brought || ((await contracts.ActiveAsync(family, portfolio, cancel))?.Gate.Approval ?? false);
        }
        catch (InvalidModelException error)
        {
            return Outcome<bool>.Reject(Rejection.Conflict, $"Version {version} cannot be served, so nothing was changed: {error.Message}");
        }
        catch (InvalidDataException error)
        {
            return Outcome<bool>.Reject(Rejection.Conflict, error.Message); // the active contract tells whether a second person must approve
        }
    }

    private delegate Task<Outcome<PortfolioState>> Next(PortfolioState state, StateChange change, string target);
}

/// <summary>A change of a portfolio that was made.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Waits">Whether it only waits for approval now.</param>
public sealed record ModelChange(PortfolioState State, bool Waits);

/// <summary>Who asks for a change, where and why.</summary>
/// <param name="Family">Family.</param>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why; null where none was given.</param>
public sealed record ChangeRequest(string Family, string Portfolio, string Actor, string? Reason)
{
    /// <summary>Whether it is not done without a reason.</summary>
    internal bool NeedsReason { get; init; }

    /// <summary>Everything that is wrong in itself.</summary>
    internal IEnumerable<string> Faults(string? version, IReadOnlyCollection<string> families)
    {
        if (!families.Contains(Family)) yield return $"family must be one of {string.Join(", ", families.Order(StringComparer.Ordinal).Select(f => $"'{f}'"))}.";
        if (!Names.Portfolio.Allows(Portfolio)) yield return Names.Portfolio.Fault;
        if (version is not null && !Names.ModelVersion.Allows(version)) yield return Names.ModelVersion.Fault;
        if (!Names.Actor.Allows(Actor)) yield return Names.Actor.Fault;
        else if (Actor.Equals(Promotion.Actor, StringComparison.OrdinalIgnoreCase)) yield return $"actor must be a person: '{Promotion.Actor}' is the program's own name.";
        if (Reason is not null ? !Names.Reason.Allows(Reason) : NeedsReason) yield return Names.Reason.Fault;
    }
}
