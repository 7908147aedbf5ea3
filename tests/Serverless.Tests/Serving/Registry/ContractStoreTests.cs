using System.Text;
using Serverless.Serving;

namespace Serverless.Tests.Serving.Registry;

public class ContractStoreTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ContractStore _contracts = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var account = await azurite.NewAccountAsync();
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

    private Task<Outcome<DataContract>> ActivateAsync(string json) => _contracts.ActivateAsync(Encoding.UTF8.GetBytes(json), Cancel);
}
