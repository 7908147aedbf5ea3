using System.Text;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Tests.Serving.Decisions;
using Serverless.Tests.Training.Credit.Imported;

namespace Serverless.Tests.Cli;

public class RegisterVerbTests(AzuriteFixture azurite)
{
    private static CreditContract Contract => SmallNetwork.Contract;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Graph_is_registered_through_the_gate_and_approval_and_decides_with_reasons()
    {
        var connection = await azurite.NewConnectionAsync();
        using var cli = new CliRun(connection);
        var (contract, graph, data) = await FilesAsync(cli);
        string[] register = ["models", "register", "--contract", contract, "--graph", graph, "--data", data, "--out", cli.PathOf("model"), "--actor", "ann"];
        var (exit, early) = await cli.JsonAsync(register);
        Assert.Equal((2, ContractStore.HowToActivate("credit", "example")), (exit, (string?)early["reasons"]![0]));
        await cli.DoneAsync("contract", "activate", await cli.WriteAsync("other.json", Encoding.UTF8.GetString(Json.File(Contract with { MaxReasons = 3 }))));
        Assert.StartsWith("The contract is not the active one of credit/example, whose gate decides:", (string?)(await cli.JsonAsync(register)).Json["reasons"]![0], StringComparison.Ordinal);
        await cli.DoneAsync("contract", "activate", await cli.WriteAsync("contract.json", Encoding.UTF8.GetString(Json.File(Contract with { Version = "2", Gate = new() { Approval = true } }))));
        var registered = await cli.DoneAsync(register);
        var version = (string?)registered["version"];
        Assert.True((string?)registered["result"] == "awaitingApproval", registered.ToJsonString());
        Assert.Equal(2, (await cli.JsonAsync("models", "approve", "credit", "example", version!, "--actor", "ann")).Exit); // who proposed it
        await cli.DoneAsync("models", "approve", "credit", "example", version!, "--actor", "ben", "--reason", "reviewed");
        Assert.Equal("promoted", (string?)(await cli.DoneAsync(register))["result"]); // again: nothing changes
        var shownModel = await cli.DoneAsync("models", "show", "credit", "example");
        Assert.Equal(version, (string?)shownModel["model"]!["version"]);
        Assert.Contains("\"ann\"", shownModel.ToJsonString(), StringComparison.Ordinal);

        using var instance = new ScoringInstance(StorageAccount.Open(connection), TimeProvider.System);
        var message = BinaryData.FromObjectAsJson(new { applicationId = "A-1", portfolio = "example", submittedAt = "2026-03-01T09:30:00Z", fields = SmallNetwork.Fields(600, 1.9, 9000, "travel") });
        var decision = Assert.IsType<Outcome<Decision>.Done>(await instance.Decisions.DecideAsync(message, Cancel)).Value;
        Assert.Equal((version, DecisionVerdict.Decline), (decision.ModelVersion, decision.Verdict));
        Assert.NotEmpty(decision.Reasons);
        var shown = (await cli.DoneAsync("decisions", "show", "example", "A-1", "--html", cli.PathOf("decision.html")))["decision"]!;
        Assert.Equal(decision.Points, (decimal)shown["points"]!);
        Assert.Contains("trained elsewhere and registered", await File.ReadAllTextAsync(cli.PathOf("decision.html"), Cancel), StringComparison.Ordinal);
        Assert.Equal("identical", (string?)(await cli.DoneAsync("decisions", "replay", "example", "A-1"))["replay"]);
    }

    [Fact]
    public async Task Registered_model_scores_files_without_storage_and_its_card_tells_what_it_is()
    {
        using var cli = new CliRun();
        var (contract, graph, data) = await FilesAsync(cli);
        var registered = await cli.DoneAsync("models", "register", "--contract", contract, "--graph", graph, "--data", data, "--out", cli.PathOf("model"));
        Assert.Null(registered["stored"]);
        Assert.Equal((2000, 0), ((int)(await cli.DoneAsync("score", "--model", cli.PathOf("model"), "--data", data, "--out", cli.PathOf("scores.csv")))["rows"]!, 0));
        using var scorer = (CreditScorer)new CreditFamily().Load(await ModelBundle.ReadFolderAsync(cli.PathOf("model"), Cancel));
        var last = (await File.ReadAllLinesAsync(cli.PathOf("scores.csv"), Cancel))[^1].Split(',');
        var fields = (await File.ReadAllLinesAsync(data, Cancel))[^1].Split(',');
        var score = ((Outcome<CreditScore>.Done)scorer.Score(new[] { "income", "debts", "since", "purpose" }.Zip(fields.Skip(1), (name, text) => (name, JsonSerializer.SerializeToElement(text))).ToDictionary(f => f.name, f => f.Item2))).Value;
        Assert.Equal((double)score.Points, double.Parse(last[1], System.Globalization.CultureInfo.InvariantCulture), 0.011);
        Assert.Equal(string.Join("; ", score.Reasons.Select(r => r.Column)), last[4]);
        Assert.Contains("trained elsewhere", await File.ReadAllTextAsync(cli.PathOf("model/card.md"), Cancel), StringComparison.Ordinal);
        Assert.Equal(0.5, scorer.Contract.Training.Holdout);
    }

    [Fact]
    public async Task What_cannot_be_registered_ends_with_2_and_what_to_do()
    {
        using var cli = new CliRun();
        var (contract, graph, data) = await FilesAsync(cli);
        await File.WriteAllBytesAsync(graph, SmallNetwork.Graph(width: 5), Cancel);
        await RefusedAsync("The graph must have one input, float [n, 6], for the contract's inputs");
        await File.WriteAllBytesAsync(graph, SmallNetwork.Graph(), Cancel);
        await RefusedAsync("The graph gives no number where 'income' is missing: register it with '--missing median'", "--missing", "nan");
        await RefusedAsync("The graph is said to give probabilities and gives a number outside 0 to 1", "--gives", "probability");
        Assert.False(Directory.Exists(cli.PathOf("model")));

        async Task RefusedAsync(string start, params string[] more)
        {
            var (exit, json) = await cli.JsonAsync(["models", "register", "--contract", contract, "--graph", graph, "--data", data, "--out", cli.PathOf("model"), .. more]);
            Assert.Equal(2, exit);
            Assert.StartsWith(start, (string?)Assert.Single(json["reasons"]!.AsArray()), StringComparison.Ordinal);
        }
    }

    private static async Task<(string Contract, string Graph, string Data)> FilesAsync(CliRun cli)
    {
        await File.WriteAllBytesAsync(cli.PathOf("model.onnx"), SmallNetwork.Sigmoid(), Cancel);
        return (await cli.WriteAsync("contract.json", Encoding.UTF8.GetString(Json.File(Contract))), cli.PathOf("model.onnx"), await cli.WriteAsync("loans.csv", SmallNetwork.Csv(2000)));
    }
}
