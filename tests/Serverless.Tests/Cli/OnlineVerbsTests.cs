using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Tests.Cli;

public class OnlineVerbsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Contract_drop_model_and_decision_are_stored_and_shown()
    {
        var cancel = TestContext.Current.CancellationToken;
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        using var cli = new CliRun(connection);
        var (data, contract, model) = (cli.PathOf("loans.csv"), cli.PathOf("c.json"), cli.PathOf("model"));
        await cli.DoneAsync("sample", "loans", "--out", data, "--rows", "600", "--contract", contract);

        Assert.Equal("1", (string?)(await cli.DoneAsync("contract", "activate", contract))["version"]);
        Assert.Equal("drops/credit/consumer-loans/loans.csv", (string?)(await cli.DoneAsync("drops", "upload", data, "--family", "credit", "--portfolio", "consumer-loans"))["drop"]);
        var drop = account.Blobs.GetBlobContainerClient("drops").GetBlobClient("credit/consumer-loans/loans.csv");
        Assert.Equal(await File.ReadAllBytesAsync(data, cancel), (await drop.DownloadContentAsync(cancel)).Value.Content.ToArray());

        Assert.Empty((await cli.DoneAsync("models", "list"))["models"]!.AsArray());
        var (exit, json) = await cli.JsonAsync("models", "show", "credit", "consumer-loans");
        Assert.Equal((2, "No model of credit/consumer-loans is live: see 'serverless models list'."), (exit, (string?)json["reasons"]![0]));

        await cli.DoneAsync("train", "credit", "--contract", contract, "--data", data, "--out", model);
        var bundle = await ModelBundle.ReadFolderAsync(model, cancel);
        var registry = new ModelRegistry(account);
        await registry.PublishAsync(bundle, cancel);
        Assert.True(await registry.PromoteAsync("credit", "consumer-loans", bundle.Version, null, "test", DateTimeOffset.UnixEpoch, cancel));
        var listed = (await cli.DoneAsync("models", "list"))["models"]![0]!;
        Assert.Equal((bundle.Version, true), ((string?)listed["version"], (bool)listed["live"]!));
        Assert.Equal(bundle.Version, (string?)(await cli.DoneAsync("models", "show", "credit", "consumer-loans"))["model"]!["version"]);

        var decision = new Decision("d1", "A-1", "consumer-loans", DecisionVerdict.Refer, 512.25m, 0.2, [], [], bundle.Version, "1", DateTimeOffset.UnixEpoch);
        var made = new DecidedCase(decision, new("hash", DateTimeOffset.UnixEpoch, new Dictionary<string, JsonElement>()), []);
        await new ApplicationStore(account).CreateAsync(new ApplicationRecord("consumer-loans", "A-1", "d1", new(0, 0, 0)) { Case = made }, cancel);
        var shown = (await cli.DoneAsync("decisions", "show", "consumer-loans", "A-1"))["decision"]!;
        Assert.Equal(("refer", 512.25m), ((string?)shown["verdict"], (decimal)shown["points"]!));
        (exit, json) = await cli.JsonAsync("decisions", "show", "consumer-loans", "A-2");
        Assert.Equal((2, "There is no decision on application 'A-2' in portfolio 'consumer-loans'."), (exit, (string?)json["reasons"]![0]));
    }

    [Fact]
    public async Task Account_that_was_never_used_is_told_apart_from_a_failure()
    {
        using var cli = new CliRun(await azurite.NewConnectionAsync());
        var (exit, _, error) = await cli.RunAsync("models", "list");
        Assert.Equal(2, exit);
        Assert.StartsWith("The storage account holds nothing of this program yet", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drop_of_an_unknown_family_or_kind_is_rejected()
    {
        using var cli = new CliRun(await azurite.NewConnectionAsync());
        var (exit, json) = await cli.JsonAsync("drops", "upload", await cli.WriteAsync("x.txt", "a"), "--family", "weather", "--portfolio", "loans");
        Assert.Equal(2, exit);
        Assert.Equal(2, json["reasons"]!.AsArray().Count);
    }

    [Fact]
    public async Task Addresses_of_a_running_app_are_found_above_the_folder()
    {
        using var cli = new CliRun();
        Directory.CreateDirectory(cli.PathOf(".data"));
        var connection = (await azurite.NewConnectionAsync()).Split(';').Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1]);
        var root = new Uri(connection["BlobEndpoint"]).GetLeftPart(UriPartial.Authority);
        await cli.WriteAsync(".data/azurite.json", JsonSerializer.Serialize(new { blobEndpoint = $"{root}/devstoreaccount1", queueEndpoint = $"{root}/devstoreaccount1" }));

        // The test's Azurite serves other accounts: being refused by it shows that it was asked.
        var (exit, _, error) = await cli.RunAsync("models", "list");
        Assert.Equal(1, exit);
        Assert.StartsWith("The storage account refused: ", error, StringComparison.Ordinal);
    }
}
