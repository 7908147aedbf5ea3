using System.Text.RegularExpressions;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Tests.Serving.Credit;
using Serverless.Tests.Serving.Registry;

namespace Serverless.Tests.Cli;

/// <summary>The life of versions from the terminal: promoted, compared, rolled back, pinned, released, taken to another environment.</summary>
public partial class ModelVerbsTests(AzuriteFixture azurite)
{
    private static readonly ModelBundle First = Measured(CreditExample.Bundle(), 0.7);

    // Fewer points for everyone, other points above 1000, another bound, other limits.
    private static readonly ModelBundle Second = Measured(
        CreditExample.Bundle(
            new Scorecard(50000, [CreditExample.Card.Columns[0] with { Bins = CreditExample.Bins(-1234, 20, 2000, -500, -700) }, .. CreditExample.Card.Columns.Skip(1)], -0.03, 16),
            CreditExample.Contract with { MaxReasons = 3 },
            golden: [CreditExample.Golden with { Points = 498.16m, Probability = 1 / (1 + Math.Exp((0.03 * 498.16) - 16)) }]),
        0.75);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Versions_are_promoted_compared_rolled_back_and_released()
    {
        var (cli, registry) = await StartAsync();
        using var used = cli;
        var (a, b) = (First.Version, Second.Version);
        Assert.Equal(a, (string?)(await cli.DoneAsync("models", "promote", "credit", "example", a, "--actor", "ann"))["state"]!["version"]);
        await cli.DoneAsync("models", "promote", "credit", "example", b, "--actor", "ann", "--reason", "better");

        var (exit, text, _) = await cli.RunAsync("models", "diff", "credit", "example", a);
        Assert.Equal(0, exit);
        Assert.Equal(
            $"""
              {"",-40} {a,20} {b,20}
              auc                                                    0.7000               0.7500
            Contract:
              maxReasons                                                  2                    3
            Columns:
              the same
            Points, greatest difference first:
              everyone                                               600.00               500.00
              income (1000, 2500]                                      0.10                 0.20
            Gate:
              skill                                           0.7000 passed        0.7500 passed

            """.ReplaceLineEndings("\n"), text);
        Assert.Equal(2, (await cli.DoneAsync("models", "diff", "credit", "example", a, b))["differences"]!["behaviour"]!["points"]!.AsArray().Count);

        (exit, text, _) = await cli.RunAsync("models", "rollback", "credit", "example", "--actor", "ben", "--reason", "odd scores");
        Assert.Equal(0, exit);
        Assert.Equal(
            $"""
            Version {a} of credit/example is live since TIME, by ben (odd scores).
            Promotion is paused since TIME by ben (odd scores): 'serverless models release credit example --actor NAME' ends it.

            """.ReplaceLineEndings("\n"), Time().Replace(text, "TIME"));
        await cli.DoneAsync("models", "pin", "credit", "example", a, "--actor", "ben", "--reason", "audit");
        (_, text, _) = await cli.RunAsync("models", "show", "credit", "example");
        Assert.StartsWith(
            $"""
            Version {a} of credit/example is live since TIME, by ben (odd scores).
            Promotion is paused since TIME by ben (audit): 'serverless models release credit example --actor NAME' ends it.

            Changes, latest first:
            TIME pin      {a} ben (audit)
            TIME rollback {a} ben (odd scores)
            TIME promote  {b} ann (better)
            TIME promote  {a} ann

            {"{"}
            """.ReplaceLineEndings("\n"), Time().Replace(text, "TIME"), StringComparison.Ordinal);
        Assert.Null((await cli.DoneAsync("models", "release", "credit", "example", "--actor", "ben"))["state"]!["pause"]);
        var shown = await cli.DoneAsync("models", "show", "credit", "example", b);
        Assert.Equal((5, b, 5), (shown["history"]!.AsArray().Count, (string?)shown["model"]!["version"], (int)shown["state"]!["revision"]!));

        var (refused, _, error) = await cli.RunAsync("models", "promote", "credit", "example", "0123456789abcdef", "--actor", "ann");
        Assert.Equal((2, "The registry has no version 0123456789abcdef of credit/example: see 'serverless models list' for what it has."), (refused, error.Trim()));
        Assert.Equal(a, (await registry.ChampionAsync("credit", "example", Cancel))!.Version);
    }

    [Fact]
    public async Task One_unreadable_manifest_or_pointer_breaks_its_own_rows_only()
    {
        var connection = await azurite.NewConnectionAsync();
        var (cli, registry) = await StartAsync(connection);
        using var used = cli;
        await cli.DoneAsync("models", "promote", "credit", "example", First.Version, "--actor", "ann");
        var models = StorageAccount.Open(connection).Blobs.GetBlobContainerClient("models");
        await ModelAttacks.PutAsync(models, $"credit/example/{Second.Version}/manifest.json", "{"u8.ToArray());
        await ModelAttacks.PutAsync(models, "credit/later/0123456789abcdef/manifest.json", """{"format": 4, "more": 1}"""u8.ToArray());
        await registry.PublishAsync(ConstantFamily.Bundle(0.7), Cancel);
        await ModelAttacks.PutAsync(models, "constant/demo/champion.json", "[]"u8.ToArray());

        var (exit, text, _) = await cli.RunAsync("models", "list");
        Assert.Equal(0, exit);
        var lines = text.Split('\n');
        Assert.Contains(lines, l => l.StartsWith($"credit/example                   {First.Version} live     1970-01-01 00:00 auc=0.7000", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith($"credit/example                   {Second.Version}", StringComparison.Ordinal) && l.Contains(" cannot be read: manifest.json cannot be read: ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("cannot be read: manifest.json is of format 4, and this program reads formats up to 3: update the program.", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("cannot be read: 'constant/demo/champion.json' cannot be read, restore it: ", StringComparison.Ordinal));
        var later = await Assert.ThrowsAsync<InvalidModelException>(() => registry.OpenAsync("credit", "later", "0123456789abcdef", Cancel));
        Assert.Equal("manifest.json is of format 4, and this program reads formats up to 3: update the program.", later.Message);
    }

    [Fact]
    public async Task Version_goes_to_another_environment_as_a_signed_archive()
    {
        var (cli, _) = await StartAsync();
        using var used = cli;
        using var other = new CliRun(await azurite.NewConnectionAsync());
        var (keys, file) = (cli.PathOf("keys"), cli.PathOf("model.zip"));
        await cli.DoneAsync("models", "keys", "--out", keys);
        await cli.DoneAsync("models", "export", "credit", "example", First.Version, "--key", Path.Combine(keys, "private.pem"), "--actor", "ann", "--out", file);
        Assert.Equal(First.Version, (string?)(await other.DoneAsync("models", "import", file, "--trust", Path.Combine(keys, "public.pem")))["archive"]!["version"]);
        Assert.False((bool)(await other.DoneAsync("models", "list"))["models"]![0]!["live"]!);
        await other.DoneAsync("models", "promote", "credit", "example", First.Version, "--actor", "ben");

        var (exit, _, error) = await cli.RunAsync("models", "export", "credit", "example", "0123456789abcdef", "--key", Path.Combine(keys, "private.pem"), "--actor", "ann", "--out", cli.PathOf("none.zip"));
        Assert.Equal((2, false), (exit, File.Exists(cli.PathOf("none.zip"))));
        Assert.StartsWith("The registry has no 'credit/example/0123456789abcdef/manifest.json'", error, StringComparison.Ordinal);
    }

    private static ModelBundle Measured(ModelBundle bundle, double auc)
    {
        var measured = bundle.Manifest with { Metrics = new Dictionary<string, double> { ["auc"] = auc }, Gate = new(GateDecision.Promote, [new("skill", auc, 0.5, true)]) };
        return bundle.With(measured, new Dictionary<string, byte[]> { ["card.md"] = "card"u8.ToArray() });
    }

    private async Task<(CliRun Cli, ModelRegistry Registry)> StartAsync(string? connection = null)
    {
        connection ??= await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        var registry = new ModelRegistry(account);
        await registry.PublishAsync(First, Cancel);
        await registry.PublishAsync(Second, Cancel);
        return (new CliRun(connection), registry);
    }

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}Z")]
    private static partial Regex Time();
}
