using System.Text;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Documents;
using Serverless.Tests.Serving.Credit;
using Serverless.Tests.Serving.Decisions;

namespace Serverless.Tests.Serving.Documents.Applications;

/// <summary>Papers before and behind their application, on storage; what is read of them is written by the tests, but where a picture cannot be read.</summary>
public class PapersOfApplicationsTests(AzuriteFixture azurite) : IAsyncLifetime
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
        var contract = CreditExample.Contract with { Documents = [new() { Field = "income", Reads = KeyFieldName.Total }] };
        await ScoringInstance.PromoteAsync(_account, CreditExample.Bundle(contract: contract));
    }

    public ValueTask DisposeAsync()
    {
        _instance.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Paper_before_the_application_that_contradicts_it_refers_it_and_replays_the_same()
    {
        var plain = await _instance.DecideAsync("A-0", income: "9000");
        Assert.Equal(DecisionVerdict.Approve, plain.Verdict);
        await ReadAsync("A-1", "600.00");
        var decision = await _instance.DecideAsync("A-1", income: "9000");
        Assert.Equal(DecisionVerdict.Refer, decision.Verdict);
        Assert.Equal("A document says otherwise than the application.", Assert.Single(decision.Rules!, r => r.Kind == RuleKind.Documents).Reason);
        Assert.DoesNotContain("600", Encoding.UTF8.GetString(Json.File(decision)), StringComparison.Ordinal);

        var made = (await _instance.Applications.FindAsync("example", "A-1", Cancel))!.Case!;
        Assert.Equal([new Contradiction("income", KeyFieldName.Total, "payslip.png", "9000", "600.00", 0.9)], made.Inputs.Documents);
        Assert.True((await _instance.Reviews.FindAsync("example", "A-1", Cancel))!.Referred);
        var replayed = Assert.IsType<Outcome<ReplayedDecision>.Done>(await _instance.Replay.RunAsync("example", "A-1", Cancel)).Value;
        Assert.Equal(ReplayResult.Identical, replayed.Result);

        await ReadAsync("A-2", "9100.00");
        Assert.Equal(DecisionVerdict.Approve, (await _instance.DecideAsync("A-2", income: "9000")).Verdict);
        Assert.Null((await _instance.Applications.FindAsync("example", "A-2", Cancel))!.Case!.Inputs.Documents);
    }

    [Fact]
    public async Task What_would_lead_to_approval_says_that_only_the_paper_stands_against_it()
    {
        await ReadAsync("A-1", "600.00");
        await _instance.DecideAsync("A-1", income: "9000");
        using var explanations = new DecisionExplanations(new ModelRegistry(_account));
        var explained = await explanations.ExplainAsync((await _instance.Applications.FindAsync("example", "A-1", Cancel))!.Case!, Cancel);
        Assert.StartsWith("Nothing else speaks against approval", explained.Decision.Counterfactuals!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paper_behind_the_application_opens_one_review_however_often_it_is_looked_at()
    {
        Assert.Equal(DecisionVerdict.Approve, (await _instance.DecideAsync("A-1", income: "9000")).Verdict);
        Assert.Null(await _instance.Reviews.FindAsync("example", "A-1", Cancel));
        await ReadAsync("A-1", "600.00");
        Assert.Equal(1, await _instance.Intake.CompareAsync("example", "A-1", Cancel));
        Assert.Equal(1, await _instance.Intake.CompareAsync("example", "A-1", Cancel));
        var review = (await _instance.Reviews.FindAsync("example", "A-1", Cancel))!;
        Assert.Equal((false, ReviewState.Open), (review.Referred, review.State));
        Assert.Equal("600.00", Assert.Single(review.Documents!).Read);

        await _instance.Reviewing.TakeAsync("example", "A-1", "kim", null, Cancel);
        await ReadAsync("A-1", "500.00", "second.png");
        await _instance.Intake.CompareAsync("example", "A-1", Cancel);
        review = (await _instance.Reviews.FindAsync("example", "A-1", Cancel))!;
        Assert.Equal(("kim", 2), (review.Taken!.By, review.Documents!.Count));
        Assert.IsType<Outcome<ReviewCase>.Done>(await _instance.Reviewing.DecideAsync("example", "A-1", "kim", DecisionVerdict.Decline, "The income is not what was stated.", Cancel));
    }

    [Fact]
    public async Task Redelivered_application_finds_the_paper_that_was_read_in_between()
    {
        await _instance.DecideAsync("A-1", income: "9000");
        await ReadAsync("A-1", "600.00");
        Assert.Equal(DecisionVerdict.Approve, (await _instance.DecideAsync("A-1", income: "9000")).Verdict);
        Assert.NotNull((await _instance.Reviews.FindAsync("example", "A-1", Cancel))?.Documents);
    }

    [Fact]
    public async Task Erasure_takes_papers_and_readings_and_a_late_picture_goes_too()
    {
        await _instance.DecideAsync("A-1", income: "9000");
        await UploadAsync("incoming/example/A-1/payslip.png");
        await UploadAsync("incoming/example/A-10/payslip.png");
        await ReadAsync("A-1", "600.00");
        var erased = Assert.IsType<Outcome<ErasedApplication>.Done>(await _instance.Erasure.RunAsync("example", "A-1", "dpo", Cancel)).Value;
        Assert.Equal(1, erased.Papers);
        Assert.Empty(await _instance.Documents.ReadingsAsync("example", "A-1", Cancel));

        await UploadAsync("incoming/example/A-1/late.png");
        var late = Assert.IsType<Outcome<DocumentReading>.Rejected>(await _instance.Intake.RunAsync("incoming/example/A-1/late.png", null, Cancel));
        Assert.Equal(Rejection.Erased, late.Kind);
        Assert.Equal(["incoming/example/A-10/payslip.png"], await _account.Blobs.GetBlobContainerClient("documents").GetBlobsAsync(cancellationToken: Cancel).Select(b => b.Name).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Papers_without_application_expire_with_applications()
    {
        await UploadAsync("incoming/example/A-1/payslip.png");
        await ReadAsync("A-1", "600.00");
        _time.Advance(DateTimeOffset.UtcNow - _time.GetUtcNow() + TimeSpan.FromDays(31));
        var retention = new DecisionRetention(_instance.Applications, _instance.Documents, _instance.Erasure, new(_account, _time), new() { Applications = 30 }, _time);
        Assert.Equal(1, (await retention.RunAsync(Cancel))["documents"]);
        Assert.Empty(await _instance.Documents.ReadingsAsync("example", "A-1", Cancel));
    }

    [Fact]
    public async Task Applications_are_old_only_when_their_last_paper_is()
    {
        foreach (var blob in (string[])["A-1/a.png", "A-1/b.png", "A-2/a.png", "A-3/a.png"]) await UploadAsync($"incoming/example/{blob}");
        var between = (await BlobAsync("A-3/a.png")).AddSeconds(1);
        await Task.Delay(TimeSpan.FromSeconds(1.2), Cancel); // the storage tells times in whole seconds
        await UploadAsync("incoming/example/A-1/b.png");
        await UploadAsync("incoming/example/A-4/a.png");
        Assert.Equal([("example", "A-2"), ("example", "A-3")], await _instance.Documents.BeforeAsync(between, Cancel).ToListAsync(Cancel));

        async Task<DateTimeOffset> BlobAsync(string name) =>
            (await _account.Blobs.GetBlobContainerClient("documents").GetBlobClient($"incoming/example/{name}").GetPropertiesAsync(cancellationToken: Cancel)).Value.LastModified;
    }

    [Theory]
    [InlineData("lonely.gif")]
    [InlineData("incoming/example/A-1/deep/payslip.png")]
    [InlineData("incoming/Exa mple/A-1/payslip.png")]
    [InlineData("incoming/example/A-1/..")]
    public async Task Name_that_is_none_is_rejected_without_repeating_it(string blob)
    {
        var rejected = Assert.IsType<Outcome<DocumentReading>.Rejected>(await _instance.Intake.RunAsync(blob, null, Cancel));
        Assert.All(rejected.Reasons, r => Assert.DoesNotContain(blob, r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Picture_that_is_gone_is_nothing_to_do_and_without_a_reader_it_is_tried_again()
    {
        Assert.Null(await _instance.Intake.RunAsync("incoming/example/A-1/payslip.png", null, Cancel));
        await UploadAsync("incoming/example/A-1/payslip.png");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => _instance.Intake.RunAsync("incoming/example/A-1/payslip.png", null, Cancel));
        Assert.Contains("serverless documents register", error.Message, StringComparison.Ordinal);
    }

    private Task ReadAsync(string id, string total, string file = "payslip.png") => _instance.Documents.WriteAsync(
        new("example", id, file, "0x1", _time.GetUtcNow(), "v") { Page = new(1, 1, []), Fields = new() { Total = new(total, total, 0.9, default, ForHuman: false) } }, Cancel);

    private async Task UploadAsync(string blob) => await _account.Blobs.GetBlobContainerClient("documents").GetBlobClient(blob).UploadAsync(BinaryData.FromString("no picture"), overwrite: true, Cancel);
}
