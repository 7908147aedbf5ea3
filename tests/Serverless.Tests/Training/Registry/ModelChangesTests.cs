using System.Text;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Tests.Training.Registry;

/// <summary>What people may do to the live version, and what retraining then does.</summary>
public class ModelChangesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Stranger = "0123456789abcdef";
    private readonly ConstantFamily _family = new();
    private readonly ManualTime _time = new();
    private StorageAccount _account = null!;
    private RetrainPath _path = null!;
    private ModelRegistry _registry = null!;
    private ModelChanges _changes = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewAccountAsync();
        await _account.PrepareAsync(Cancel);
        _path = new(_account, [_family], _time);
        (_registry, _changes) = (_path.Get<ModelRegistry>(), _path.Get<ModelChanges>());
        await ActivateAsync(1, approval: false);
    }

    public ValueTask DisposeAsync() => _path.DisposeAsync();

    [Fact]
    public async Task Rollback_brings_the_previous_version_back_and_pauses_retraining_until_it_is_released()
    {
        var (a, b) = (await PublishAsync(0.6), await PublishAsync(0.7));
        await DoneAsync(_changes.PromoteAsync(By("ann"), a, Cancel));
        await DoneAsync(_changes.PromoteAsync(By("ann"), b, Cancel));
        var state = await DoneAsync(_changes.RollbackAsync(By("ben", "odd scores"), null, Cancel));
        Assert.Equal((a, "ben", "odd scores", b), (state.Version, state.Actor, state.Reason, state.Previous));
        Assert.Equal(new Pause("ben", _time.GetUtcNow(), "odd scores"), state.Pause);

        var paused = await DropAsync("efgh", 0.9);
        Assert.Equal((RetrainResult.Paused, GateDecision.Paused), (paused.Result, paused.Gate!.Decision));
        Assert.Equal(
            [$"Promotion is paused by ben since {_time.GetUtcNow():u} (odd scores): the version passed every check, is stored and does not go live. Make it live with 'serverless models promote constant demo {paused.Version}', or end the pause with 'serverless models release constant demo'."],
            paused.Reasons);
        Assert.Equal(a, (await StateAsync()).Version);

        Assert.Null((await DoneAsync(_changes.ReleaseAsync(By("ben"), Cancel))).Pause);
        var promoted = await DropAsync("ijkl", 0.95, "constant/demo/may.csv");
        Assert.Equal((RetrainResult.Promoted, promoted.Version), (promoted.Result, (await StateAsync()).Version));

        // Who did what is kept, latest first.
        var history = (await _registry.HistoryAsync("constant", "demo", Cancel)).Select(s => (s.Last!.Kind, s.Last.Version, s.Last.By, s.Revision));
        Assert.Equal(
            [
                (StateChangeKind.Promote, promoted.Version, "retraining", 5), (StateChangeKind.Release, null, "ben", 4), (StateChangeKind.Rollback, a, "ben", 3),
                (StateChangeKind.Promote, b, "ann", 2), (StateChangeKind.Promote, a, "ann", 1),
            ],
            history);
    }

    [Fact]
    public async Task Version_that_passes_where_the_contract_asks_for_approval_waits_for_a_person_even_as_the_first()
    {
        await ActivateAsync(2, approval: true);
        var waits = await DropAsync("abcd", 0.7);
        Assert.Equal((RetrainResult.AwaitingApproval, GateDecision.AwaitApproval), (waits.Result, waits.Gate!.Decision));
        Assert.Equal([$"The version passed every check and waits for a person: 'serverless models approve constant demo {waits.Version}'."], waits.Reasons);
        Assert.Equal(new Proposal(waits.Version!, "retraining", _time.GetUtcNow(), StateChangeKind.Promote, "It passed every check of the gate."), (await StateAsync()).Proposal);
        Assert.Null(await _registry.ChampionAsync("constant", "demo", Cancel));
        using var models = new LiveModels(_registry, [_family], _time, new(), new KeptLog<LiveModels>());
        Assert.Null(await models.RentAsync<ConstantModel>("constant", "demo", Cancel));
        var listed = Assert.Single(await _registry.ListAsync(Cancel).ToListAsync(Cancel));
        Assert.Equal((false, true), (listed.Live, listed.Proposed));

        var state = await DoneAsync(_changes.ApproveAsync(By("ann"), waits.Version!, Cancel));
        Assert.Equal((waits.Version, "retraining", "ann", null), (state.Version, state.Actor, state.ApprovedBy, state.Proposal));
        using var lease = await models.RentAsync<ConstantModel>("constant", "demo", Cancel);
        Assert.Equal(waits.Version, lease!.Model.Bundle.Version);
    }

    [Fact]
    public async Task Change_of_one_person_is_a_proposal_that_another_approves_and_that_retraining_leaves_alone()
    {
        var (a, b) = (await PublishAsync(0.6), await PublishAsync(0.7));
        await DoneAsync(_changes.PromoteAsync(By("ann"), a, Cancel));
        await ActivateAsync(2, approval: true);
        var proposed = Assert.IsType<Outcome<ModelChange>.Done>(await _changes.PromoteAsync(By("ann"), b, Cancel)).Value;
        Assert.Equal((true, a, b), (proposed.Waits, proposed.State.Version, proposed.State.Proposal!.Version));

        var later = await DropAsync("efgh", 0.9);
        Assert.Equal(
            [$"The version passed every check and is stored. It is not proposed, because version {b}, proposed by ann, waits: settle that, then propose this one with 'serverless models promote constant demo {later.Version}'."],
            later.Reasons);
        Assert.Equal([$"'Ann' proposed version {b}: somebody else has to approve it."], await RefusedAsync(_changes.ApproveAsync(By("Ann"), b, Cancel)));
        Assert.Equal([$"Version {b} of constant/demo waits for approval, not {a}."], await RefusedAsync(_changes.ApproveAsync(By("ben"), a, Cancel)));
        var live = await DoneAsync(_changes.ApproveAsync(By("ben"), b, Cancel));
        Assert.Equal((b, "ann", "ben", a), (live.Version, live.Actor, live.ApprovedBy, live.Previous));

        // Back again takes two as well, and then pauses.
        var back = Assert.IsType<Outcome<ModelChange>.Done>(await _changes.RollbackAsync(By("ben", "odd scores"), null, Cancel)).Value;
        Assert.Equal((true, b, null), (back.Waits, back.State.Version, back.State.Pause));
        var rolled = await DoneAsync(_changes.ApproveAsync(By("ann"), a, Cancel));
        Assert.Equal((a, "ben", "odd scores"), (rolled.Version, rolled.Pause!.By, rolled.Pause.Reason));

        await _changes.PromoteAsync(By("ann"), b, Cancel);
        Assert.Null((await DoneAsync(_changes.RejectAsync(By("ben"), b, Cancel))).Proposal);
        Assert.Equal(["No version of constant/demo waits for approval."], await RefusedAsync(_changes.RejectAsync(By("ben"), b, Cancel)));
    }

    [Fact]
    public async Task Version_that_cannot_go_live_is_refused_and_nothing_changes()
    {
        var (good, broken, failed) = (await PublishAsync(0.7), await PublishAsync(-1), await PublishAsync(0.1, new(GateDecision.Keep, [new("skill floor", 0.1, 0.5, false)])));
        await DoneAsync(_changes.PromoteAsync(By("ann"), good, Cancel));
        var state = await StateAsync();
        Assert.Equal([$"The registry has no version {Stranger} of constant/demo: see 'serverless models list' for what it has."], await RefusedAsync(_changes.PromoteAsync(By("ann"), Stranger, Cancel), Rejection.Missing));
        Assert.Equal([$"Version {broken} cannot be served, so nothing was changed: Golden input 1 is answered otherwise than in training."], await RefusedAsync(_changes.PromoteAsync(By("ann"), broken, Cancel)));
        Assert.Equal(
            [$"Version {failed} did not pass the gate (skill floor: 0.1 is below 0.5): give a reason (--reason) to make it live nevertheless."], await RefusedAsync(_changes.PromoteAsync(By("ann"), failed, Cancel)));
        Assert.Equal([$"Version {good} of constant/demo is live already."], await RefusedAsync(_changes.PromoteAsync(By("ann"), good, Cancel)));
        Assert.Equal(["No version of constant/demo was live before: name one of 'serverless models list' (--to)."], await RefusedAsync(_changes.RollbackAsync(By("ann", "x"), null, Cancel)));
        Assert.Equal([$"Version {good} of constant/demo is live, not {failed}: make that live first ('serverless models promote'), then pin it."], await RefusedAsync(_changes.PinAsync(By("ann", "x"), failed, Cancel)));
        Assert.Equal(["Promotion of constant/demo is not paused."], await RefusedAsync(_changes.ReleaseAsync(By("ann"), Cancel)));
        Assert.Equal(
            ["family must be one of 'constant', 'credit', 'documents', 'market', 'reading', 'text'.", Names.Portfolio.Fault, Names.ModelVersion.Fault, "actor must be a person: 'retraining' is the program's own name.", "reason must be 1 to 500 characters in one line, no space first or last."],
            await RefusedAsync(_changes.RollbackAsync(new("x", "..", "Retraining", null), "y", Cancel), Rejection.Invalid));
        Assert.Equal(["actor must be 1 to 100 characters in one line, no space first or last."], await RefusedAsync(_changes.PromoteAsync(By("a\nb"), good, Cancel), Rejection.Invalid));
        Assert.Equal(state, await StateAsync());
        Assert.Equal(failed, (await DoneAsync(_changes.PromoteAsync(By("ann", "agreed with risk"), failed, Cancel))).Version);
    }

    [Fact]
    public async Task Of_two_people_at_once_one_wins_and_the_other_is_told()
    {
        var (a, b, c) = (await PublishAsync(0.6), await PublishAsync(0.7), await PublishAsync(0.8));
        await DoneAsync(_changes.PromoteAsync(By("ann"), a, Cancel));
        string? first = null;
        _family.Loading = () => first ??= SwitchedByBen();
        Assert.Equal(
            ["Somebody changed constant/demo at the same time, so this was not done: look at 'serverless models show constant demo' and decide again."], await RefusedAsync(_changes.PromoteAsync(By("ann"), b, Cancel)));
        Assert.Equal((c, "ben", a), ((await StateAsync()).Version, (await StateAsync()).Actor, (await StateAsync()).Previous));

        string SwitchedByBen()
        {
            first = c; // his own load is not the one that is waited for
            return DoneAsync(_changes.PromoteAsync(By("ben"), c, Cancel)).GetAwaiter().GetResult().Version!;
        }
    }

    [Fact]
    public async Task Pointer_that_is_pinned_while_retraining_compares_stays()
    {
        var first = (await DropAsync("abcd", 0.7)).Version;
        var pinned = false;
        _family.Comparing = () =>
        {
            if (!pinned) DoneAsync(_changes.PinAsync(By("ann", "audit"), first, Cancel)).GetAwaiter().GetResult();
            pinned = true;
        };
        Assert.Equal((RetrainResult.Paused, first), ((await DropAsync("efgh", 0.9, "constant/demo/april.csv")).Result, (await StateAsync()).Version));
    }

    [Fact]
    public async Task Pointer_of_an_older_program_is_kept_when_it_is_replaced()
    {
        var (a, b) = (await PublishAsync(0.6), await PublishAsync(0.7));
        var pointer = _account.Blobs.GetBlobContainerClient("models").GetBlobClient("constant/demo/champion.json");
        await pointer.UploadAsync(BinaryData.FromString($$"""{"version": "{{a}}", "promotedAt": "2025-11-24T12:31:00+00:00", "actor": "retraining"}"""), Cancel);
        await DoneAsync(_changes.PromoteAsync(By("ann"), b, Cancel));
        var kept = (await _registry.HistoryAsync("constant", "demo", Cancel))[^1];
        Assert.Equal((a, "retraining", 0, null), (kept.Version, kept.Actor, kept.Revision, kept.Last));
    }

    [Fact]
    public async Task Damaged_pointer_to_the_contract_says_what_to_do_instead_of_letting_one_person_decide()
    {
        var a = await PublishAsync(0.6);
        var active = _account.Blobs.GetBlobContainerClient("contracts").GetBlobClient("constant/demo/active.json");
        foreach (var damage in new[] { "", "{", "null", "[]", """{"version": "../1"}""", """{"version": 1}""" })
        {
            await active.UploadAsync(BinaryData.FromString(damage), overwrite: true, Cancel);
            Assert.Equal(
                ["'constant/demo/active.json' in container 'contracts' is damaged: it must name a version. Activate the contract again with 'serverless contract activate FILE'."],
                await RefusedAsync(_changes.PromoteAsync(By("ann"), a, Cancel)));
        }
    }

    private static ChangeRequest By(string actor, string? reason = null) => new("constant", "demo", actor, reason);

    private static async Task<PortfolioState> DoneAsync(Task<Outcome<ModelChange>> change)
    {
        var done = await change;
        Assert.True(done is Outcome<ModelChange>.Done { Value.Waits: false }, done is Outcome<ModelChange>.Rejected rejected ? string.Join(' ', rejected.Reasons) : "waits");
        return ((Outcome<ModelChange>.Done)done).Value.State;
    }

    private static async Task<IReadOnlyList<string>> RefusedAsync(Task<Outcome<ModelChange>> change, Rejection kind = Rejection.Conflict)
    {
        var rejected = Assert.IsType<Outcome<ModelChange>.Rejected>(await change);
        Assert.Equal(kind, rejected.Kind);
        return rejected.Reasons;
    }

    private Task<PortfolioState> StateAsync() => _registry.StateAsync("constant", "demo", Cancel);

    private async Task ActivateAsync(int version, bool approval)
    {
        var json = $$$"""{"family": "constant", "portfolio": "demo", "version": "{{{version}}}", "gate": {"floors": {"skill": 0.5}, "minRows": 2, "minRare": 1, "approval": {{{(approval ? "true" : "false")}}}}}""";
        Assert.IsType<Outcome<DataContract>.Done>(await _path.Get<ContractStore>().ActivateAsync(Encoding.UTF8.GetBytes(json), Cancel));
    }

    private async Task<string> PublishAsync(double skill, GateVerdict? gate = null)
    {
        var plain = ConstantFamily.Bundle(skill);
        var bundle = plain.With(plain.Manifest with { Gate = gate }, new Dictionary<string, byte[]> { ["trained-rows.bin"] = new RowKeys([]).ToBytes() });
        await _registry.PublishAsync(bundle, Cancel);
        return bundle.Version;
    }

    private async Task<RetrainOutcome> DropAsync(string ids, double skill, string name = "constant/demo/march.csv")
    {
        await _account.Blobs.GetBlobContainerClient("drops").GetBlobClient(name).UploadAsync(BinaryData.FromString(ConstantFamily.Csv(ids, skill)), overwrite: true, Cancel);
        return await _path.RunAsync(name);
    }
}
