using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Tests.Serving.Credit;
using Serverless.Tests.Serving.Registry;

namespace Serverless.Tests.Functions;

/// <summary>POST models/{family}/{portfolio}/promote, rollback and approve, by whoever calls.</summary>
public class ModelChangeApiTests(AzuriteFixture azurite)
{
    private static readonly (string A, string B) Version = (ModelAttacks.Good.Version, ModelAttacks.Next.Version);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_holder_promotes_and_rolls_back_and_is_told_what_cannot_be()
    {
        await using var app = await StartAsync(approval: false);
        Assert.Equal((Version.A, "functions-key", null), await StateAsync(await PostAsync(app, "promote", new { version = Version.A }), 200));
        await PostAsync(app, "promote", new { version = Version.B, reason = "better" });
        Assert.Equal((Version.A, "functions-key", null), await StateAsync(await PostAsync(app, "rollback", new { reason = "odd scores" }), 200));

        Assert.Equal(["The registry has no version 0123456789abcdef of credit/example: see 'serverless models list' for what it has."], (await (await PostAsync(app, "promote", new { version = "0123456789abcdef" })).ProblemAsync(404)).Reasons!);
        Assert.Equal([$"Version {Version.A} of credit/example is live already."], (await (await PostAsync(app, "promote", new { version = Version.A })).ProblemAsync(409)).Reasons!);
        Assert.Equal(["No version of credit/example waits for approval."], (await (await PostAsync(app, "approve", new { version = Version.B })).ProblemAsync(409)).Reasons!);
        Assert.Equal([Names.ModelVersion.Fault, Names.Reason.Fault], (await (await PostAsync(app, "rollback", new { to = "x", reason = "a\nb" })).ProblemAsync(400)).Reasons!);
        await (await PostAsync(app, "rollback", new { to = Version.B })).ProblemAsync(400);
        using var weather = await app.Client.PostAsJsonAsync("/api/models/weather/example/promote", new { version = Version.A }, Cancel);
        Assert.Equal(["family must be one of 'credit', 'documents', 'market', 'reading', 'text'."], (await weather.ProblemAsync(400)).Reasons!);
    }

    [Fact]
    public async Task Where_approval_is_asked_for_one_caller_proposes_and_another_approves()
    {
        await using var app = await StartAsync(approval: true, "WEBSITE_AUTH_ENABLED=True");
        Assert.Equal((null, null, "ann"), await StateAsync(await PostAsync(app, "promote", new { version = Version.A }, "ann"), 202));
        Assert.Equal([$"'ann' proposed version {Version.A}: somebody else has to approve it."], (await (await PostAsync(app, "approve", new { version = Version.A }, "ann")).ProblemAsync(409)).Reasons!);
        Assert.Equal((Version.A, "ann", null), await StateAsync(await PostAsync(app, "approve", new { version = Version.A }, "ben"), 200));
    }

    [Fact]
    public async Task Whoever_has_the_key_is_no_second_person()
    {
        await using var app = await StartAsync(approval: true);
        Assert.Equal((null, null, "functions-key"), await StateAsync(await PostAsync(app, "promote", new { version = Version.A }), 202));
        Assert.Equal(
            ["Whoever has a key may be anybody, also the one who proposed or approves: propose and approve signed in, or on the command line with --actor."],
            (await (await PostAsync(app, "approve", new { version = Version.A })).ProblemAsync(409)).Reasons!);
    }

    private static async Task<(string? Version, string? Actor, string? ProposedBy)> StateAsync(HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        var state = (await response.Content.ReadFromJsonAsync<PortfolioState>(Json.Options, Cancel))!;
        return (state.Version, state.Actor, state.Proposal?.By);
    }

    private static async Task<HttpResponseMessage> PostAsync(TestApp app, string verb, object body, string? caller = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/models/credit/example/{verb}") { Content = JsonContent.Create(body) };
        var principal = new JsonObject { ["auth_typ"] = "aad", ["claims"] = new JsonArray(new JsonObject { ["typ"] = "oid", ["val"] = caller }, new JsonObject { ["typ"] = "roles", ["val"] = "Models.Promote" }) };
        request.Headers.Add(Caller.Header, Convert.ToBase64String(Encoding.UTF8.GetBytes(principal.ToJsonString()))); // counts only where the platform says that it is on
        return await app.Client.SendAsync(request, Cancel);
    }

    private async Task<TestApp> StartAsync(bool approval, params string[] settings)
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await new ModelRegistry(account).PublishAsync(ModelAttacks.Good, Cancel);
        await new ModelRegistry(account).PublishAsync(ModelAttacks.Next, Cancel);
        var contract = JsonSerializer.SerializeToUtf8Bytes(CreditExample.Contract with { Gate = new() { Approval = approval } }, Json.Options);
        Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(account, [new Serverless.Serving.Credit.CreditFamily()]).ActivateAsync(contract, Cancel));
        return await TestApp.HandlerAsync(connection, null, settings);
    }
}
