using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Poison;
using Serverless.Tests.Serving.Credit;

namespace Serverless.Tests.Serving.Decisions;

public class ReplayAndErasureTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private StorageAccount _account = null!;
    private ScoringInstance _instance = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewAccountAsync();
        await _account.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(_account);
        _instance = new(_account, _time);
    }

    public ValueTask DisposeAsync()
    {
        _instance.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Replay_gives_the_decision_byte_for_byte_by_the_model_of_then()
    {
        var then = await _instance.DecideAsync(purpose: "rocket");
        _time.Advance(TimeSpan.FromDays(365));
        var golden = CreditExample.Golden with { Points = 498.16m, Probability = 1 / (1 + Math.Exp((0.03 * 498.16) - 16)) };
        await ScoringInstance.PromoteAsync(_account, CreditExample.Bundle(CreditExample.Card with { BasePoints = 50000 }, golden: [golden]));
        var replayed = await ReplayAsync();
        Assert.Equal(ReplayResult.Identical, replayed.Result);
        Assert.Equal(JsonSerializer.Serialize(then, Json.Options), JsonSerializer.Serialize(replayed.Replayed, Json.Options));
    }

    [Fact]
    public async Task Replay_of_a_decision_by_a_program_that_told_neither_rules_nor_gains_is_identical()
    {
        await _instance.DecideAsync(purpose: "rocket");
        await ChangeAsync("case.decision", decision =>
        {
            var old = decision!.DeepClone().AsObject();
            Assert.NotEmpty(old["rules"]!.AsArray());
            old.Remove("rules");
            Assert.All(old["reasons"]!.AsArray(), reason => Assert.True(reason!.AsObject().Remove("gain")));
            return old;
        });
        Assert.Equal(ReplayResult.Identical, (await ReplayAsync()).Result);
    }

    [Fact]
    public async Task Replay_of_a_decision_whose_rules_were_changed_differs()
    {
        await _instance.DecideAsync();
        await ChangeAsync("case.decision.rules", _ => new JsonArray());
        Assert.Equal((ReplayResult.Different, "the rules that fired differ"), ((await ReplayAsync()).Result, string.Join(", ", (await ReplayAsync()).Differences)));
    }

    [Theory]
    [InlineData("case.decision.probability", 1e-7, ReplayResult.Equivalent, "")]
    [InlineData("case.decision.probability", 1e-5, ReplayResult.Different, "the probability differs by more than 1e-6")]
    [InlineData("case.decision.points", 1.0, ReplayResult.Different, "the points differ")]
    [InlineData("case.inputs.fields.income", 1000.0, ReplayResult.Different, "the verdict was Refer and is Approve, the probability differs by more than 1e-6, the points differ, the rules that fired differ")]
    public async Task Replay_tells_what_differs(string member, double by, ReplayResult result, string differences)
    {
        await _instance.DecideAsync();
        await ChangeAsync(member, value => JsonValue.Create(value!.GetValue<double>() + by));
        var replayed = await ReplayAsync();
        Assert.Equal((result, differences), (replayed.Result, string.Join(", ", replayed.Differences)));
    }

    [Fact]
    public async Task Replay_of_a_forged_verdict_differs()
    {
        await _instance.DecideAsync();
        await ChangeAsync("case.decision.verdict", _ => JsonValue.Create("approve"));
        Assert.Equal(["the verdict was Approve and is Refer"], (await ReplayAsync()).Differences);
    }

    [Fact]
    public async Task Replay_with_a_model_that_was_changed_is_refused()
    {
        var decision = await _instance.DecideAsync();
        await _account.Blobs.GetBlobContainerClient("models").GetBlobClient($"credit/example/{decision.ModelVersion}/features.json").UploadAsync(BinaryData.FromString("{}"), overwrite: true, Cancel);
        await Assert.ThrowsAsync<InvalidModelException>(() => ReplayAsync());
        Assert.IsType<Outcome<ReplayedDecision>.Rejected>(await _instance.Replay.RunAsync("example", "A-2", Cancel));
    }

    [Fact]
    public async Task Erased_application_leaves_ids_answers_erased_and_the_log_whole()
    {
        var decision = await _instance.DecideAsync();
        await _instance.DecideAsync("A-2");
        var poison = new PoisonStore(_account, _time);
        await poison.RejectAsync("loan-applications", ScoringInstance.Message(income: "1"), ["conflict"], Cancel);
        await poison.RejectAsync("loan-applications", ScoringInstance.Message("A-2", income: "1"), ["conflict"], Cancel);
        await _account.Queues.GetQueueClient("loan-applications-poison").SendMessageAsync(ScoringInstance.Message(income: "2"), cancellationToken: Cancel);
        Assert.Equal(new ErasedApplication(decision.DecisionId, 2), await EraseAsync("officer 7"));
        var left = (await _instance.Applications.FindAsync("example", "A-1", Cancel))!;
        Assert.Equal((null, new Erasure(_time.GetUtcNow(), "officer 7"), decision.DecisionId), (left.Case, left.Erased, left.DecisionId));
        Assert.Equal(["A-2"], await poison.ListAsync(Cancel).Select(r => r.ApplicationId).ToListAsync(Cancel));
        var stored = (await _account.Blobs.GetBlobContainerClient("applications").GetBlobClient("example/A-1.json").DownloadContentAsync(Cancel)).Value.Content.ToString();
        Assert.Equal(["applicationId", "decisionId", "erased", "log", "portfolio"], JsonNode.Parse(stored)!.AsObject().Select(m => m.Key).Order());
        Assert.Equal(ReplayResult.Erased, (await ReplayAsync()).Result);

        // A late delivery is not decided anew, nothing is sent, and a second erasure keeps the first.
        var late = Assert.IsType<Outcome<Decision>.Rejected>(await _instance.Decisions.DecideAsync(ScoringInstance.Message(), Cancel));
        Assert.Equal((Rejection.Erased, "Application 'A-1' of portfolio 'example' was decided and then erased: send a new application under a new id."), (late.Kind, late.Reasons.Single()));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(new ErasedApplication(decision.DecisionId, 0), await EraseAsync("other"));
        Assert.Equal(left, await _instance.Applications.FindAsync("example", "A-1", Cancel));
        Assert.IsType<Outcome<ErasedApplication>.Rejected>(await _instance.Erasure.RunAsync("example", "A-3", "officer 7", Cancel));
        var report = await VerifyAsync();
        Assert.Equal((2L, 2, 1, 0), (report.Decisions, report.Applications, report.Erased, report.Faults.Count));
    }

    [Fact]
    public async Task Decision_whose_entry_a_crash_left_out_is_logged_before_it_is_erased()
    {
        var other = await azurite.NewAccountAsync();
        await other.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(other);
        using var crashed = new ScoringInstance(other, _time);
        await crashed.DecideAsync();
        Assert.True(await _instance.Applications.CreateAsync((await crashed.Applications.FindAsync("example", "A-1", Cancel))!, Cancel));

        await EraseAsync("officer 7");
        var report = await VerifyAsync();
        Assert.Equal((1L, 1, 1, 0), (report.Decisions, report.Applications, report.Erased, report.Faults.Count));
    }

    private async Task<ErasedApplication> EraseAsync(string actor) => Assert.IsType<Outcome<ErasedApplication>.Done>(await _instance.Erasure.RunAsync("example", "A-1", actor, Cancel)).Value;

    private async Task<ReplayedDecision> ReplayAsync() => Assert.IsType<Outcome<ReplayedDecision>.Done>(await _instance.Replay.RunAsync("example", "A-1", Cancel)).Value;

    private Task<LogReport> VerifyAsync() => new LogVerification(LogCopy.Of(_account), _time).RunAsync(new Progress<string>(), Cancel);

    private async Task ChangeAsync(string member, Func<JsonNode?, JsonNode> change)
    {
        var blob = _account.Blobs.GetBlobContainerClient("applications").GetBlobClient("example/A-1.json");
        var record = JsonNode.Parse((await blob.DownloadContentAsync(Cancel)).Value.Content)!;
        var at = record;
        var names = member.Split('.');
        foreach (var name in names[..^1]) at = at[name]!;
        at[names[^1]] = change(at[names[^1]]);
        await blob.UploadAsync(BinaryData.FromString(record.ToJsonString()), overwrite: true, Cancel);
    }
}
