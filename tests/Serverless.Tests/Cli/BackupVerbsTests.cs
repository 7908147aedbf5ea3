using Serverless.Serving;
using Serverless.Tests.Serving.Decisions;

namespace Serverless.Tests.Cli;

public class BackupVerbsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Account_is_backed_up_verified_offline_and_restored_into_an_empty_one()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(TestContext.Current.CancellationToken);
        await ScoringInstance.PromoteAsync(account);
        using (var instance = new ScoringInstance(account, TimeProvider.System)) await instance.DecideAsync();
        using var cli = new CliRun(connection);
        var folder = cli.PathOf("backup");

        var backup = await cli.DoneAsync("backup", "--out", folder);
        Assert.Equal((Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count() - 1, 0), ((int)backup["files"]!, backup["leftOut"]!.AsArray().Count));
        var list = await File.ReadAllBytesAsync(Path.Combine(folder, "backup.json"), TestContext.Current.CancellationToken);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(list)), (string?)backup["sha256"]);
        Assert.Equal((2, 2), ((await cli.RunAsync("backup", "--out", folder)).Exit, (await cli.RunAsync("restore", "--from", cli.PathOf("nowhere"))).Exit));
        Assert.Equal(1, (int)(await cli.DoneAsync("decisions", "verify", "--folder", folder))["applications"]!);

        using var other = new CliRun(await azurite.NewConnectionAsync());
        var (exit, text, error) = await other.RunAsync("restore", "--from", folder);
        Assert.True(exit == 0, error);
        Assert.StartsWith($"{backup["files"]} files, {backup["bytes"]} bytes are restored. Verify them with 'serverless decisions verify'", text, StringComparison.Ordinal);
        Assert.Equal("identical", (string?)(await other.DoneAsync("decisions", "replay", "example", "A-1"))["replay"]);
        Assert.Equal(backup["files"]!.ToString(), (await other.DoneAsync("restore", "--from", folder))["files"]!.ToString()); // again: all is there

        File.Delete(Path.Combine(folder, "models/credit/example/champion.json"));
        var (refused, json) = await other.JsonAsync("restore", "--from", folder);
        Assert.Equal((2, "'models/credit/example/champion.json' is missing."), (refused, (string?)json["reasons"]![0]));
    }
}
