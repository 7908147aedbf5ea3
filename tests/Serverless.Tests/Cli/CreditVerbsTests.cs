using System.Globalization;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;
using Serverless.Tests.Training.Drops;

namespace Serverless.Tests.Cli;

public sealed class CreditVerbsTests : IDisposable
{
    private readonly CliRun _cli = new();

    [Fact]
    public async Task Sample_is_inferred_trained_evaluated_and_scored()
    {
        var (data, contract, model, scored) = (_cli.PathOf("loans.csv"), _cli.PathOf("made/loans.json"), _cli.PathOf("model"), _cli.PathOf("scored.csv"));
        await _cli.DoneAsync("sample", "loans", "--out", data, "--rows", "3000", "--seed", "7");

        var inferred = await _cli.DoneAsync("contract", "infer", data, "--target", "status", "--date", "application_date", "--out", contract);
        Assert.Equal("loans", (string?)inferred["portfolio"]);
        Assert.Equal(["loan_id"], inferred["id"]!.AsArray().Select(n => (string?)n));
        Assert.Equal(["customer_sex", "customer_age"], inferred["protected"]!.AsArray().Select(n => (string?)n));
        Assert.Equal(3000, (int)(await _cli.DoneAsync("contract", "check", contract, "--data", data))["rows"]!);

        var trained = await _cli.DoneAsync("train", "credit", "--contract", contract, "--data", data, "--out", model);
        Assert.Equal(3000, (int)trained["rows"]!);
        Assert.InRange((double)trained["auc"]!, 0.65, 0.9);
        foreach (var figure in new[] { "ks", "gini", "brier", "logLoss", "ece", "aucLow", "aucHigh", "trainSeconds" }) Assert.True((double)trained[figure]! >= 0, figure);
        Assert.Matches("^[0-9a-f]{16}$", (string?)trained["version"]);

        var evaluated = await _cli.DoneAsync("evaluate", "--model", model, "--data", data);
        Assert.Equal(((string?)trained["version"], 3000), ((string?)evaluated["version"], (int)evaluated["rows"]!));
        Assert.Equal((2 * (double)evaluated["auc"]!) - 1, (double)evaluated["gini"]!, 9);

        var rate = await _cli.DoneAsync("score", "--model", model, "--data", data, "--out", scored);
        Assert.True((double)rate["scoreRowsPerSecond"]! > 0);
        var lines = await File.ReadAllLinesAsync(scored, TestContext.Current.CancellationToken);
        Assert.Equal("id,points,probability,verdict,reasons", lines[0]);
        Assert.Equal(3001, lines.Length);
        Assert.Matches(@"^CL-7-0000001,\d+\.\d\d,0\.\d{6},(approve|refer|decline),", lines[1]);
        var rows = lines.Skip(1).Select(l => l.Split(',')).ToList();
        Assert.All(rows, r => Assert.Equal(double.Parse(r[2], CultureInfo.InvariantCulture) is var p && p >= 0.3 ? "decline" : p < 0.1 ? "approve" : "refer", r[3]));
    }

    [Fact]
    public async Task Row_that_cannot_be_scored_keeps_its_place_with_its_fault()
    {
        var (contract, model, scored) = (_cli.PathOf("c.json"), _cli.PathOf("model"), _cli.PathOf("scored.csv"));
        var rows = Enumerable.Range(0, 300).Select(i => $"K{i},{i % 10},{(i * 7919 % 1009 % 10 < i % 10 / 2 ? 1 : 0)}\n");
        var data = await _cli.WriteAsync("d.csv", "key,\"x, y\",bad\n" + string.Concat(rows));
        await _cli.DoneAsync("contract", "infer", data, "--target", "bad", "--out", contract);
        await ScorecardOnlyAsync(contract);
        await _cli.DoneAsync("train", "credit", "--contract", contract, "--data", data, "--out", model);
        var bad = await _cli.WriteAsync("bad.csv", "key,\"x, y\"\nA,5\nB,five\nC\n\"D,1\",9\n");

        var json = await _cli.DoneAsync("score", "--model", model, "--data", bad, "--out", scored);
        Assert.Equal((4, 2), ((int)json["rows"]!, (int)json["rejected"]!));
        var lines = await File.ReadAllLinesAsync(scored, TestContext.Current.CancellationToken);
        Assert.Equal("B,,,rejected,\"'x, y' is not a number: write it with a decimal point and without thousands separators.\"", lines[2]);
        Assert.Equal("3,,,rejected,The row has another number of fields than the header.", lines[3]);
        Assert.StartsWith("\"D,1\",", lines[4], StringComparison.Ordinal);
        Assert.EndsWith(",\"x, y\"", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_says_what_the_gate_would_say()
    {
        var contract = await _cli.WriteAsync("c.json", """
            { "family": "credit", "portfolio": "p", "version": "1", "bad": ["1"], "columns": [
              { "name": "x", "type": "number" }, { "name": "months_paid", "type": "number" }, { "name": "bad", "type": "category", "role": "target" } ] }
            """);
        var rows = Enumerable.Range(0, 400).Select(i => $"{i % 10},{(i % 4 == 0 ? i % 13 : 10 + (i % 50))},{(i % 4 == 0 ? 1 : 0)}\n");
        var data = await _cli.WriteAsync("d.csv", "x,months_paid,bad\n" + string.Concat(rows));
        var trained = await _cli.DoneAsync("train", "credit", "--contract", contract, "--data", data, "--out", _cli.PathOf("model"));
        Assert.Contains(trained["warnings"]!.AsArray(), w => ((string?)w)!.StartsWith("area under the curve of a single column, greatest of 'months_paid': 0.9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_without_a_column_of_the_model_is_rejected()
    {
        var (contract, model) = (_cli.PathOf("c.json"), _cli.PathOf("model"));
        var data = await _cli.WriteAsync("d.csv", "x,bad\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 10},{(i * 7919 % 1009 % 10 < i % 10 / 2 ? 1 : 0)}\n")));
        await _cli.DoneAsync("contract", "infer", data, "--target", "bad", "--out", contract);
        await ScorecardOnlyAsync(contract);
        await _cli.DoneAsync("train", "credit", "--contract", contract, "--data", data, "--out", model);

        var (exit, json) = await _cli.JsonAsync("score", "--model", model, "--data", await _cli.WriteAsync("e.csv", "z,y\n1,2\n"), "--out", _cli.PathOf("s.csv"));
        Assert.Equal(2, exit);
        Assert.Equal("The header lacks 'x', which the model asks for: add the columns, empty where unknown.", (string?)json["reasons"]![0]);
    }

    [Fact]
    public async Task Same_loans_give_the_same_model_however_they_are_written()
    {
        var rows = Enumerable.Range(0, 400).Select(i => (Id: $"K{i}", Income: 1000.5 + (i * 7919 % 1009), Since: new DateOnly(2020, 1, 1).AddDays(i * 31 % 900), Bad: i * 7919 % 1009 < 300 - (i % 7 * 20) ? 1 : 0)).ToList();
        string Csv(int from, int to) => "key,income,since,bad\n" + string.Concat(rows[from..to].Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Id},{r.Income},{r.Since:yyyy-MM-dd},{r.Bad}\n")));
        var schema = new ParquetSchema(new DataField<string>("key"), new DataField<double>("income", false), new DataField<DateOnly>("since", false), new DataField<int>("bad", false));
        using var parquet = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, parquet, cancellationToken: TestContext.Current.CancellationToken))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(schema.DataFields[0], [.. rows.Select(r => r.Id)]);
            await group.WriteAsync<double>(schema.DataFields[1], rows.Select(r => r.Income).ToArray(), cancellationToken: TestContext.Current.CancellationToken);
            await group.WriteAsync<DateOnly>(schema.DataFields[2], rows.Select(r => r.Since).ToArray(), cancellationToken: TestContext.Current.CancellationToken);
            await group.WriteAsync<int>(schema.DataFields[3], rows.Select(r => r.Bad).ToArray(), cancellationToken: TestContext.Current.CancellationToken);
        }

        var contract = _cli.PathOf("c.json");
        var zipped = await WriteAsync("loans.csv.gz", ReadDrop.Gzip(Csv(0, 400)));
        Assert.Equal("loans", (string?)(await _cli.DoneAsync("contract", "infer", zipped, "--target", "bad", "--out", contract))["portfolio"]);
        await ScorecardOnlyAsync(contract);
        var expected = await _cli.DoneAsync("train", "credit", "--contract", contract, "--data", await _cli.WriteAsync("d.csv", Csv(0, 400)), "--out", _cli.PathOf("csv"));
        string[][] others = [[await WriteAsync("loans.any", parquet.ToArray())], [await _cli.WriteAsync("1", Csv(0, 150)), await WriteAsync("2", ReadDrop.Gzip(Csv(150, 400)))]];
        foreach (var files in others)
        {
            var trained = await _cli.DoneAsync(["train", "credit", "--contract", contract, "--out", _cli.PathOf("other"), "--data", .. files]);
            Assert.Equal((string?)expected["version"], (string?)trained["version"]);
        }

        Assert.Equal(400, (int)(await _cli.DoneAsync(["evaluate", "--model", _cli.PathOf("csv"), "--data", .. others[1]]))["rows"]!);
        var german = string.Concat(rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Id};{r.Income:#,##0.00};{r.Since:dd/MM/yyyy};{r.Bad}\n")).Select(l => l.Replace(",", "'", StringComparison.Ordinal).Replace('.', ',').Replace('\'', '.').Replace('/', '.')));
        var culture = JsonNode.Parse(await File.ReadAllTextAsync(contract, TestContext.Current.CancellationToken))!;
        culture["format"] = new JsonObject { ["culture"] = "de-DE", ["encoding"] = "windows-1252" };
        var (file, written) = (await _cli.WriteAsync("g.csv", "key;income;since;bad\n" + german), await _cli.WriteAsync("g.json", culture.ToJsonString()));
        var inGerman = await _cli.DoneAsync("train", "credit", "--contract", written, "--data", file, "--out", _cli.PathOf("german"));
        Assert.Equal((double)expected["auc"]!, (double)inGerman["auc"]!);
        await _cli.DoneAsync("score", "--model", _cli.PathOf("csv"), "--data", _cli.PathOf("d.csv"), "--out", _cli.PathOf("plain.out"));
        await _cli.DoneAsync("score", "--model", _cli.PathOf("german"), "--data", file, "--out", _cli.PathOf("german.out"));
        Assert.Equal(await File.ReadAllTextAsync(_cli.PathOf("plain.out"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_cli.PathOf("german.out"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Contract_that_cannot_be_inferred_writes_no_file()
    {
        var data = await _cli.WriteAsync("d.csv", "x,bad\n1,0\n2,0\n");
        var (exit, json) = await _cli.JsonAsync("contract", "infer", data, "--target", "bad", "--out", _cli.PathOf("c.json"));
        Assert.Equal(2, exit);
        Assert.Equal("The target 'bad' has one value only, '0': training needs good and bad loans.", (string?)json["reasons"]![0]);
        Assert.False(File.Exists(_cli.PathOf("c.json")));
    }

    [Fact]
    public async Task Bins_are_written_into_the_contract_kept_and_removed()
    {
        var (data, contract, kept, cleared) = (_cli.PathOf("loans.csv"), _cli.PathOf("c.json"), _cli.PathOf("c2.json"), _cli.PathOf("c3.json"));
        await _cli.DoneAsync("sample", "loans", "--out", data, "--rows", "1000", "--contract", contract);
        var written = await _cli.DoneAsync("contract", "bins", "--contract", contract, "--data", data, "--columns", "amount, purpose", "--out", kept);
        Assert.Equal(["amount", "purpose"], written["bins"]!.AsObject().Select(b => b.Key).Order());
        var columns = JsonNode.Parse(await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken))!["columns"]!.AsArray().ToDictionary(c => (string)c!["name"]!, c => c!);
        Assert.Equal((int)written["bins"]!["amount"]!, columns["amount"]["cuts"]!.AsArray().Count + 1);
        Assert.Equal((int)written["bins"]!["purpose"]!, columns["purpose"]["groups"]!.AsArray().Count);
        await _cli.DoneAsync("contract", "check", kept, "--data", data);
        Assert.Equal(["purpose"], (await _cli.DoneAsync("contract", "bins", "--contract", kept, "--clear", "--columns", "amount", "--out", cleared))["bins"]!.AsObject().Select(b => b.Key));

        foreach (var (line, reason) in new[]
        {
            ($"--out {cleared}", "Give either --data FILE, to find bins, or --clear."),
            ($"--clear --columns loan_id --out {cleared}", "'loan_id' is no input of the contract: --columns takes inputs, with commas between them."),
        })
        {
            var (exit, _, error) = await _cli.RunAsync(["contract", "bins", "--contract", contract, .. line.Split(' ')]);
            Assert.Equal((2, reason), (exit, error.Trim()));
        }
    }

    [Fact]
    public async Task Contract_check_lists_every_fault()
    {
        var contract = await _cli.WriteAsync("c.json", """{ "family": "credit", "portfolio": "Loans!", "version": "1", "bad": [], "columns": [] }""");
        var (exit, json) = await _cli.JsonAsync("contract", "check", contract);
        Assert.Equal(2, exit);
        Assert.True(json["reasons"]!.AsArray().Count >= 4);
    }

    [Theory]
    [InlineData("nonsense", "The contract is no JSON")]
    [InlineData("{}", "The contract must name its 'family': 'credit'")]
    public async Task File_that_is_no_contract_is_rejected(string content, string reason)
    {
        var (exit, _, error) = await _cli.RunAsync("contract", "check", await _cli.WriteAsync("c.json", content));
        Assert.Equal(2, exit);
        Assert.StartsWith(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_for_people_names_the_next_command()
    {
        var data = await _cli.WriteAsync("My Loans 2026.csv", "x,bad\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{i % 7},{i % 2}\n")));
        var (exit, output, error) = await _cli.RunAsync("contract", "infer", data, "--target", "bad", "--out", _cli.PathOf("c.json"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("serverless train credit --contract", output, StringComparison.Ordinal);
        Assert.Equal("my-loans-2026", (string?)JsonNode.Parse(await File.ReadAllTextAsync(_cli.PathOf("c.json"), TestContext.Current.CancellationToken))!["portfolio"]);
    }

    [Fact]
    public async Task Same_data_gives_the_same_version()
    {
        var (data, contract) = (_cli.PathOf("loans.csv"), _cli.PathOf("c.json"));
        await _cli.DoneAsync("sample", "loans", "--out", data, "--rows", "1000", "--contract", contract);
        var first = await _cli.DoneAsync("train", "credit", "--contract", contract, "--data", data, "--out", _cli.PathOf("a"));
        var second = await _cli.DoneAsync("train", "credit", "--contract", contract, "--data", data, "--out", _cli.PathOf("b"));
        Assert.Equal((string?)first["version"], (string?)second["version"]);
    }

    private async Task<string> WriteAsync(string name, byte[] content)
    {
        await File.WriteAllBytesAsync(_cli.PathOf(name), content, TestContext.Current.CancellationToken);
        return _cli.PathOf(name);
    }

    public void Dispose() => _cli.Dispose();

    // The other kinds take seconds, and what is looked at is the same.
    private static async Task ScorecardOnlyAsync(string contract)
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(contract))!.AsObject();
        json["models"] = new JsonObject { ["kinds"] = new JsonArray("scorecard") };
        await File.WriteAllTextAsync(contract, json.ToJsonString());
    }
}
