using Serverless.Serving;
using Serverless.Tests.Serving.Decisions;

namespace Serverless.Tests.Cli;

public class DecisionVerbsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Decision_is_shown_replayed_verified_online_and_offline_and_erased()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(TestContext.Current.CancellationToken);
        await ScoringInstance.PromoteAsync(account);
        using (var instance = new ScoringInstance(account, TimeProvider.System))
            for (var i = 1; i <= 5; i++) await instance.DecideAsync($"A-{i}");
        using var cli = new CliRun(connection);

        var shown = await cli.DoneAsync("decisions", "show", "example", "A-1");
        Assert.Equal(("refer", 0), ((string?)shown["decision"]!["verdict"], (int)shown["log"]!["segment"]!));
        Assert.Equal("The application has no value that the applicant can change within the contract's bounds.", (string?)shown["decision"]!["counterfactuals"]!["why"]);
        Assert.Equal(cli.PathOf("a.html"), (string?)(await cli.DoneAsync("decisions", "show", "example", "A-1", "--html", cli.PathOf("a.html")))["html"]);
        Assert.Contains("<h1>Decision on application A-1</h1>", await File.ReadAllTextAsync(cli.PathOf("a.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("identical", (string?)(await cli.DoneAsync("decisions", "replay", "example", "A-1"))["replay"]);
        Assert.Equal(5, (int)(await cli.DoneAsync("decisions", "verify"))["decisions"]!);
        Assert.True((int)(await cli.DoneAsync("decisions", "download", "--out", cli.PathOf("copy")))["files"]! >= 6);
        Assert.Equal(5, (int)(await cli.DoneAsync("decisions", "verify", "--folder", cli.PathOf("copy")))["applications"]!);
        Assert.Equal(2, (await cli.RunAsync("decisions", "download", "--out", cli.PathOf("copy"))).Exit);

        Assert.Equal((string?)shown["decision"]!["decisionId"], (string?)(await cli.DoneAsync("decisions", "erase", "example", "A-1", "--actor", "officer"))["erased"]!["decisionId"]);
        Assert.Equal(2, (await cli.RunAsync("decisions", "show", "example", "A-1", "--html", cli.PathOf("a.html"))).Exit);
        Assert.Equal("erased", (string?)(await cli.DoneAsync("decisions", "replay", "example", "A-1"))["replay"]);
        Assert.Equal("officer", (string?)(await cli.DoneAsync("decisions", "show", "example", "A-1"))["erased"]!["actor"]);
        Assert.Equal(1, (int)(await cli.DoneAsync("decisions", "verify"))["erased"]!);
        Assert.Contains("The log is whole: 5 decisions", (await cli.RunAsync("decisions", "verify")).Output, StringComparison.Ordinal);

        var segment = Directory.EnumerateFiles(cli.PathOf("copy/decision-log"), "*.jsonl", SearchOption.AllDirectories).First();
        var text = await File.ReadAllTextAsync(segment, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(segment, text.Replace("\"contractVersion\":\"1\"", "\"contractVersion\":\"2\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var (exit, json) = await cli.JsonAsync("decisions", "verify", "--folder", cli.PathOf("copy"));
        Assert.Equal(2, exit);
        Assert.Matches("^Shard [0-3], segment 0, line 2: the line .* was changed: it does not have its hash.$", (string?)json["reasons"]![0]);
    }

    [Theory]
    [InlineData("decisions", "replay", "Example", "A-1")]
    [InlineData("decisions", "show", "example", "../A-1")]
    [InlineData("decisions", "erase", "example", "A-1")]
    [InlineData("decisions", "replay", "example", "A-1")]
    [InlineData("decisions", "verify", "--folder", "/nowhere")]
    public async Task Bad_names_and_absent_decisions_are_refused(params string[] verb)
    {
        var connection = await azurite.NewConnectionAsync();
        await StorageAccount.Open(connection).PrepareAsync(TestContext.Current.CancellationToken);
        using var cli = new CliRun(connection);
        Assert.Equal(2, (await cli.RunAsync(verb)).Exit);
    }
}
