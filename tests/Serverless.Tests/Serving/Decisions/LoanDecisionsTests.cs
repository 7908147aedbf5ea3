using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Tests.Serving.Credit;

namespace Serverless.Tests.Serving.Decisions;

public class LoanDecisionsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private StorageAccount _account = null!;
    private ScoringInstance _instance = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewAccountAsync();
        await _account.PrepareAsync(Cancel);
        _instance = new(_account, _time);
    }

    public ValueTask DisposeAsync()
    {
        _instance.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Application_is_scored_decided_recorded_and_sent()
    {
        var version = await PromoteAsync(CreditExample.Bundle());
        var decision = Done(await DecideAsync());

        Assert.Equal(("A-1", "example", DecisionVerdict.Refer, 598.16m), (decision.ApplicationId, decision.Portfolio, decision.Verdict, decision.Points));
        Assert.Equal(0.12512147311042165, decision.Probability, 1e-12);
        Assert.Equal((version, "1", _time.GetUtcNow()), (decision.ModelVersion, decision.ContractVersion, decision.DecidedAt));
        Assert.Equal("Your income is low.", decision.Reasons[0].Sentence);

        var record = await _instance.Applications.FindAsync("example", "A-1", Cancel);
        Assert.Equal(JsonSerializer.Serialize(decision, Json.Options), JsonSerializer.Serialize(record!.Case!.Decision, Json.Options));
        Assert.Equal(900, record.Case.Inputs.Fields["income"].GetInt32());
        var sent = Assert.Single(await SentAsync());
        Assert.Equal(JsonSerializer.Serialize(decision, Json.Options), sent);
        Assert.DoesNotContain("boat", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_delivered_again_gives_the_same_decision_though_time_and_model_went_on()
    {
        await PromoteAsync(CreditExample.Bundle());
        var first = Done(await DecideAsync());
        _time.Advance(TimeSpan.FromSeconds(60));
        var golden = CreditExample.Golden with { Points = 498.16m, Probability = 1 / (1 + Math.Exp((0.03 * 498.16) - 16)) };
        var version = await PromoteAsync(CreditExample.Bundle(CreditExample.Card with { BasePoints = 50000 }, golden: [golden]));
        using var restarted = new ScoringInstance(_account, _time);
        var again = await restarted.DecideAsync();
        Assert.Equal(version, (await restarted.DecideAsync("A-2")).ModelVersion);

        Assert.Equal(JsonSerializer.Serialize(first, Json.Options), JsonSerializer.Serialize(again, Json.Options));
        var sent = await SentAsync();
        Assert.Equal(3, sent.Count);
        Assert.Equal(sent[0], sent[1]);
    }

    [Fact]
    public async Task Message_delivered_again_is_answered_though_no_model_would_answer_it()
    {
        await PromoteAsync(CreditExample.Bundle());
        var first = Done(await DecideAsync());
        await _account.Blobs.GetBlobContainerClient("models").GetBlobClient("credit/example/champion.json").DeleteAsync(cancellationToken: Cancel);
        using var restarted = new ScoringInstance(_account, _time);
        Assert.Equal(first.DecisionId, (await restarted.DecideAsync()).DecisionId);
    }

    [Fact]
    public async Task Same_id_with_other_content_is_a_conflict_and_sends_nothing()
    {
        await PromoteAsync(CreditExample.Bundle());
        await DecideAsync();
        var rejected = Assert.IsType<Outcome<Decision>.Rejected>(await DecideAsync(income: "901"));
        Assert.Equal(Rejection.Conflict, rejected.Kind);
        Assert.Equal(["Application 'A-1' of portfolio 'example' was decided with other content: send a changed application under a new id."], rejected.Reasons);
        Assert.Single(await SentAsync());
        Assert.Equal(900, (await _instance.Applications.FindAsync("example", "A-1", Cancel))!.Case!.Inputs.Fields["income"].GetInt32());
    }

    [Fact]
    public async Task Parallel_deliveries_give_one_decision()
    {
        await PromoteAsync(CreditExample.Bundle());
        _time.Step = TimeSpan.FromMilliseconds(1);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => DecideAsync())));
        Assert.Single(outcomes.Select(o => JsonSerializer.Serialize(Done(o), Json.Options)).Distinct());
        Assert.Single((await SentAsync()).Distinct());
    }

    [Fact]
    public async Task Portfolio_without_model_is_rejected_with_what_to_do()
    {
        var rejected = Assert.IsType<Outcome<Decision>.Rejected>(await DecideAsync());
        Assert.Equal(["Portfolio 'example' has no live model: drop data for it, or correct the name."], rejected.Reasons);
        Assert.Equal(Rejection.Invalid, rejected.Kind);
        Assert.Empty(await SentAsync());
    }

    [Fact]
    public async Task Bad_message_and_bad_fields_are_rejected_and_leave_nothing()
    {
        await PromoteAsync(CreditExample.Bundle());
        Assert.IsType<Outcome<Decision>.Rejected>(await _instance.Decisions.DecideAsync(BinaryData.FromString("{}"), Cancel));
        Assert.NotEmpty(Assert.IsType<Outcome<Decision>.Rejected>(await DecideAsync(income: "\"much\"")).Reasons);
        Assert.Null(await _instance.Applications.FindAsync("example", "A-1", Cancel));
        Assert.Empty(await SentAsync());
    }

    [Fact]
    public async Task Unseen_value_is_referred_and_told()
    {
        await PromoteAsync(CreditExample.Bundle(contract: CreditExample.Contract with { Policy = new() { ApproveBelow = 0.2 } }));
        Assert.Equal(DecisionVerdict.Approve, Done(await DecideAsync()).Verdict);
        var decision = Done(await DecideAsync(id: "A-2", purpose: "rocket"));
        Assert.Equal(DecisionVerdict.Refer, decision.Verdict);
        Assert.Equal(["purpose"], decision.Unseen);
        Assert.Equal([new(RuleKind.Unseen, "referUnseen", RuleDecision.Refer, "The application has a value that the model was not trained on.")], decision.Rules);
    }

    [Fact]
    public async Task Rules_of_the_policy_decide_are_recorded_and_sent_and_faults_of_their_columns_are_told()
    {
        var policy = new DecisionPolicy { ApproveBelow = 0.2, KnockOuts = [new() { Name = "branch 7", When = "branch = 7", Decision = RuleDecision.Decline, Reason = "We lend nothing there." }] };
        await PromoteAsync(CreditExample.Bundle(contract: CreditExample.Contract with
        {
            Policy = policy,
            Columns = [.. CreditExample.Contract.Columns, new() { Name = "branch", Type = ColumnType.Number, Role = ColumnRole.Ignored }],
        }));
        Assert.Empty(Done(await DecideAsync()).Rules!);
        var decision = Done(await _instance.Decisions.DecideAsync(With("A-2", "7"), Cancel));
        Assert.Equal((DecisionVerdict.Decline, new FiredRule(RuleKind.KnockOut, "branch 7", RuleDecision.Decline, "We lend nothing there.")), (decision.Verdict, Assert.Single(decision.Rules!)));
        Assert.Contains("We lend nothing there.", (await SentAsync())[1], StringComparison.Ordinal);
        var rejected = Assert.IsType<Outcome<Decision>.Rejected>(await _instance.Decisions.DecideAsync(With("A-3", "\"x\""), Cancel));
        Assert.Equal(["'branch' is not a number: write it with a decimal point and without thousands separators."], rejected.Reasons);

        static BinaryData With(string id, string branch) => BinaryData.FromString(ScoringInstance.Message(id).ToString().Replace("\"purpose\"", $"\"branch\": {branch}, \"purpose\"", StringComparison.Ordinal));
    }

    private static Decision Done(Outcome<Decision> outcome) => Assert.IsType<Outcome<Decision>.Done>(outcome).Value;

    private Task<Outcome<Decision>> DecideAsync(string id = "A-1", string income = "900", string purpose = "boat") => _instance.Decisions.DecideAsync(ScoringInstance.Message(id, income, purpose), Cancel);

    private Task<string> PromoteAsync(ModelBundle bundle) => ScoringInstance.PromoteAsync(_account, bundle);

    private async Task<List<string>> SentAsync()
    {
        var messages = await _account.Queues.GetQueueClient("loan-decisions").ReceiveMessagesAsync(maxMessages: 32, cancellationToken: Cancel);
        return [.. messages.Value.Select(m => m.Body.ToString())];
    }
}
