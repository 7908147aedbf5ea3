using System.Text.Json.Nodes;
using Serverless.Tests.House;

namespace Serverless.Tests.Cli;

public class ContractVerbsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Contract_is_inferred_activated_made_anew_compared_and_listed()
    {
        using var cli = new CliRun(await azurite.NewConnectionAsync());
        var data = await cli.WriteAsync("loans.csv", Csv("income,region,bad", i => $"{i * 7919 % 97},R{i % 3}"));
        var (first, second) = (cli.PathOf("1.json"), cli.PathOf("2.json"));
        await cli.DoneAsync("contract", "infer", data, "--target", "bad", "--out", first);
        var edited = JsonNode.Parse(await File.ReadAllTextAsync(first, TestContext.Current.CancellationToken))!;
        edited["columns"]![0]!["reason"] = "The income is low.";
        await cli.WriteAsync("1.json", edited.ToJsonString());
        Assert.Equal("officer", (string?)(await cli.DoneAsync("contract", "activate", first, "--actor", "officer"))["actor"]);

        var more = await cli.WriteAsync("more.csv", Csv("income,region,savings,bad", i => $"{i * 7919 % 97},R{i % 3},{i % 11}"));
        var made = await cli.DoneAsync("contract", "infer", more, "--like", "active", "--portfolio", "loans", "--out", second);
        Assert.Equal(("2", "columns[savings]"), ((string?)made["version"], (string?)Assert.Single(made["changes"]!.AsArray())!["member"]));
        await cli.DoneAsync("contract", "activate", second);

        var listed = (await cli.DoneAsync("contract", "list", "credit", "loans"))["contracts"]!.AsArray();
        Assert.Equal([("1", false), ("2", true)], listed.Select(c => ((string)c!["version"]!, (bool)c["active"]!)));
        Assert.Equal(Environment.UserName, (string?)listed[1]!["activation"]!["actor"]);
        Assert.Equal("The income is low.", (string?)(await cli.DoneAsync("contract", "show", "credit", "loans"))["contract"]!["columns"]![0]!["reason"]);
        Assert.Equal("1", (string?)(await cli.DoneAsync("contract", "show", "credit", "loans", "1"))["contract"]!["version"]);

        var (exit, text, _) = await cli.RunAsync("contract", "diff", "credit", "loans", "1", "2");
        Assert.Equal(0, exit);
        Assert.Equal(
            """
            Column 'savings' is new, with the role input. Drops must have it; models are trained again with it; applications without it are scored as missing.
            Drops keep to a contract from its activation on; applications, once a model that was trained under it is live.
            """,
            text.TrimEnd().ReplaceLineEndings("\n"));
        Assert.Equal((await cli.DoneAsync("contract", "diff", first, second))["changes"]!.ToJsonString(), (await cli.DoneAsync("contract", "diff", "credit", "loans", "1", "2"))["changes"]!.ToJsonString());
        Assert.Empty((await cli.DoneAsync("contract", "diff", first, first))["changes"]!.AsArray());

        foreach (var (version, approval) in new[] { ("3", true), ("4", false) })
        {
            (edited["version"], edited["gate"]!["approval"]) = (version, approval);
            var done = await cli.DoneAsync("contract", "activate", await cli.WriteAsync($"{version}.json", edited.ToJsonString()), "--actor", "eve");
            string[] warnings = approval ? [] : ["Approval by a second person ends: version 3 asked for it (gate.approval) and 4 does not, so what passes the gate goes live by itself. 'serverless contract list' shows that eve ended it."];
            Assert.Equal(warnings, done["warnings"]!.AsArray().Select(w => (string)w!));
        }

        var activations = (await cli.DoneAsync("contract", "list", "credit", "loans"))["activations"]!.AsArray();
        Assert.Equal(["4 True eve", "3 False eve", $"2 False {Environment.UserName}", "1 False officer"], activations.Select(a => $"{a!["version"]} {(bool)a["endsApproval"]!} {a["activation"]!["actor"]}"));
        Assert.Contains("by eve, instead of 3: ended approval by a second person", (await cli.RunAsync("contract", "list", "credit", "loans")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no active contract of credit/none: see 'serverless contract list credit none'.", "show", "credit", "none")]
    [InlineData("There is no version '7' of the contract of credit/none: see 'serverless contract list credit none'.", "diff", "credit", "none", "7", "8")]
    [InlineData("Name two files, or FAMILY PORTFOLIO VERSION VERSION.", "diff", "a", "b", "c")]
    [InlineData("family must be 1 to 50 lower-case letters, digits and hyphens, a letter or digit first.", "list", "../x", "loans")]
    [InlineData("version must be 1 to 50 letters, digits, hyphens and dots, a letter or digit first.", "show", "credit", "loans", "../1")]
    [InlineData("FAMILY must be 'credit' or 'text' or 'market' or 'reading' or 'documents'.", "schema", "weather")]
    public async Task What_cannot_be_found_is_rejected(string reason, params string[] args)
    {
        using var cli = new CliRun(await azurite.NewConnectionAsync());
        await cli.DoneAsync("sample", "loans", "--out", cli.PathOf("l.csv"), "--rows", "10", "--contract", cli.PathOf("c.json"));
        await cli.DoneAsync("contract", "activate", cli.PathOf("c.json"));
        var (exit, json) = await cli.JsonAsync(["contract", .. args]);
        Assert.Equal((2, reason), (exit, (string?)json["reasons"]![0]));
    }

    [Fact]
    public async Task Inference_needs_an_outcome()
    {
        using var cli = new CliRun();
        var (exit, json) = await cli.JsonAsync("contract", "infer", await cli.WriteAsync("d.csv", "x,bad\n1,0\n2,1\n"), "--out", cli.PathOf("c.json"));
        Assert.Equal((2, "Name the column with the outcome: --target COLUMN."), (exit, (string?)json["reasons"]![0]));
    }

    [Fact]
    public async Task Warnings_are_printed_after_the_columns()
    {
        using var cli = new CliRun();
        var data = await cli.WriteAsync("loans.csv", Csv("sex,x,bad", i => $"{i % 2},{i % 7}"));
        var (_, output, _) = await cli.RunAsync("contract", "infer", data, "--target", "bad", "--out", cli.PathOf("c.json"));
        Assert.Contains($"Look at these before you use it:{Environment.NewLine}sex                      Protected: the name says 'sex', so it is no input.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_is_the_published_one()
    {
        using var cli = new CliRun();
        await cli.DoneAsync("contract", "schema", "credit", "--out", cli.PathOf("s.json"));
        Assert.Equal(Repository.Read("docs/contracts/credit.schema.json"), await File.ReadAllTextAsync(cli.PathOf("s.json"), TestContext.Current.CancellationToken));
        Assert.Equal("object", (string?)(await cli.DoneAsync("contract", "schema", "text"))["schema"]!["type"]);
    }

    private static string Csv(string header, Func<int, string> row) => $"{header}\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{row(i)},{(i * 7919 % 1009 % 5 == 0 ? 1 : 0)}\n"));
}
