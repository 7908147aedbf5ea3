using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Tests.Cli;

public class PoisonVerbsTests(AzuriteFixture azurite)
{
    private const string Message = """{"applicationId":"A-1","portfolio":"hmeq","fields":{"income":"12345 Euro"}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_lies_on_the_poison_queue_is_listed_shown_and_requeued()
    {
        var (connection, account) = await AccountAsync();
        using var cli = new CliRun(connection);
        Assert.Equal("There is no poison.", (await cli.RunAsync("poison", "list")).Output.Trim());
        await account.RawQueues.GetQueueClient("loan-applications-poison").SendMessageAsync(Message, Cancel);

        var listed = Assert.Single((await cli.DoneAsync("poison", "list"))["records"]!.AsArray())!.AsObject();
        var id = PoisonId.Of(Message);
        Assert.Equal((id, "loan-applications", "hmeq", "A-1", 1), ((string?)listed["id"], (string?)listed["source"], (string?)listed["portfolio"], (string?)listed["applicationId"], (int)listed["count"]!));
        Assert.False(listed.ContainsKey("message"));
        var (_, text, _) = await cli.RunAsync("poison", "list");
        Assert.StartsWith($"{id} loan-applications hmeq/A-1", text, StringComparison.Ordinal);
        Assert.Contains("It is not base64", text, StringComparison.Ordinal);
        Assert.DoesNotContain("12345", text, StringComparison.Ordinal);

        Assert.Equal(Message, (string?)(await cli.DoneAsync("poison", "show", id[..6]))["record"]!["message"]);
        Assert.Equal(id, (string?)(await cli.DoneAsync("poison", "requeue", id[..6]))["requeued"]![0]);
        Assert.Equal(Message, (await account.Queues.GetQueueClient("loan-applications").ReceiveMessageAsync(cancellationToken: Cancel)).Value.Body.ToString());
        Assert.Empty((await cli.DoneAsync("poison", "list"))["records"]!.AsArray());
        Assert.Equal((2, $"There is no record '{id}': give an id that 'serverless poison list' prints, or at least 4 characters of its beginning."), await RefusedAsync(cli, "poison", "show", id));
    }

    [Fact]
    public async Task Requeue_of_all_takes_what_is_not_collected_yet_and_tells_what_cannot_go()
    {
        var (connection, account) = await AccountAsync();
        using var cli = new CliRun(connection);
        await new PoisonStore(account, TimeProvider.System).RejectAsync("loan-applications", BinaryData.FromString("one"), ["bad"], Cancel);
        await account.Queues.GetQueueClient("loan-applications-poison").SendMessageAsync("two", Cancel);
        await account.Queues.GetQueueClient("webjobs-blobtrigger-poison").SendMessageAsync("""{"ContainerName":"drops","BlobName":"credit/x.csv","ETag":"0x8D"}""", Cancel);

        var (exit, json) = await cli.JsonAsync("poison", "requeue", "--all");
        var blob = PoisonId.Of("drops", "credit/x.csv", "0x8D");
        Assert.Equal((2, $"The blob of record {blob}, drops/credit/x.csv, is gone: discard the record.", "The other 2 were requeued."), (exit, (string?)json["reasons"]![0], (string?)json["reasons"]![1]));
        Assert.Equal(["one", "two"], (await account.Queues.GetQueueClient("loan-applications").ReceiveMessagesAsync(5, cancellationToken: Cancel)).Value.Select(m => m.Body.ToString()).Order());

        var (_, text, _) = await cli.RunAsync("poison", "list");
        Assert.StartsWith($"{blob} drops/credit/x.csv ", text, StringComparison.Ordinal);
        Assert.Equal(blob, (string?)(await cli.DoneAsync("poison", "discard", blob))["discarded"]![0]);
        Assert.Empty((await cli.DoneAsync("poison", "requeue", "--all"))["requeued"]!.AsArray());
    }

    [Fact]
    public async Task Discard_takes_several_ids_and_nothing_when_one_is_wrong()
    {
        var (connection, account) = await AccountAsync();
        using var cli = new CliRun(connection);
        foreach (var message in new[] { "one", "two", "three" }) await new PoisonStore(account, TimeProvider.System).RejectAsync("loan-applications", BinaryData.FromString(message), ["bad"], Cancel);
        Assert.Equal(2, (await cli.JsonAsync("poison", "discard", PoisonId.Of("one"), "nothing")).Exit);
        Assert.Equal(3, (await cli.DoneAsync("poison", "list"))["records"]!.AsArray().Count);
        Assert.Equal(2, (await cli.DoneAsync("poison", "discard", PoisonId.Of("one"), PoisonId.Of("two")[..8]))["discarded"]!.AsArray().Count);
        Assert.Equal(PoisonId.Of("three"), (string?)Assert.Single((await cli.DoneAsync("poison", "list"))["records"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task Account_that_was_never_used_is_told_apart_from_a_failure()
    {
        using var cli = new CliRun(await azurite.NewConnectionAsync());
        var (exit, _, error) = await cli.RunAsync("poison", "list");
        Assert.Equal(2, exit);
        Assert.StartsWith("The storage account holds nothing of this program yet", error, StringComparison.Ordinal);
    }

    private async Task<(string Connection, StorageAccount Account)> AccountAsync()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        return (connection, account);
    }

    private static async Task<(int Exit, string? Reason)> RefusedAsync(CliRun cli, params string[] args)
    {
        JsonObject json;
        (var exit, json) = await cli.JsonAsync(args);
        return (exit, (string?)json["reasons"]![0]);
    }
}
