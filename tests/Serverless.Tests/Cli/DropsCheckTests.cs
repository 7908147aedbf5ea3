using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training.Quality;

namespace Serverless.Tests.Cli;

public sealed class DropsCheckTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Drop_is_checked_against_a_contract_and_a_model_and_its_report_written()
    {
        var (data, contract, model) = (_cli.PathOf("loans.csv"), _cli.PathOf("loans.json"), _cli.PathOf("model"));
        await _cli.DoneAsync("sample", "loans", "--out", data, "--contract", contract, "--rows", "1500", "--seed", "7");
        await _cli.DoneAsync("train", "credit", "--contract", contract, "--data", data, "--out", model);
        var done = await _cli.DoneAsync("drops", "check", "--contract", contract, "--data", data, "--model", model, "--out", _cli.PathOf("report"));
        Assert.Equal((1500, 0), ((int)done["rows"]!, (int)done["rowsInError"]!));
        Assert.DoesNotContain(done["findings"]!.AsArray(), f => (string?)f!["gravity"] != "note");
        var report = JsonNode.Parse(await File.ReadAllTextAsync(_cli.PathOf("report/report.json"), TestContext.Current.CancellationToken))!;
        Assert.Matches("^[0-9a-f]{16}$", (string?)report["comparedWith"]);
        Assert.Equal(0, (double)report["columns"]![2]!["againstChampion"]!["psi"]!, 3);
        Assert.True(File.Exists(_cli.PathOf("report/report.html")));

        // A model that an older program wrote has no profile.
        File.Delete(Path.Combine(model, ModelProfile.FileName));
        done = await _cli.DoneAsync("drops", "check", "--contract", contract, "--data", data, "--model", model);
        Assert.Contains(done["findings"]!.AsArray(), f => ((string)f!["text"]!).StartsWith("Nothing was compared with the champion's data", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drop_that_would_be_rejected_gives_exit_2_and_its_report_all_the_same()
    {
        var (data, contract) = (_cli.PathOf("loans.csv"), _cli.PathOf("loans.json"));
        await _cli.DoneAsync("sample", "loans", "--out", data, "--contract", contract, "--rows", "30", "--seed", "7");
        var (exit, json) = await _cli.JsonAsync("drops", "check", "--contract", contract, "--data", data, "--out", _cli.PathOf("report"));
        Assert.Equal((2, "rejected"), (exit, (string?)json["outcome"]));
        var report = JsonNode.Parse(await File.ReadAllTextAsync(_cli.PathOf("report/report.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(json["reasons"]!.ToJsonString(Json.Options), report["reasons"]!.ToJsonString(Json.Options));
    }
}
