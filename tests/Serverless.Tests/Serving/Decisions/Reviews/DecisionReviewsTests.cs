using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Tests.Serving.Credit;

namespace Serverless.Tests.Serving.Decisions;

/// <summary>Reviews on the storage: opened, taken, decided, erased; repeated, at once, and after crashes.</summary>
public class DecisionReviewsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private StorageAccount _account = null!;
    private ScoringInstance _instance = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DecisionReviews Reviews => _instance.Reviewing;

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
    public async Task Referred_application_opens_a_case_once_and_a_late_delivery_leaves_it()
    {
        var decision = await _instance.DecideAsync(); // 12.5 %: referred
        Assert.Equal(new ReviewCase("example", "A-1", decision.DecisionId, _time.GetUtcNow()) { Referred = true }, await _instance.Reviews.FindAsync("example", "A-1", Cancel));
        await TakeAsync("ann");
        await _instance.DecideAsync();
        Assert.Equal(ReviewState.Taken, (await _instance.Reviews.FindAsync("example", "A-1", Cancel))!.State);

        // A crash before the case was opened: the message is delivered again.
        await _instance.Reviews.DeleteAsync("example", "A-1", Cancel);
        await _instance.DecideAsync();
        Assert.True((await _instance.Reviews.FindAsync("example", "A-1", Cancel))!.Referred);
    }

    [Fact]
    public async Task Approved_application_opens_no_case()
    {
        await ApproveAllAsync();
        await _instance.DecideAsync();
        Assert.Null(await _instance.Reviews.FindAsync("example", "A-1", Cancel));
        Assert.Equal(
            (Rejection.Missing, "Nobody reviews application 'A-1' of portfolio 'example': a case is opened when the policy refers it, or by contesting the decision."),
            Rejected(await Reviews.TakeAsync("example", "A-1", "ann", null, Cancel)));
    }

    [Fact]
    public async Task Person_decides_and_application_log_and_case_say_so()
    {
        var decision = await _instance.DecideAsync();
        await TakeAsync("ann");
        var closed = Done(await Reviews.DecideAsync("example", "A-1", "ann", DecisionVerdict.Approve, "The income is proven.", Cancel));
        Assert.Equal((ReviewState.Decided, DecisionVerdict.Approve, "ann", "The income is proven.", _time.GetUtcNow()), (closed.State, closed.Outcome!.Verdict, closed.Outcome.By, closed.Outcome.Reason, closed.Outcome.At));
        var record = (await _instance.Applications.FindAsync("example", "A-1", Cancel))!;
        Assert.Equal((closed.Outcome, decision.DecisionId), (record.Case!.Review, record.Case.ReviewEntry!.Of));
        Assert.Equal(ReplayResult.Identical, Assert.IsType<Outcome<ReplayedDecision>.Done>(await _instance.Replay.RunAsync("example", "A-1", Cancel)).Value.Result);
        await AssertWholeAsync(decisions: 1, reviews: 1);

        // Again, it is the same decision; another is refused.
        Assert.Equal(closed, Done(await Reviews.DecideAsync("example", "A-1", "ann", DecisionVerdict.Approve, "The income is proven.", Cancel)));
        var (kind, reason) = Rejected(await Reviews.DecideAsync("example", "A-1", "ben", DecisionVerdict.Decline, "No.", Cancel));
        Assert.Equal((Rejection.Conflict, true), (kind, reason.StartsWith("'ann' decided the case at ", StringComparison.Ordinal)));
        Assert.Equal(kind, Rejected(await Reviews.TakeAsync("example", "A-1", "ben", "ann", Cancel)).Kind);
        await AssertWholeAsync(decisions: 1, reviews: 1);
    }

    [Fact]
    public async Task Log_holds_no_verdict_reason_or_name_of_a_person()
    {
        await _instance.DecideAsync();
        await TakeAsync("ann smith");
        Done(await Reviews.DecideAsync("example", "A-1", "ann smith", DecisionVerdict.Decline, "Two jobs in a year.", Cancel));
        var log = _account.Blobs.GetBlobContainerClient("decision-log");
        var text = "";
        await foreach (var blob in log.GetBlobsAsync(cancellationToken: Cancel)) text += (await log.GetBlobClient(blob.Name).DownloadContentAsync(Cancel)).Value.Content;
        var entry = text.Split('\n').Select(line => line.Length == 0 ? null : JsonNode.Parse(line)!["review"]).Single(r => r is not null)!;
        Assert.Equal(["applicationId", "of", "outcomeHash", "portfolio", "reviewId", "reviewedAt"], entry.AsObject().Select(m => m.Key).Order());
        Assert.DoesNotContain("ann", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_reviewers_at_once_one_gets_the_case_and_another_takes_it_over_by_name_only()
    {
        await _instance.DecideAsync();
        var takings = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Reviews.TakeAsync("example", "A-1", $"reviewer {i}", null, Cancel)));
        var taker = Assert.Single(takings.OfType<Outcome<ReviewCase>.Done>()).Value.Taken!.By;
        var (kind, reason) = Rejected(await Reviews.TakeAsync("example", "A-1", "ben", null, Cancel));
        Assert.Equal((Rejection.Conflict, true), (kind, reason.Contains($"name '{taker}' as the one to take it over from", StringComparison.Ordinal)));
        Assert.Equal(Rejection.Conflict, Rejected(await Reviews.TakeAsync("example", "A-1", "ben", "eve", Cancel)).Kind);
        Assert.Equal(Rejection.Conflict, Rejected(await Reviews.DecideAsync("example", "A-1", "ben", DecisionVerdict.Approve, "Fine.", Cancel)).Kind);
        Assert.Equal("ben", Done(await Reviews.TakeAsync("example", "A-1", "ben", taker, Cancel)).Taken!.By);
        Assert.Equal(Rejection.Conflict, Rejected(await Reviews.DecideAsync("example", "A-1", taker, DecisionVerdict.Approve, "Fine.", Cancel)).Kind);
        Done(await Reviews.DecideAsync("example", "A-1", "ben", DecisionVerdict.Approve, "Fine.", Cancel));
    }

    [Fact]
    public async Task Case_nobody_has_is_neither_decided_nor_taken_over()
    {
        await _instance.DecideAsync();
        Assert.Equal((Rejection.Conflict, "Nobody has taken the case: take it, look at it, then decide."), Rejected(await Reviews.DecideAsync("example", "A-1", "ann", DecisionVerdict.Approve, "Fine.", Cancel)));
        Assert.Equal((Rejection.Conflict, "Nobody has the case, so it cannot be taken over from 'ben': take it without naming anybody."), Rejected(await Reviews.TakeAsync("example", "A-1", "ann", "ben", Cancel)));
    }

    [Fact]
    public async Task Bad_words_are_refused_with_every_fault()
    {
        Assert.Equal(
            [Names.Actor.Fault, "The verdict must be approve or decline: a person who reviews does not refer.", Names.Reason.Fault],
            Assert.IsType<Outcome<ReviewCase>.Rejected>(await Reviews.DecideAsync("example", "A-1", "", DecisionVerdict.Refer, "a\nb", Cancel)).Reasons);
        Assert.Equal([Names.Actor.Fault, $"from: {Names.Actor.Fault}"], Assert.IsType<Outcome<ReviewCase>.Rejected>(await Reviews.TakeAsync("example", "A-1", "", " x", Cancel)).Reasons);
        foreach (var statement in new[] { "", " a", "a\0b", new string('x', 4001) })
            Assert.StartsWith("The statement must have 1 to 4000 characters", Rejected(await Reviews.ContestAsync("example", "A-1", "ann", statement, Cancel)).Reason, StringComparison.Ordinal);
        Assert.Equal(Rejection.Missing, Rejected(await Reviews.ContestAsync("example", "A-1", "ann", null, Cancel)).Kind);
    }

    [Fact]
    public async Task Same_contest_again_is_the_same_case_and_statements_add_up()
    {
        await ApproveAllAsync();
        await _instance.DecideAsync();
        var first = Done(await Reviews.ContestAsync("example", "A-1", "branch 7", "I have\na second income.", Cancel)).Review;
        _time.Advance(TimeSpan.FromHours(1));
        var again = Done(await Reviews.ContestAsync("example", "A-1", "branch 8", "I have\na second income.", Cancel)).Review;
        Assert.Equal((first.OpenedAt, first.Contested!.At, "branch 7", 1, false), (again.OpenedAt, again.Contested!.At, again.Contested.Actor, again.Contested.Statements.Count, again.Referred));
        Assert.Equal(2, Done(await Reviews.ContestAsync("example", "A-1", "branch 7", "And a third.", Cancel)).Review.Contested!.Statements.Count);
        for (var i = 3; i <= ReviewCase.MostStatements; i++) Done(await Reviews.ContestAsync("example", "A-1", "branch 7", $"More {i}.", Cancel));
        Assert.Equal((Rejection.Conflict, "The case has 20 statements already: tell the reviewer in another way."), Rejected(await Reviews.ContestAsync("example", "A-1", "branch 7", "Even more.", Cancel)));

        await TakeAsync("ann");
        Done(await Reviews.DecideAsync("example", "A-1", "ann", DecisionVerdict.Decline, "No income is proven.", Cancel));
        Assert.Equal(ReviewState.Decided, Done(await Reviews.ContestAsync("example", "A-1", "branch 7", "And a third.", Cancel)).Review.State);
        Assert.Equal(Rejection.Conflict, Rejected(await Reviews.ContestAsync("example", "A-1", "branch 7", "Still.", Cancel)).Kind);
    }

    [Fact]
    public async Task Decision_of_a_person_without_a_contest_is_contested_no_more()
    {
        await _instance.DecideAsync();
        await TakeAsync("ann");
        Done(await Reviews.DecideAsync("example", "A-1", "ann", DecisionVerdict.Decline, "Too many loans.", Cancel));
        Assert.Equal(Rejection.Conflict, Rejected(await Reviews.ContestAsync("example", "A-1", "branch 7", null, Cancel)).Kind);
    }

    [Fact]
    public async Task Crash_behind_the_application_is_completed_by_the_same_decision_or_by_erasure()
    {
        await _instance.DecideAsync();
        await TakeAsync("ann");
        var made = (await _instance.Applications.FindAsync("example", "A-1", Cancel))!.Case!;
        using (var place = await _instance.Log.ReserveAsync("example", "A-1", ReviewOutcome.IdOf(made.Decision), Cancel))
            await _instance.Applications.ReviewAsync("example", "A-1", new(DecisionVerdict.Approve, "Fine.", "ann", _time.GetUtcNow(), place.Place), Cancel);
        Assert.Equal(ReviewState.Decided, Done(await Reviews.ShowAsync("example", "A-1", Cancel)).Review.State);

        // Another decision is refused, and the log has the first one by then.
        Assert.Equal(Rejection.Conflict, Rejected(await Reviews.DecideAsync("example", "A-1", "ben", DecisionVerdict.Decline, "No.", Cancel)).Kind);
        await AssertWholeAsync(decisions: 1, reviews: 1);
        Done(await Reviews.DecideAsync("example", "A-1", "ann", DecisionVerdict.Approve, "Fine.", Cancel));
        await AssertWholeAsync(decisions: 1, reviews: 1);

        await _instance.DecideAsync("A-2");
        made = (await _instance.Applications.FindAsync("example", "A-2", Cancel))!.Case!;
        using (var place = await _instance.Log.ReserveAsync("example", "A-2", ReviewOutcome.IdOf(made.Decision), Cancel))
            await _instance.Applications.ReviewAsync("example", "A-2", new(DecisionVerdict.Approve, "Fine.", "ann", _time.GetUtcNow(), place.Place), Cancel);
        Assert.IsType<Outcome<ErasedApplication>.Done>(await _instance.Erasure.RunAsync("example", "A-2", "officer", Cancel));
        await AssertWholeAsync(decisions: 2, reviews: 2);
    }

    [Fact]
    public async Task Erasure_takes_the_review_along_and_nothing_opens_another()
    {
        await _instance.DecideAsync();
        await Reviews.ContestAsync("example", "A-1", "branch 7", "I disagree.", Cancel);
        await TakeAsync("ann");
        Done(await Reviews.DecideAsync("example", "A-1", "ann", DecisionVerdict.Approve, "Fine.", Cancel));
        Assert.IsType<Outcome<ErasedApplication>.Done>(await _instance.Erasure.RunAsync("example", "A-1", "officer", Cancel));
        Assert.Null(await _instance.Reviews.FindAsync("example", "A-1", Cancel));
        Assert.Equal(Rejection.Erased, Rejected(await Reviews.ContestAsync("example", "A-1", "branch 7", "I disagree.", Cancel)).Kind);
        Assert.Equal(Rejection.Erased, Rejected(await Reviews.ShowAsync("example", "A-1", Cancel)).Kind);
        Assert.Equal(Rejection.Erased, Rejected(await Reviews.TakeAsync("example", "A-1", "ann", null, Cancel)).Kind);
        Assert.Equal(Rejection.Erased, Rejected(await Reviews.DecideAsync("example", "A-1", "ann", DecisionVerdict.Approve, "Fine.", Cancel)).Kind);
        await AssertWholeAsync(decisions: 1, reviews: 1);
    }

    [Theory]
    [InlineData("case.review.verdict", "decline", "a person's decision on it is not what shard ")]
    [InlineData("case.review", null, "has a person's decision that its record lacks: it was changed.")]
    public async Task Review_that_is_changed_or_removed_is_found(string member, string? to, string fault)
    {
        await _instance.DecideAsync();
        await TakeAsync("ann");
        Done(await Reviews.DecideAsync("example", "A-1", "ann", DecisionVerdict.Approve, "Fine.", Cancel));
        var blob = _account.Blobs.GetBlobContainerClient("applications").GetBlobClient("example/A-1.json");
        var record = JsonNode.Parse((await blob.DownloadContentAsync(Cancel)).Value.Content)!;
        var at = member == "case.review" ? record["case"]!.AsObject() : record["case"]!["review"]!.AsObject();
        if (to is null) at.Remove("review");
        else at["verdict"] = to;
        await blob.UploadAsync(BinaryData.FromString(record.ToJsonString()), overwrite: true, Cancel);
        Assert.Contains(fault, Assert.Single((await VerifyAsync()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queue_is_listed_by_state_and_page()
    {
        for (var i = 1; i <= 5; i++) await _instance.DecideAsync($"A-{i}");
        await TakeAsync("ann", "A-2");
        Done(await Reviews.ContestAsync("example", "A-3", "branch 7", null, Cancel));
        var first = await _instance.Reviews.ListAsync("example", ReviewState.Open, 3, null, Cancel);
        Assert.Equal([("A-1", false), ("A-3", true), ("A-4", false)], first.Reviews.Select(r => (r.ApplicationId, r.Contested)));
        var second = await _instance.Reviews.ListAsync("example", ReviewState.Open, 3, first.Next, Cancel);
        Assert.Equal(("A-5", null), (Assert.Single(second.Reviews).ApplicationId, second.Next));
        Assert.Equal("A-2", Assert.Single((await _instance.Reviews.ListAsync("example", ReviewState.Taken, 10, null, Cancel)).Reviews).ApplicationId);
        Assert.Equal(5, (await _instance.Reviews.ListAsync("example", null, 10, null, Cancel)).Reviews.Count);
        Assert.Empty((await _instance.Reviews.ListAsync("other", null, 10, null, Cancel)).Reviews);
    }

    [Fact]
    public async Task Contest_is_answered_with_procedure_factors_rules_and_what_would_have_led_to_approval()
    {
        var columns = CreditExample.Contract.Columns.Select(c => c.Name == "income" ? c with { Actionable = true } : c).ToList();
        await ScoringInstance.PromoteAsync(_account, CreditExample.Bundle(contract: CreditExample.Contract with { Columns = columns }));
        using var instance = new ScoringInstance(_account, _time);
        var decision = await instance.DecideAsync();
        using var explanations = new DecisionExplanations(new ModelRegistry(_account));
        var contest = new DecisionContest(instance.Reviewing, explanations);
        var answer = Done(await contest.RunAsync("example", "A-1", "branch 7", null, Cancel));
        Assert.Equal((decision.DecisionId, DecisionVerdict.Refer, ReviewState.Open), (answer.DecisionId, answer.Verdict, answer.State));
        Assert.Equal(decision.Reasons, answer.Factors);
        Assert.Equal(decision.Rules, answer.Rules);
        Assert.Contains("approve below a probability of 0.1, decline from 0.3 on", answer.Procedure[2], StringComparison.Ordinal);
        Assert.Equal("income", Assert.Single(answer.Counterfactuals!.Found[0].Changes).Column);

        // Where the model is gone the case is open all the same.
        await _account.Blobs.GetBlobContainerClient("models").GetBlobClient($"credit/example/{decision.ModelVersion}/features.json").UploadAsync(BinaryData.FromString("{}"), overwrite: true, Cancel);
        using var later = new DecisionExplanations(new ModelRegistry(_account));
        var without = Done(await new DecisionContest(instance.Reviewing, later).RunAsync("example", "A-1", "branch 7", null, Cancel));
        Assert.Equal((0, 3), (without.Counterfactuals!.Found.Count, without.Procedure.Count));
    }

    private static T Done<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Done>(outcome).Value;

    private static (Rejection Kind, string Reason) Rejected<T>(Outcome<T> outcome)
    {
        var rejected = Assert.IsType<Outcome<T>.Rejected>(outcome);
        return (rejected.Kind, rejected.Reasons[0]);
    }

    private async Task TakeAsync(string actor, string id = "A-1") => Assert.Equal(actor, Done(await Reviews.TakeAsync("example", id, actor, null, Cancel)).Taken!.By);

    private Task<string> ApproveAllAsync() => ScoringInstance.PromoteAsync(_account, CreditExample.Bundle(contract: CreditExample.Contract with { Policy = new() { ApproveBelow = 0.3 } }));

    private Task<LogReport> VerifyAsync() => new LogVerification(LogCopy.Of(_account), _time).RunAsync(new Progress<string>(), Cancel);

    private async Task AssertWholeAsync(long decisions, long reviews)
    {
        var report = await VerifyAsync();
        Assert.Equal(("", decisions, reviews), (string.Join('\n', report.Faults), report.Decisions, report.Reviews));
    }
}
