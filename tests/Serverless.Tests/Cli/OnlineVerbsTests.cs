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
        await cli.RunAsync("sample", "loans", "--out", data, "--rows", "600", "--contract", contract);

        var (exit, json) = await cli.JsonAsync("contract", "activate", contract);
        Assert.True(exit == 0, json.ToJsonString());
        (exit, json) = await cli.JsonAsync("drops", "upload", data, "--family", "credit", "--portfolio", "consumer-loans");
        Assert.Equal((0, "drops/credit/consumer-loans/loans.csv"), (exit, (string?)json["drop"]));
        Assert.Equal(new FileInfo(data).Length, (await account.Blobs.GetBlobContainerClient("drops").GetBlobClient("credit/consumer-loans/loans.csv").GetPropertiesAsync(cancellationToken: cancel)).Value.ContentLength);

        (exit, json) = await cli.JsonAsync("models", "list");
        Assert.Equal((0, 0), (exit, json["models"]!.AsArray().Count));
        (exit, _) = await cli.JsonAsync("models", "show", "credit", "consumer-loans");
        Assert.Equal(2, exit);

        await cli.RunAsync("train", "credit", "--contract", contract, "--data", data, "--out", model);
        var bundle = await ModelBundle.ReadFolderAsync(model, cancel);
        var registry = new ModelRegistry(account);
        await registry.PublishAsync(bundle, cancel);
        Assert.True(await registry.PromoteAsync("credit", "consumer-loans", bundle.Version, null, "test", DateTimeOffset.UnixEpoch, cancel));
        (exit, json) = await cli.JsonAsync("models", "list");
        Assert.Equal((0, bundle.Version, true), (exit, (string?)json["models"]![0]!["version"], (bool)json["models"]![0]!["live"]!));
        (exit, json) = await cli.JsonAsync("models", "show", "credit", "consumer-loans");
        Assert.Equal((0, bundle.Version), (exit, (string?)json["model"]!["version"]));

        var decision = new Decision("d1", "A-1", "consumer-loans", DecisionVerdict.Refer, 512.25m, 0.2, [], [], bundle.Version, "1", DateTimeOffset.UnixEpoch);
        await new ApplicationStore(account).CreateAsync(new ApplicationRecord(decision, "hash", DateTimeOffset.UnixEpoch, new Dictionary<string, JsonElement>()), cancel);
        (exit, json) = await cli.JsonAsync("decisions", "show", "consumer-loans", "A-1");
        Assert.Equal((0, "refer", 512.25m), (exit, (string?)json["decision"]!["verdict"], (decimal)json["decision"]!["points"]!));
        (exit, json) = await cli.JsonAsync("decisions", "show", "consumer-loans", "A-2");
        Assert.Equal((2, "There is no decision on application 'A-2' in portfolio 'consumer-loans'."), (exit, (string?)json["reasons"]![0]));
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
        Assert.Contains("resource does not exist", error, StringComparison.Ordinal);
    }
}
