using System.Text.Json.Nodes;

namespace Serverless.Tests.Cli;

public sealed class ForecastVerbsTests : IDisposable
{
    private const string Small = """{ "networks": 2, "epochs": 1, "window": 5, "units": 4 }""";

    private readonly CliRun _cli = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sample_is_trained_evaluated_and_forecast()
    {
        var (data, contract, model) = (_cli.PathOf("market.csv"), _cli.PathOf("contract.json"), _cli.PathOf("model"));
        await _cli.DoneAsync("sample", "market", "--out", data, "--days", "700", "--contract", contract);
        var changed = JsonNode.Parse(await File.ReadAllTextAsync(contract, Cancel))!.AsObject();
        changed["forecast"] = JsonNode.Parse(Small);
        await File.WriteAllTextAsync(contract, changed.ToJsonString(), Cancel);

        var trained = await _cli.DoneAsync("train", "market", "--data", data, "--contract", contract, "--out", model);
        Assert.Equal(1400, (int)trained["rows"]!);
        foreach (var figure in (string[])["likelihoodScore", "pAgainstBaseline", "coverage90", "directionAlwaysUp"]) Assert.InRange((double)trained[figure]!, 0, 1);
        Assert.True((double)trained["qlikeNetwork"]! < 0);
        var card = await File.ReadAllTextAsync(Path.Combine(model, "card.md"), Cancel);
        Assert.Contains((double)trained["servesNetwork"]! == 1 ? "The networks are served" : "No network is served, but the best baseline", card, StringComparison.Ordinal);

        Assert.Contains("--data DATA.csv --exogenous SIMVIX=SIMVIX.csv --out again", card, StringComparison.Ordinal);

        var forecast = (await _cli.DoneAsync("forecast", "--model", model, "--data", data, "--contract", contract))["forecasts"]!.AsArray()[0]!;
        Assert.Equal(("SIM", 1), ((string?)forecast["symbol"], (int)forecast["horizon"]!));
        Assert.InRange((double)forecast["volatility"]!, 0.001, 0.1);
        Assert.InRange((double)forecast["probabilityUp"]!, 0.3, 0.7);
        var quantiles = forecast["quantiles"]!.AsArray().Select(q => (double)q!["return"]!).ToList();
        Assert.Equal(quantiles.Order(), quantiles);

        var evaluated = await _cli.DoneAsync("evaluate", "--model", model, "--data", data);
        Assert.Equal(((string?)trained["version"], 1400), ((string?)evaluated["version"], (int)evaluated["rows"]!));
    }

    [Fact]
    public async Task Bad_input_says_what_to_do()
    {
        var (data, contract) = (_cli.PathOf("market.csv"), _cli.PathOf("contract.json"));
        await _cli.DoneAsync("sample", "market", "--out", data, "--days", "520", "--contract", contract);
        var changed = JsonNode.Parse(await File.ReadAllTextAsync(contract, Cancel))!.AsObject();
        changed["forecast"] = JsonNode.Parse("""{ "window": 256 }""");
        var wide = await _cli.WriteAsync("wide.json", changed.ToJsonString());
        var (exit, json) = await _cli.JsonAsync("train", "market", "--data", data, "--contract", wide, "--out", _cli.PathOf("m"));
        Assert.Equal(2, exit);
        Assert.StartsWith("No symbol has 100 days to learn from up to ", (string?)json["reasons"]![0], StringComparison.Ordinal);

        changed["forecast"] = JsonNode.Parse("""{ "networks": 17, "window": 1, "significance": 0 }""");
        (exit, json) = await _cli.JsonAsync("train", "market", "--data", data, "--contract", await _cli.WriteAsync("bad.json", changed.ToJsonString()), "--out", _cli.PathOf("m"));
        Assert.Equal(2, exit);
        Assert.Equal(
            [
                "'forecast.networks' must lie between 0 and 16: 4 is usual; more cost time.",
                "'forecast.window' must lie between 2 and 256: 22 is a month.",
                "'forecast.significance' must lie above 0 and be at most 0.5: 0.05 lets one useless network in twenty pass.",
            ],
            json["reasons"]!.AsArray().Select(r => (string?)r));
    }

    public void Dispose() => _cli.Dispose();
}
