using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Tests.Training.Text;
using Serverless.Tests.Training.Text.Encoder;
using Serverless.Training;

namespace Serverless.Tests.Cli;

public class EncoderVerbsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Encoder_is_registered_shown_and_trained_on_by_the_next_drop()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        using var cli = new CliRun(connection);
        var folder = SmallBert.Write(cli.PathOf("small-bert"));
        var version = (await SmallBert.ReadAsync(folder)).Version;
        var data = await cli.WriteAsync("texts.csv", TrainedText.Csv());
        var contract = TrainedText.Contract with { Network = null, Encoder = new() { Name = "small", Version = version, MaxTokens = 32 } };
        await cli.DoneAsync("contract", "activate", await cli.WriteAsync("c.json", System.Text.Encoding.UTF8.GetString(Json.File(contract))));
        await cli.DoneAsync("drops", "upload", data, "--family", "text", "--portfolio", "example");

        await using var path = new RetrainPath(account);
        var rejected = await path.RunAsync("text/example/texts.csv");
        Assert.Equal(RetrainResult.Rejected, rejected.Result);
        Assert.Contains($"run 'serverless encoders register FOLDER --name small --actor NAME'", Assert.Single(rejected.Reasons), StringComparison.Ordinal);
        Assert.Empty((await cli.DoneAsync("encoders", "list"))["encoders"]!.AsArray());

        var registered = await cli.DoneAsync("encoders", "register", folder, "--name", "small", "--actor", "ann");
        Assert.Equal(("small", version), ((string?)registered["name"], (string?)registered["version"]));
        await cli.DoneAsync("encoders", "register", folder, "--name", "small", "--actor", "ben"); // again: nothing changes
        Assert.Equal(version, (string?)Assert.Single((await cli.DoneAsync("encoders", "list"))["encoders"]!.AsArray())!["version"]);
        var shown = await cli.DoneAsync("encoders", "show", "small", version);
        Assert.Equal(("ann", 32), ((string?)shown["registration"]!["actor"], (int)shown["settings"]!["dimensions"]!));
        Assert.StartsWith("Drawn by chance", (string?)shown["licence"], StringComparison.Ordinal);

        await cli.DoneAsync("drops", "upload", data, "--family", "text", "--portfolio", "example", "--name", "again");
        var promoted = await path.RunAsync("text/example/again.csv");
        Assert.True(promoted.Result == RetrainResult.Promoted, string.Join('\n', promoted.Reasons));
        using var live = new TextFamily().Load(await path.Get<ModelRegistry>().OpenAsync("text", "example", promoted.Version!, Cancel));
        live.SelfTest();
        Assert.Contains(EncoderSettings.GraphFile, live.Bundle.Served.Keys);
    }

    [Fact]
    public async Task Encoder_is_trained_on_without_storage_and_must_be_the_one_that_the_contract_names()
    {
        using var cli = new CliRun();
        var folder = SmallBert.Write(cli.PathOf("small-bert"));
        var data = await cli.WriteAsync("texts.csv", TrainedText.Csv());
        var contract = TrainedText.Contract with { Network = null };
        var without = await cli.WriteAsync("c.json", System.Text.Encoding.UTF8.GetString(Json.File(contract)));
        var version = (await SmallBert.ReadAsync(folder)).Version;
        var refused = await cli.JsonAsync("train", "text", "--contract", without, "--data", data, "--encoder", folder, "--out", cli.PathOf("m"));
        Assert.Equal(
            (2, $"The encoder in 'small-bert' is version {version}, and the contract names no encoder: write \"encoder\": {{ \"name\": \"small-bert\", \"version\": \"{version}\" }}, or give the folder that it was registered from."),
            (refused.Exit, (string?)refused.Json["reasons"]![0]));

        var with = await cli.WriteAsync("d.json", System.Text.Encoding.UTF8.GetString(Json.File(contract with { Encoder = new() { Name = "small", Version = version, MaxTokens = 32 } })));
        var missing = await cli.JsonAsync("train", "text", "--contract", with, "--data", data, "--out", cli.PathOf("m"));
        Assert.EndsWith("Without storage, train with --encoder FOLDER.", (string?)missing.Json["reasons"]![0], StringComparison.Ordinal);
        var trained = await cli.DoneAsync("train", "text", "--contract", with, "--data", data, "--encoder", folder, "--out", cli.PathOf("m"));
        Assert.True((double)trained["weightOfEncoder"]! > 0);

        var (exit, table, error) = await cli.RunAsync("classify", "--model", cli.PathOf("m"), "--explain", "my card was stolen");
        Assert.True(exit == 0, error);
        Assert.Contains("encoder  word", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_folder_and_unknown_encoder_are_refused_with_what_to_do()
    {
        using var cli = new CliRun(await azurite.NewConnectionAsync());
        Directory.CreateDirectory(cli.PathOf("empty"));
        var (exit, json) = await cli.JsonAsync("encoders", "register", cli.PathOf("empty"), "--name", "small", "--actor", "ann");
        Assert.Equal((2, 3), (exit, json["reasons"]!.AsArray().Count));
        (exit, json) = await cli.JsonAsync("encoders", "register", cli.PathOf("empty"), "--name", "small", "--actor", " ann");
        Assert.Equal((2, Names.Actor.Fault), (exit, (string?)json["reasons"]![0]));
        (exit, json) = await cli.JsonAsync("encoders", "show", "small", "latest");
        Assert.Equal((2, $"The {Names.ModelVersion.Fault}"), (exit, (string?)json["reasons"]![1]));
    }
}
