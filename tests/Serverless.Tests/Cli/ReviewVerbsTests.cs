using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Tests.Serving.Credit;
using Serverless.Tests.Serving.Decisions;

namespace Serverless.Tests.Cli;

public class ReviewVerbsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Review_is_listed_shown_taken_decided_backed_up_given_out_and_erased_and_its_notice_written()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(account);
        using (var instance = new ScoringInstance(account, TimeProvider.System))
        {
            await instance.DecideAsync("A-1");
            await instance.DecideAsync("A-2");
            await instance.Reviewing.ContestAsync("example", "A-1", "branch", "I disagree.", Cancel);
        }

        using var cli = new CliRun(connection);
        Assert.Equal(["A-1", "A-2"], (await cli.DoneAsync("reviews", "list", "example"))["reviews"]!.AsArray().Select(r => (string?)r!["applicationId"]));
        Assert.Equal("I disagree.", (string?)(await cli.DoneAsync("reviews", "show", "example", "A-1"))["review"]!["contested"]!["statements"]![0]!["text"]);
        await cli.DoneAsync("reviews", "take", "example", "A-1", "--actor", "ann");
        Assert.Equal(2, (await cli.RunAsync("reviews", "take", "example", "A-1", "--actor", "ben")).Exit);
        await cli.DoneAsync("reviews", "take", "example", "A-1", "--actor", "ben", "--from", "ann");
        await DecideAsync(cli, account);
        Assert.Equal("ben", (string?)(await cli.DoneAsync("decisions", "show", "example", "A-1"))["decision"]!["review"]!["by"]);
        Assert.Contains("There is no such review.", (await cli.RunAsync("reviews", "list", "example", "--state", "taken")).Output, StringComparison.Ordinal);

        var (_, refused) = await cli.JsonAsync("decisions", "notice", "example", "A-1");
        Assert.Equal("Portfolio 'example' has no active contract, which says who the creditor is: activate one with 'notice'.", (string?)refused["reasons"]![0]);
        var contract = CreditExample.Contract with { Notice = new() { Creditor = "Example Bank", Address = "1 Main Street", Contact = "1-800-555-0100", Agency = "Example Agency" } };
        Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(account, [new CreditFamily()]).ActivateAsync(Json.File(contract), Cancel));
        Assert.Contains("- Your income could not be proven.\n", (await cli.RunAsync("decisions", "notice", "example", "A-1")).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await cli.RunAsync("decisions", "notice", "example", "A-2")).Exit);

        Assert.Equal(1, (int)(await cli.DoneAsync("decisions", "verify"))["reviews"]!);
        await cli.DoneAsync("backup", "--out", cli.PathOf("backup"));
        Assert.True(File.Exists(cli.PathOf("backup/reviews/example/A-1.json")));
        using var other = new CliRun(await azurite.NewConnectionAsync());
        await other.DoneAsync("restore", "--from", cli.PathOf("backup"));
        Assert.Equal(1, (int)(await other.DoneAsync("decisions", "verify"))["reviews"]!);
        Assert.Equal("decided", (string?)(await other.DoneAsync("reviews", "show", "example", "A-1"))["review"]!["state"]);

        await cli.DoneAsync("subject", "export", "--id", "A-1", "--out", cli.PathOf("person"));
        Assert.Contains("I disagree.", await File.ReadAllTextAsync(cli.PathOf("person/subject.json"), Cancel), StringComparison.Ordinal);
        await cli.DoneAsync("subject", "erase", "--id", "A-1", "--actor", "officer");
        Assert.False(await account.Blobs.GetBlobContainerClient("reviews").GetBlobClient("example/A-1.json").ExistsAsync(Cancel));
        Assert.Equal(2, (await cli.RunAsync("reviews", "show", "example", "A-1")).Exit);
        Assert.Equal(1, (int)(await cli.DoneAsync("decisions", "verify"))["reviews"]!);
    }

    /// <summary>Decides A-1, at first without its queue.</summary>
    private static async Task DecideAsync(CliRun cli, StorageAccount account)
    {
        string[] decide = ["reviews", "decide", "example", "A-1", "--verdict", "decline", "--reason", "Your income could not be proven.", "--actor", "ben"];
        var queue = account.Queues.GetQueueClient("loan-decisions");
        await queue.DeleteAsync(Cancel);
        var (exit, _, error) = await cli.RunAsync(decide);
        Assert.Equal(
            (1, "The decision on application 'A-1' of portfolio 'example' is recorded and stands, but could not be put on queue 'loan-decisions' " +
            "(RequestFailedException: 404 QueueNotFound): decide again with the same verdict and reason, which sends it."), (exit, error.Trim()));
        await queue.CreateAsync(cancellationToken: Cancel);
        Assert.Equal(["A-1"], (await cli.DoneAsync("reviews", "list", "example", "--state", "taken"))["reviews"]!.AsArray().Select(r => (string?)r!["applicationId"]));
        Assert.Equal("decline", (string?)(await cli.DoneAsync(decide))["review"]!["outcome"]!["verdict"]);
        var sent = JsonNode.Parse(Assert.Single((await queue.ReceiveMessagesAsync(32, cancellationToken: Cancel)).Value).Body)!;
        Assert.Equal(("A-1", "decline", "ben", "refer"), ((string?)sent["applicationId"], (string?)sent["verdict"], (string?)sent["person"]!["by"], (string?)sent["person"]!["ofVerdict"]));
    }

    [Fact]
    public async Task Bad_names_and_absent_reviews_are_refused()
    {
        var connection = await azurite.NewConnectionAsync();
        await StorageAccount.Open(connection).PrepareAsync(Cancel);
        using var cli = new CliRun(connection);
        foreach (var line in new[]
        {
            "reviews list EXAMPLE", "reviews list example --state odd", "reviews show example ../A-1", "reviews take example A-1", "reviews take example A-1 --actor ann",
            "reviews decide example A-1 --verdict refer --reason x --actor ann", "reviews decide example A-1 --verdict approve --reason x --actor ann", "decisions notice example A-1", "decisions notice EXAMPLE A-1",
        }) Assert.Equal((line, 2), (line, (await cli.RunAsync(line.Split(' '))).Exit));
    }
}
