using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Tests.Functions;
using Serverless.Training.Drops;

namespace Serverless.Tests.Cli;

public class FeedbackVerbsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Conflict_is_listed_discarded_and_gathered_and_what_a_person_said_is_shown_and_erased()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(account, [new TextFamily()]).ActivateAsync(Json.File<object>(ChatModel.Contract), Cancel));
        var store = new FeedbackStore(account);
        var (right, wrong, mine, shared) = (Said("both", "balance", "C-1"), Said("both", "transfer", "C-2"), Said("mine alone", "balance", "C-1"), Said("said by two", "balance", "C-1"));
        foreach (var record in new[] { right, wrong, mine, shared, shared with { SaidBy = "C-3" } }) Assert.True(await store.AddAsync(record, Cancel));

        using var cli = new CliRun(connection);
        var listed = (await cli.RunAsync("feedback", "list", "chat")).Output;
        Assert.Contains($"{right.Id}  conflict", listed, StringComparison.Ordinal);
        Assert.Contains($"{mine.Id}  waits", listed, StringComparison.Ordinal);
        await cli.DoneAsync("feedback", "discard", "chat", wrong.Id.ToString());
        Assert.Equal(2, (await cli.RunAsync("feedback", "discard", "chat", wrong.Id.ToString())).Exit);
        var gathered = await cli.DoneAsync("feedback", "gather", "chat");
        Assert.Equal((4, 0), ((int)gathered["gathered"]!, (int)gathered["conflicts"]!));
        Assert.Equal("No feedback waits.\n", (await cli.RunAsync("feedback", "list", "chat")).Output.ReplaceLineEndings("\n"));

        // As accepted data: what the retrain path would have made of the drop.
        var drop = (string)gathered["drop"]!;
        var content = (await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(drop).DownloadContentAsync(Cancel)).Value.Content.ToArray();
        var part = new DatasetPart("a.csv", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), content.Length);
        var datasets = new DatasetStore(account);
        await datasets.KeepAsync("text", "chat", part.Sha256, new MemoryStream(content), Cancel);
        var dataset = new Dataset { Mode = DropMode.Increment, Drops = [new(drop, "1", DateTimeOffset.UnixEpoch, "1", [part])] };
        await datasets.WriteAsync("text", "chat", dataset, Cancel);
        await datasets.PointAsync("text", "chat", new(dataset.Sha256()), null, Cancel);

        await store.AddAsync(Said("not gathered yet", "balance", "C-1"), Cancel);
        await cli.DoneAsync("subject", "export", "--id", "C-1", "--out", cli.PathOf("person"));
        var exported = await File.ReadAllTextAsync(cli.PathOf("person/subject.json"), Cancel);
        foreach (var text in new[] { "both", "mine alone", "said by two", "not gathered yet" }) Assert.Contains($"\"text\": \"{text}\"", exported, StringComparison.Ordinal);

        // The drop itself is left to a person, as any other.
        var (exit, erased) = await cli.JsonAsync("subject", "erase", "--id", "C-1", "--actor", "officer");
        Assert.Equal(2, exit);
        Assert.Contains(erased["reasons"]!.AsArray(), r => ((string)r!).StartsWith($"drops/{drop} holds it in rows ", StringComparison.Ordinal));
        Assert.Contains("models/text/chat/ may hold texts of it, redacted, in questions.json of versions trained before: train again, then delete the folders of those versions, and what was exported or backed up of them.", erased["reasons"]!.AsArray().Select(r => (string?)r));
        Assert.Contains(erased["reasons"]!.AsArray(), r => (string?)r == "Erased: 0 applications, 0 papers, 0 refused messages, 4 feedbacks, 2 rows of the data that models are trained on.");
        Assert.Empty(await store.SaidByAsync("chat", "C-1", Cancel));
        Assert.Single(await store.SaidByAsync("chat", "C-3", Cancel));
        var current = (await datasets.CurrentAsync("text", "chat", Cancel))!.Dataset;
        await using var left = await datasets.DownloadAsync("text", "chat", current.Drops.Single().Parts.Single(), 0, Cancel);
        using var rows = new StreamReader(left.Content);
        var kept = await rows.ReadToEndAsync(Cancel);
        Assert.Contains("said by two", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("mine alone", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_are_none_and_portfolios_that_do_not_learn_are_refused()
    {
        using var cli = new CliRun(await azurite.NewConnectionAsync());
        string[][] verbs = [["list", "No Such"], ["gather", "../x"], ["discard", "No Such", "x"], ["discard", "chat", "../x"]];
        foreach (var verb in verbs) Assert.Equal(2, (await cli.RunAsync(["feedback", .. verb])).Exit);
    }

    private static FeedbackRecord Said(string text, string intent, string by) => new("chat", text, intent, "test", "me", DateTimeOffset.UnixEpoch) { SaidBy = by };
}
