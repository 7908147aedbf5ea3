using System.Text.Json.Nodes;

namespace Serverless.Tests.Cli;

public sealed class RiskVerbsTests : IDisposable
{
    private readonly CliRun _cli = new();

    [Fact]
    public async Task Loans_are_valued_with_the_rules_of_a_contract_and_the_same_twice()
    {
        var (data, contract, model, rules) = (_cli.PathOf("loans.csv"), _cli.PathOf("c.json"), _cli.PathOf("model"), _cli.PathOf("rules.json"));
        await _cli.DoneAsync("sample", "loans", "--out", data, "--rows", "1000", "--contract", contract);
        await _cli.DoneAsync("train", "credit", "--contract", contract, "--data", data, "--out", model);
        var plain = await _cli.DoneAsync("risk", "report", "--model", model, "--data", data, "--out", _cli.PathOf("plain"));
        Assert.Null(plain["total"]!["money"]);

        var changed = JsonNode.Parse(await File.ReadAllTextAsync(contract, TestContext.Current.CancellationToken))!;
        changed["risk"] = new JsonObject { ["exposureColumn"] = "amount", ["lgd"] = 0.45 };
        await _cli.WriteAsync("rules.json", changed.ToJsonString());
        foreach (var folder in new[] { "a", "b" })
        {
            var valued = await _cli.DoneAsync("risk", "report", "--model", model, "--data", data, "--contract", rules, "--out", _cli.PathOf(folder));
            Assert.Equal((1000, 0), ((int)valued["rows"]!, (int)valued["rowsInError"]!));
            Assert.True((decimal)valued["total"]!["money"]!["expectedLoss"]! > 0);
        }

        foreach (var file in new[] { "risk.html", "risk.json" })
            Assert.Equal(await File.ReadAllBytesAsync(_cli.PathOf($"a/{file}"), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(_cli.PathOf($"b/{file}"), TestContext.Current.CancellationToken));

        changed["risk"]!["lgd"] = 45;
        var (exit, json) = await _cli.JsonAsync("risk", "report", "--model", model, "--data", data, "--contract", await _cli.WriteAsync("bad.json", changed.ToJsonString()), "--out", _cli.PathOf("none"));
        Assert.Equal((2, "'risk.lgd' must lie between 0 and 1: 0.45 means that 45 of 100 are lost."), (exit, (string?)json["reasons"]![0]));
        Assert.False(Directory.Exists(_cli.PathOf("none")));
    }

    public void Dispose() => _cli.Dispose();
}
