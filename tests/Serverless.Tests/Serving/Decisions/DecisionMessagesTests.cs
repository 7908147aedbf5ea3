using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Tests.Faults;

namespace Serverless.Tests.Serving.Decisions;

/// <summary>A person's decision on queue <c>loan-decisions</c>: its form beside the program's, and that it gets there whatever fails.</summary>
public class DecisionMessagesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private string _connection = null!;
    private StorageAccount _account = null!;
    private ScoringInstance _instance = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await azurite.NewConnectionAsync();
        _account = StorageAccount.Open(_connection);
        await _account.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(_account);
        _instance = new(_account, _time, new() { Shards = 1 });
    }

    public ValueTask DisposeAsync()
    {
        _instance.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Decision_of_a_person_is_sent_in_the_form_of_the_program_s_and_names_what_it_replaces()
    {
        var program = await ReferAsync("A-1");
        Assert.Equal(JsonSerializer.Serialize(program, Json.Options), Assert.Single(await SentAsync("A-1"))); // and nothing else: as before there were persons

        _time.Advance(TimeSpan.FromHours(3));
        Assert.IsType<Outcome<ReviewCase>.Done>(await DecideAsync(_instance, "A-1"));
        var sent = Assert.Single(await SentAsync("A-1"));
        var message = JsonNode.Parse(sent)!.AsObject();
        var review = (await _instance.Applications.FindAsync("example", "A-1", Cancel))!.Case!.ReviewEntry!;
        Assert.NotEqual(program.DecisionId, review.ReviewId);
        Assert.Equal($$"""{"by":"ann","reviewId":"{{review.ReviewId}}","of":"{{program.DecisionId}}","ofVerdict":"refer"}""", message["person"]!.ToJsonString());
        Assert.Equal(_time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss+00:00", System.Globalization.CultureInfo.InvariantCulture), (string?)message["decidedAt"]);
        Assert.DoesNotContain("proven", sent, StringComparison.Ordinal); // the reviewer's words

        // Whoever reads the program's messages reads this one.
        message.Remove("person");
        var read = message.Deserialize<Decision>(Json.Options)!;
        Assert.Equal((review.ReviewId, "A-1", "example", DecisionVerdict.Approve, _time.GetUtcNow()), (read.DecisionId, read.ApplicationId, read.Portfolio, read.Verdict, read.DecidedAt));
        var asBefore = read with { DecisionId = program.DecisionId, Verdict = program.Verdict, DecidedAt = program.DecidedAt };
        Assert.Equal(JsonSerializer.Serialize(program, Json.Options), JsonSerializer.Serialize(asBefore, Json.Options));

        // Again, it is the same message; of another decision nobody is told.
        _time.Advance(TimeSpan.FromHours(3));
        Assert.IsType<Outcome<ReviewCase>.Done>(await DecideAsync(_instance, "A-1"));
        Assert.Equal([sent], await SentAsync("A-1"));
        Assert.Equal(Rejection.Conflict, Assert.IsType<Outcome<ReviewCase>.Rejected>(await DecideAsync(_instance, "A-1", DecisionVerdict.Decline)).Kind);
        Assert.Empty(await SentAsync("A-1"));
    }

    [Fact]
    public async Task Decision_that_the_queue_does_not_take_stands_says_so_and_is_sent_by_the_same_call()
    {
        foreach (var (id, fault, cause) in new[] { ("A-1", Fault.Refuse, "503 ServerBusy"), ("A-2", Fault.Forbid, "403 AuthorizationPermissionMismatch") })
        {
            await ReferAsync(id);
            await SentAsync(id);
            var faults = new StorageFaults();
            faults.Inject(fault, matching: c => c.Resource.StartsWith("queue:loan-decisions", StringComparison.Ordinal), times: 4); // the SDK's tries
            using (var failing = new ScoringInstance(faults.Open(_connection), _time))
            {
                var error = await Assert.ThrowsAsync<UnsentDecisionException>(() => DecideAsync(failing, id));
                Assert.Equal(
                    $"The decision on application '{id}' of portfolio 'example' is recorded and stands, but could not be put on queue 'loan-decisions' " +
                    $"(RequestFailedException: {cause}): decide again with the same verdict and reason, which sends it.", error.Message);
            }

            Assert.Equal(DecisionVerdict.Approve, (await _instance.Applications.FindAsync("example", id, Cancel))!.Case!.Review!.Verdict);
            Assert.Equal(Rejection.Conflict, Assert.IsType<Outcome<ReviewCase>.Rejected>(await DecideAsync(_instance, id, DecisionVerdict.Decline)).Kind);
            Assert.Equal((0, ReviewState.Taken), ((await SentAsync(id)).Count, await ListedAsync(id))); // what is refused sends and closes nothing

            Assert.IsType<Outcome<ReviewCase>.Done>(await DecideAsync(_instance, id));
            Assert.Equal("approve", (string?)JsonNode.Parse(Assert.Single(await SentAsync(id)))!["verdict"]);
            Assert.Equal(ReviewState.Decided, await ListedAsync(id));
        }

        await AssertWholeAsync(2);
    }

    /// <summary>The process dies behind every storage call of a person's decision; then the same decision is given again.</summary>
    [Fact]
    public async Task Decision_of_a_person_whose_process_dies_at_any_step_is_recorded_once_and_sent_by_the_same_call()
    {
        await _instance.DecideAsync("first"); // so that every case finds a log
        Func<StorageAccount, string, Task> decide = async (account, id) =>
        {
            using var instance = new ScoringInstance(account, _time, new() { Shards = 1 });
            Assert.IsType<Outcome<ReviewCase>.Done>(await DecideAsync(instance, id));
        };
        var cases = await FaultMatrix.RunAsync(
            _connection,
            new FaultScenario<string>
            {
                Prepare = async (_, number) => (await ReferAsync($"A-{number}")).ApplicationId,
                Run = decide,
                Recover = decide,
                Check = async (_, id) =>
                {
                    var made = (await _instance.Applications.FindAsync("example", id, Cancel))!.Case!;
                    Assert.Equal([made.Decision.DecisionId, made.ReviewEntry!.ReviewId], (await SentAsync(id)).Distinct().Select(m => (string?)JsonNode.Parse(m)!["decisionId"]));
                    Assert.Equal(ReviewState.Decided, Assert.IsType<Outcome<ReviewedDecision>.Done>(await _instance.Reviewing.ShowAsync("example", id, Cancel)).Value.Review.State);
                },
            },
            Fault.CrashAfter);
        Assert.InRange(cases, 8, 100);
        await AssertWholeAsync(cases + 1);
    }

    private static Task<Outcome<ReviewCase>> DecideAsync(ScoringInstance instance, string id, DecisionVerdict verdict = DecisionVerdict.Approve) =>
        instance.Reviewing.DecideAsync("example", id, "ann", verdict, "The income is proven.", Cancel);

    /// <summary>An application that the policy refers, in the hands of ann.</summary>
    private async Task<Decision> ReferAsync(string id)
    {
        var decision = await _instance.DecideAsync(id); // 12.5 %
        Assert.IsType<Outcome<ReviewCase>.Done>(await _instance.Reviewing.TakeAsync("example", id, "ann", null, Cancel));
        return decision;
    }

    private async Task<ReviewState> ListedAsync(string id) =>
        Assert.Single((await _instance.Reviews.ListAsync("example", null, 10, null, Cancel)).Reviews, r => r.ApplicationId == id).State;

    /// <summary>Takes what was sent of an application from the queue.</summary>
    private async Task<List<string>> SentAsync(string id)
    {
        var messages = (await _account.Queues.GetQueueClient("loan-decisions").ReceiveMessagesAsync(32, TimeSpan.FromMinutes(5), Cancel)).Value;
        return [.. messages.Select(m => m.Body.ToString()).Where(m => (string?)JsonNode.Parse(m)!["applicationId"] == id)];
    }

    private async Task AssertWholeAsync(long reviews)
    {
        var report = await new LogVerification(LogCopy.Of(_account), _time).RunAsync(new Progress<string>(), Cancel);
        Assert.Equal(("", reviews), (string.Join('\n', report.Faults), report.Reviews));
    }
}
