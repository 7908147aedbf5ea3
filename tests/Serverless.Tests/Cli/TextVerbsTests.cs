using System.Text.Json.Nodes;
using Serverless.Tests.Functions;

namespace Serverless.Tests.Cli;

public sealed class TextVerbsTests : IDisposable
{
    private readonly CliRun _cli = new();

    [Fact]
    public async Task Sample_is_trained_evaluated_and_classified()
    {
        var (data, contract, model) = (_cli.PathOf("texts.csv"), _cli.PathOf("texts.json"), _cli.PathOf("model"));
        await _cli.DoneAsync("sample", "customer-service", "--out", data, "--contract", contract);
        var small = JsonNode.Parse(await File.ReadAllTextAsync(contract, TestContext.Current.CancellationToken))!; // the usual networks train for a minute
        small["network"] = JsonNode.Parse("""{ "networks": 1, "epochs": 10, "dimensions": 64, "filters": 64 }""");
        await File.WriteAllTextAsync(contract, small.ToJsonString(), TestContext.Current.CancellationToken);
        var trained = await _cli.DoneAsync("train", "text", "--contract", contract, "--data", data, "--out", model);
        Assert.Equal(880, (int)trained["rows"]!);
        Assert.InRange((double)trained["accuracy"]!, 0.5, 0.95);
        Assert.InRange((double)trained["outOfScopeRecall"]!, 0.1, 1);
        foreach (var figure in new[] { "macroF1", "ece", "logLoss", "falseNone", "trainSeconds" }) Assert.True((double)trained[figure]! >= 0, figure);

        var evaluated = await _cli.DoneAsync("evaluate", "--model", model, "--data", data);
        Assert.Equal(((string?)trained["version"], 880, 0), ((string?)evaluated["version"], (int)evaluated["rows"]!, (int)evaluated["unknownIntents"]!));
        Assert.True((double)evaluated["accuracy"]! > 0.95); // the model was fitted on these rows at the end

        var classified = await _cli.DoneAsync("classify", "--model", model, "--top", "2", "my card was stolen, block it", "zzzz");
        var answers = classified["answers"]!.AsArray();
        Assert.Equal("card_lost_or_stolen", (string?)answers[0]!["intent"]);
        Assert.Equal(2, answers[0]!["top"]!.AsArray().Count);
        Assert.Null(answers[1]!["intent"]);
        Assert.Null(answers[0]!["explanation"]);

        var (exit, table, error) = await _cli.RunAsync("classify", "--model", model, "--explain", "my card was stolen, block it");
        Assert.True(exit == 0, error);
        Assert.Contains("card_lost_or_stolen against ", table, StringComparison.Ordinal);
        Assert.Contains("stolen  (", table.Split('\n')[3], StringComparison.Ordinal); // behind the answer, the sum and the names of the columns
        var refused = await _cli.JsonAsync("classify", "--model", model, "--explain", "--data", data, "--out", _cli.PathOf("out.csv"));
        Assert.Equal((2, "--explain is for texts, not for --data: give the texts to explain as arguments."), (refused.Exit, (string?)refused.Json["reasons"]![0]));
    }

    [Fact]
    public async Task Sample_comes_in_chinese_too()
    {
        var (data, contract) = (_cli.PathOf("zh.csv"), _cli.PathOf("zh.json"));
        await _cli.DoneAsync("sample", "customer-service", "--language", "zh", "--out", data, "--contract", contract);
        Assert.Equal(681, (await File.ReadAllLinesAsync(data, TestContext.Current.CancellationToken)).Length);
        var model = _cli.PathOf("zh");
        Assert.Equal(680, (int)(await _cli.DoneAsync("train", "text", "--contract", contract, "--data", data, "--out", model))["rows"]!);
        Assert.Equal("card_lost_or_stolen", (string?)(await _cli.DoneAsync("classify", "--model", model, "我的银行卡被偷了，帮我挂失"))["answers"]![0]!["intent"]);
        Assert.Equal(2, (await _cli.RunAsync("sample", "customer-service", "--language", "fr", "--out", data)).Exit);
    }

    [Fact]
    public async Task Card_tells_a_command_that_trains_the_same_version()
    {
        var (contract, first, second) = (_cli.PathOf("c.json"), _cli.PathOf("a"), _cli.PathOf("b"));
        var data = await _cli.WriteAsync("d.csv", "words,use\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"my card {i},card\nmy loan {i},loan\nweather {i},other\n")));
        var named = await _cli.DoneAsync("train", "text", "--data", data, "--text-column", "words", "--label-column", "use", "--out-of-scope", "other", "--portfolio", "help", "--out", first);
        File.Copy(Path.Combine(first, "contract.json"), contract);
        var written = JsonNode.Parse(await File.ReadAllTextAsync(contract, TestContext.Current.CancellationToken))!;
        Assert.Equal(("other", "help"), ((string?)written["outOfScopeLabel"], (string?)written["portfolio"]));
        Assert.Equal(60, (int)named["rows"]!);
        Assert.NotNull(named["outOfScopeRecall"]);
        var read = await _cli.DoneAsync("train", "text", "--contract", contract, "--data", data, "--out", second);
        Assert.Equal((string?)named["version"], (string?)read["version"]);
        Assert.Contains("train text --contract contract.json --data DATA.csv --out again", await File.ReadAllTextAsync(Path.Combine(first, "card.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_needs_a_contract_or_the_columns()
    {
        var data = await _cli.WriteAsync("d.csv", "text,intent\nhi,a\n");
        var (exit, json) = await _cli.JsonAsync("train", "text", "--data", data, "--text-column", "text", "--out", _cli.PathOf("m"));
        Assert.Equal((2, "Give either --contract alone, or --text-column and --label-column."), (exit, (string?)json["reasons"]![0]));
    }

    [Fact]
    public async Task Similar_shows_training_questions_of_a_model()
    {
        var folder = _cli.PathOf("chat");
        await (await ChatModel.BundleAsync(new Dictionary<string, byte[]>())).WriteFolderAsync(folder, TestContext.Current.CancellationToken);
        var found = await _cli.DoneAsync("similar", "my card 4111 1111 1111 1111 is lost", "--model", folder, "--top", "2");
        Assert.Equal(["lost_card", "lost_card"], found["questions"]!.AsArray().Select(q => (string?)q!["intent"]));
        Assert.Equal("card", (string?)found["redactions"]![0]!["kind"]);
        var (exit, output, _) = await _cli.RunAsync("similar", "كم رصيدي", "--model", folder, "--top", "1");
        Assert.Equal(0, exit);
        Assert.Matches(@"^[01]\.\d{3}  balance  .*رصيد", output);
        Assert.Equal("No training question has anything in common with it.\n", (await _cli.RunAsync("similar", "ขอบคุณ", "--model", folder)).Output.ReplaceLineEndings("\n"));
        foreach (var (args, reason) in new (string[], string)[]
        {
            (["similar", "a"], "Give the model: either --model DIR, or --portfolio for the live one."), (["similar", "a", "--model", folder, "--top", "0"], "--top must be 1 or more."),
            (["similar", " ", "--model", folder], "'text' is empty: write what the customer says."),
        })
        {
            var (refused, json) = await _cli.JsonAsync(args);
            Assert.Equal((2, reason), (refused, (string?)json["reasons"]![0]));
        }
    }

    public void Dispose() => _cli.Dispose();
}
