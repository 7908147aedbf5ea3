using System.Text;
using Azure.Storage.Blobs;
using Serverless.Serving;
using Serverless.Tests.Faults;

namespace Serverless.Tests.Serving.Registry;

public class ContractStoreTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ContractStore _contracts = null!;
    private string _connection = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(_connection);
        await account.PrepareAsync(Cancel);
        _contracts = new(account, [new ConstantFamily()]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Activated_contract_is_the_active_one_until_the_next()
    {
        Assert.Null(await _contracts.ActiveAsync("constant", "demo", Cancel));
        Assert.IsType<Outcome<DataContract>.Done>(await ActivateAsync("""{"family": "constant", "portfolio": "demo", "version": "1"}"""));
        Assert.Equal("1", (await _contracts.ActiveAsync("constant", "demo", Cancel))!.Version);
        await ActivateAsync("""{"family": "constant", "portfolio": "demo", "version": "2"}""");
        Assert.Equal("2", (await _contracts.ActiveAsync("constant", "demo", Cancel))!.Version);

        // Back to a stored version: the same content in another layout.
        Assert.IsType<Outcome<DataContract>.Done>(await ActivateAsync("""{"version": "1",   "portfolio": "demo", "family": "constant"}"""));
        Assert.Equal("1", (await _contracts.ActiveAsync("constant", "demo", Cancel))!.Version);
    }

    [Fact]
    public async Task Stored_version_with_other_content_is_a_conflict_and_stays_inactive()
    {
        await ActivateAsync("""{"family": "constant", "portfolio": "demo", "version": "1"}""");
        var rejected = Assert.IsType<Outcome<DataContract>.Rejected>(await ActivateAsync("""{"family": "constant", "portfolio": "demo", "version": "1", "gate": {"minRows": 7}}"""));
        Assert.Equal(Rejection.Conflict, rejected.Kind);
        Assert.Equal(["Contract version '1' of 'constant/demo' is stored with other content: give this one a new version and activate it again."], rejected.Reasons);
        Assert.Equal(100, (await _contracts.ActiveAsync("constant", "demo", Cancel))!.Gate.MinRows);
    }

    [Fact]
    public async Task Versions_are_listed_with_who_made_one_active()
    {
        Assert.Empty(await _contracts.ListAsync("constant", "demo", Cancel));
        await ActivateAsync("""{"family": "constant", "portfolio": "demo", "version": "1"}""");
        var activation = new Activation("officer", new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero));
        await _contracts.ActivateAsync("""{"$schema": "x.json", "family": "constant", "portfolio": "demo", "version": "2"}"""u8.ToArray(), activation, Cancel);
        Assert.Equal([("1", false, null), ("2", true, activation)], (await _contracts.ListAsync("constant", "demo", Cancel)).Select(l => (l.Version, l.Active, l.Activation)));

        // The place of the schema is no part of a version; back without a name, nobody is told.
        Assert.IsType<Outcome<DataContract>.Done>(await ActivateAsync("""{"family": "constant", "portfolio": "demo", "version": "2"}"""));
        Assert.Null((await _contracts.ListAsync("constant", "demo", Cancel))[1].Activation);

        Assert.Contains("\"1\"", Encoding.UTF8.GetString((await _contracts.FindAsync("constant", "demo", "1", Cancel))!.Value.Span), StringComparison.Ordinal);
        Assert.Contains("\"2\"", Encoding.UTF8.GetString((await _contracts.FindAsync("constant", "demo", null, Cancel))!.Value.Span), StringComparison.Ordinal);
        Assert.Null(await _contracts.FindAsync("constant", "demo", "none", Cancel));
        Assert.Null(await _contracts.FindAsync("constant", "other", null, Cancel));
    }

    [Fact]
    public async Task Every_activation_stays_known_and_one_that_ends_approval_says_so()
    {
        var day = new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);
        Assert.Empty(await _contracts.HistoryAsync("constant", "demo", Cancel));
        await ActivateAsync("1", approval: true, new("ann", day));
        var ended = await ActivateAsync("2", approval: false, new("eve", day.AddMilliseconds(1)));
        Assert.Equal((true, "1"), (ended.Active.EndsApproval, ended.Active.Replaced));
        Assert.False((await ActivateAsync("1", approval: true, new("eve", day.AddMilliseconds(2)))).Active.EndsApproval);
        Assert.Equal(
            [("1", "eve", "2", false), ("2", "eve", "1", true), ("1", "ann", null, false)],
            (await _contracts.HistoryAsync("constant", "demo", Cancel)).Select(a => (a.Version, a.Activation!.Actor, a.Replaced, a.EndsApproval)));
        Assert.Equal(["1", "2"], (await _contracts.ListAsync("constant", "demo", Cancel)).Select(l => l.Version));

        // A pointer that somebody damaged is kept as it was, and replaced.
        await Pointer.UploadAsync(BinaryData.FromString("{"), overwrite: true, Cancel);
        await Assert.ThrowsAsync<InvalidDataException>(() => _contracts.HistoryAsync("constant", "demo", Cancel));
        await ActivateAsync("2", approval: false, new("ann", day.AddYears(10)));
        Assert.Equal(["2", "?", "2", "1"], (await _contracts.HistoryAsync("constant", "demo", Cancel)).Select(a => a.Version));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_activations_at_the_same_time_the_first_wins_and_the_other_is_told(bool nothingBefore)
    {
        if (!nothingBefore) await ActivateAsync("1", approval: true, null);
        var overtaken = false;
        var faults = new StorageFaults
        {
            Calling = call =>
            {
                if (overtaken || call is not { Method: "PUT", Resource: "blob:contracts/constant/demo/active.json" }) return;
                overtaken = true;
                ActivateAsync("2", approval: true, new("ann", DateTimeOffset.UnixEpoch)).GetAwaiter().GetResult();
            },
        };
        var late = await new ContractStore(faults.Open(_connection), [new ConstantFamily()]).ActivateAsync(Contract("3", approval: false), null, Cancel);
        var refused = Assert.IsType<Outcome<ActivatedContract>.Rejected>(late);
        Assert.Equal((Rejection.Conflict, "Somebody activated another contract of 'constant/demo' at the same time, so this was not done: look at 'serverless contract list constant demo' and decide again."), (refused.Kind, refused.Reasons.Single()));
        Assert.Equal("2", (await _contracts.ActiveAsync("constant", "demo", Cancel))!.Version);
        string[] activated = nothingBefore ? ["2"] : ["2", "1"];
        Assert.Equal(activated, (await _contracts.HistoryAsync("constant", "demo", Cancel)).Select(a => a.Version));
    }

    [Fact]
    public async Task Activation_that_crashed_or_whose_answer_was_lost_is_told_once()
    {
        await ActivateAsync("1", approval: true, null);
        var crash = new StorageFaults();
        crash.Inject(Fault.CrashBefore, matching: call => call is { Method: "PUT", Resource: "blob:contracts/constant/demo/active.json" });
        await Assert.ThrowsAnyAsync<Exception>(() => new ContractStore(crash.Open(_connection), [new ConstantFamily()]).ActivateAsync(Contract("2", approval: true), Cancel));
        Assert.Equal("1", Assert.Single(await _contracts.HistoryAsync("constant", "demo", Cancel)).Version);

        var lost = new StorageFaults();
        lost.Inject(Fault.Cut, matching: call => call is { Method: "PUT", Resource: "blob:contracts/constant/demo/active.json" });
        Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(lost.Open(_connection), [new ConstantFamily()]).ActivateAsync(Contract("2", approval: true), Cancel));
        Assert.Equal((1, "2,1"), (lost.Hits, string.Join(',', (await _contracts.HistoryAsync("constant", "demo", Cancel)).Select(a => a.Version))));
    }

    [Theory]
    [InlineData("[]", "family must be one of 'constant'.")]
    [InlineData("""{"family": "other"}""", "family must be one of 'constant'.")]
    [InlineData("""{"family": "constant", "portfolio": "demo", "version": "1", "gate": {"minRows": -1}}""", "minRows must be 0 or more.")]
    [InlineData("""{"family": "constant", "portfolio": "demo", "version": "active"}""", "version must not be 'active', which names the pointer.")]
    [InlineData(
        """{"family": "constant", "portfolio": "../x", "version": "a/b"}""",
        "portfolio must be 1 to 50 lower-case letters, digits and hyphens, a letter or digit first.",
        "version must be 1 to 50 letters, digits, hyphens and dots, a letter or digit first.")]
    public async Task Bad_contract_is_rejected_with_its_faults(string json, params string[] reasons) =>
        Assert.Equal(reasons, Assert.IsType<Outcome<DataContract>.Rejected>(await ActivateAsync(json)).Reasons);

    [Fact]
    public async Task Text_that_is_no_json_is_rejected() =>
        Assert.StartsWith("The contract is not JSON: ", Assert.IsType<Outcome<DataContract>.Rejected>(await ActivateAsync("{")).Reasons.Single(), StringComparison.Ordinal);

    [Fact]
    public void Missing_contract_is_told_with_the_commands_that_make_one() => Assert.Equal(
        "Portfolio 'consumer' of family 'credit' has no active contract: write one with 'serverless contract infer FILE --target COLUMN --portfolio consumer --out consumer.json', "
        + "read it, activate it with 'serverless contract activate consumer.json', and drop the file again.",
        ContractStore.HowToActivate("credit", "consumer"));

    private BlobClient Pointer => StorageAccount.Open(_connection).Blobs.GetBlobContainerClient("contracts").GetBlobClient("constant/demo/active.json");

    private static byte[] Contract(string version, bool approval) => Json.File(ConstantFamily.Contract with { Version = version, Gate = new() { Approval = approval } });

    private async Task<ActivatedContract> ActivateAsync(string version, bool approval, Activation? activation) =>
        Assert.IsType<Outcome<ActivatedContract>.Done>(await _contracts.ActivateAsync(Contract(version, approval), activation, Cancel)).Value;

    private Task<Outcome<DataContract>> ActivateAsync(string json) => _contracts.ActivateAsync(Encoding.UTF8.GetBytes(json), Cancel);
}
