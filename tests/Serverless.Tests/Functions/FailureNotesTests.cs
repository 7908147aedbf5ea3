using Azure;
using Microsoft.Extensions.Configuration;
using Serverless.Functions;
using Serverless.Serving;
using Serverless.Serving.Poison;
using Serverless.Tests.Faults;

namespace Serverless.Tests.Functions;

public class FailureNotesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Message = """{"applicationId":"A-1","portfolio":"hmeq","fields":{"income":"12345 Euro"}}""";
    private static readonly ScriptRoot Root = ScriptRoot.Read(AppContext.BaseDirectory, new ConfigurationBuilder().Build());
    private readonly KeptLog<FailureNotes> _log = new();
    private readonly ManualTime _time = new();
    private string _connection = "";
    private StorageAccount _account = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<Exception, string> Reasons => new()
    {
        { new InvalidModelException("Golden input 1 is answered otherwise."), "InvalidModelException: Golden input 1 is answered otherwise." },
        { new InvalidDataException("The active contract is missing."), "InvalidDataException: The active contract is missing." },
        { new RequestFailedException(503, "12345", "ServerBusy", null), "RequestFailedException: 503 ServerBusy" },
        { new RequestFailedException(0, "12345", null, null), "RequestFailedException: 0" },
        { new AggregateException(new IOException("12345"), new RequestFailedException(0, "12345")), "RequestFailedException: 0" },
        { new FormatException("'12345 Euro' is no number"), "FormatException" },
    };

    public async ValueTask InitializeAsync()
    {
        _connection = await azurite.NewConnectionAsync();
        _account = StorageAccount.Open(_connection);
        await _account.PrepareAsync(Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Reason_says_what_failed_without_content(Exception error, string reason) => Assert.Equal(reason, FailureReason.Of(error));

    [Fact]
    public async Task Failures_on_a_message_are_noted_and_go_on_to_the_host()
    {
        var first = _time.GetUtcNow();
        var errors = new Queue<Exception>([new FormatException("12345 Euro"), new RequestFailedException(503, "busy", "ServerBusy", null), new FormatException("12345 Euro")]);
        var function = OnQueue(_account, (_, _) => throw errors.Dequeue());
        foreach (var error in errors.ToList())
        {
            Assert.Same(error, await Record.ExceptionAsync(() => function.RunAsync(BinaryData.FromString(Message), Cancel)));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        var note = await NoteAsync($"attempts/loan-applications/{PoisonId.Of(Message)}.json");
        var history = note.ToObjectFromJson<FailureHistory>(Json.Options)!;
        Assert.Equal((3, first, first.AddMinutes(2)), (history.Count, history.FirstFailure, history.LastFailure));
        Assert.Equal(["FormatException", "RequestFailedException: 503 ServerBusy"], history.Reasons);
        Assert.DoesNotContain("A-1", note.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, _log.Warnings.Count());
        Assert.DoesNotContain(_log.Lines, l => l.Message.Contains("12345", StringComparison.Ordinal) || l.Message.Contains("A-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failure_on_a_blob_is_noted_by_its_content()
    {
        var function = (Function.OnBlob)Notes(_account).Noting(new Function.OnBlob("RetrainOnDrop", [], (_, _, _) => throw new InvalidModelException("changed")));
        await Assert.ThrowsAsync<InvalidModelException>(() => function.RunAsync("credit/hmeq/x.csv", "\"0x8D\"", Cancel));
        Assert.Contains("InvalidModelException: changed", (await NoteAsync($"attempts/drops/{PoisonId.Of("drops", "credit/hmeq/x.csv", "0x8D")}.json")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_and_cancellation_cost_no_call_and_are_no_failures()
    {
        var faults = new StorageFaults();
        using var stop = new CancellationTokenSource();
        await OnQueue(faults.Open(_connection), (_, _) => Task.CompletedTask).RunAsync(BinaryData.FromString(Message), stop.Token);
        var stopped = OnQueue(faults.Open(_connection), async (_, cancel) =>
        {
            await stop.CancelAsync();
            cancel.ThrowIfCancellationRequested();
        });
        await Assert.ThrowsAsync<OperationCanceledException>(() => stopped.RunAsync(BinaryData.FromString(Message), stop.Token));
        Assert.Empty(faults.Calls);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Timeout_that_nobody_asked_for_is_a_failure()
    {
        var function = OnQueue(_account, (_, _) => throw new TaskCanceledException());
        await Assert.ThrowsAsync<TaskCanceledException>(() => function.RunAsync(BinaryData.FromString(Message), Cancel));
        await NoteAsync($"attempts/loan-applications/{PoisonId.Of(Message)}.json");
    }

    [Theory]
    [InlineData(Fault.Refuse)]
    [InlineData(Fault.Break)]
    [InlineData(Fault.CrashBefore)]
    internal async Task Failure_that_cannot_be_noted_is_logged_and_goes_on_as_it_was(Fault fault)
    {
        var faults = new StorageFaults();
        faults.Inject(fault, times: int.MaxValue);
        var error = new FormatException("12345 Euro");
        Assert.Same(error, await Record.ExceptionAsync(() => OnQueue(faults.Open(_connection), (_, _) => throw error).RunAsync(BinaryData.FromString(Message), Cancel)));
        var warning = Assert.Single(_log.Warnings);
        Assert.EndsWith("FormatException; the attempt could not be noted", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("12345", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Function_without_a_message_stays_as_it_is()
    {
        var timer = new Function.OnTimer("HandlePoison", [], _ => Task.CompletedTask);
        Assert.Same(timer, Notes(_account).Noting(timer));
    }

    private Function.OnQueue OnQueue(StorageAccount account, Func<BinaryData, CancellationToken, Task> run) =>
        (Function.OnQueue)Notes(account).Noting(new Function.OnQueue("ScoreLoanApplication", [], run));

    private FailureNotes Notes(StorageAccount account) => new(new PoisonStore(account, _time), Root, _log);

    private async Task<BinaryData> NoteAsync(string name) => (await _account.Blobs.GetBlobContainerClient("poison").GetBlobClient(name).DownloadContentAsync(Cancel)).Value.Content;
}
