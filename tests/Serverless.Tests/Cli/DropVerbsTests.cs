using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Samples;

namespace Serverless.Tests.Cli;

/// <summary>Drops from a terminal: uploaded in parts, listed, reported and given back.</summary>
public class DropVerbsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drop_is_uploaded_in_parts_listed_reported_and_given_back()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        using var cli = new CliRun(connection);
        string[] parts = [await cli.WriteAsync("a.csv", "a,b\n1,2\n"), await cli.WriteAsync("b.csv", "a,b\n3,4\n")];
        var uploaded = await cli.DoneAsync("drops", "upload", parts[0], parts[1], "--family", "credit", "--portfolio", LoanSample.Portfolio, "--name", "march", "--observed-on", "2026-03-31");
        var name = $"credit/{LoanSample.Portfolio}/march.drop.json";
        Assert.Equal(($"drops/{name}", 2, 0, 16), ((string?)uploaded["drop"], (int)uploaded["files"]!, (int)uploaded["skipped"]!, (int)uploaded["bytes"]!));
        Assert.Equal("waiting", (string?)(await cli.DoneAsync("drops", "list", "credit", LoanSample.Portfolio))["drops"]!.AsArray().Single()!["state"]);
        Assert.Equal((2, $"Drop '{name}' has no report yet, since nobody has worked on it: see 'serverless drops list'."), await ReasonAsync(cli, "drops", "report", name));

        Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(account, [new Serverless.Serving.Credit.CreditFamily()]).ActivateAsync(Json.File<object>(LoanSample.Contract), Cancel));
        await using (var path = new RetrainPath(account)) Assert.Equal(RetrainResult.Rejected, (await path.RunAsync(name)).Result);
        var reported = await cli.DoneAsync("drops", "report", $"drops/{name}", "--out", cli.PathOf("report"));
        Assert.Equal("rejected", (string?)reported["drop"]!["state"]);
        Assert.StartsWith("The header lacks ", (string?)reported["report"]!["reasons"]![0], StringComparison.Ordinal);
        Assert.Equal([cli.PathOf("report/march.drop.json.report.html"), cli.PathOf("report/march.drop.json.report.json")], reported["files"]!.AsArray().Select(f => (string?)f));
        Assert.All(reported["files"]!.AsArray(), file => Assert.True(File.Exists((string?)file)));
        Assert.Matches($"^{name}  rejected  .*Z  The header lacks ", (await cli.RunAsync("drops", "list")).Output);

        Assert.Equal(3, (int)(await cli.DoneAsync("drops", "retry", name))["files"]!);
        Assert.Equal(["waiting", "rejected"], (await cli.DoneAsync("drops", "list"))["drops"]!.AsArray().Select(d => (string?)d!["state"]));
        Assert.Equal((2, $"'{name}' is not among the rejected drops: see 'serverless drops list'."), await ReasonAsync(cli, "drops", "retry", name));
        Assert.Equal((2, "There is no such drop: give a name that 'serverless drops list' prints, such as credit/consumer/2026-03.csv."), await ReasonAsync(cli, "drops", "report", "credit/none/a.csv"));
    }

    private static async Task<(int Exit, string? Reason)> ReasonAsync(CliRun cli, params string[] verb)
    {
        var (exit, json) = await cli.JsonAsync(verb);
        return (exit, (string?)json["reasons"]!.AsArray().Single());
    }
}
