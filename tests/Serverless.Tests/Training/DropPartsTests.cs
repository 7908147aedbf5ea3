using System.Text;
using Serverless.Serving;
using Serverless.Tests.Faults;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training;

/// <summary>Drops in parts: their manifest starts the run, and they are taken, refused and given back as one.</summary>
public class DropPartsTests(AzuriteFixture azurite)
{
    private static readonly (string Name, string Csv) A = ("a.csv", ConstantFamily.Csv("abcd", 0.7)), B = ("b.csv", ConstantFamily.Csv("efgh", 0.8));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drop_in_parts_is_one_drop_and_its_model_leads_to_them()
    {
        await using var portfolio = await PortfolioOfDrops.CreateAsync(await azurite.NewAccountAsync());
        var manifest = PortfolioOfDrops.Listing(A, B);
        await portfolio.ManifestAsync("march", manifest with { Parts = [.. manifest.Parts.Select(p => p with { Rows = 4 })] }, A, B);
        var part = await portfolio.RunAsync("march.parts/a.csv");
        Assert.Equal((RetrainResult.NoOp, "It is part of a drop; its manifest starts the run."), (part.Result, part.Reasons.Single()));
        Assert.Equal(["constant/demo/march.drop.json"], await portfolio.Path.Get<DropBacklog>().WaitingAsync("", Cancel).Select(d => d.Name).ToListAsync(Cancel));

        var outcome = await portfolio.RunAsync("march.drop.json");
        Assert.Equal((RetrainResult.Promoted, 8, 1), (outcome.Result, outcome.Rows, outcome.Drops));
        Assert.Equal(0.75, outcome.Metrics["skill"]);
        var dataset = (await portfolio.DatasetAsync((await portfolio.LiveAsync()).DataSha256))!;
        Assert.Equal(["a.csv 4", "b.csv 4"], dataset.Drops.Single().Parts.Select(p => $"{p.Name} {p.Rows}"));
        Assert.Equal(("constant/demo/march.drop.json", "1", DropMode.Full), (dataset.Drops[0].Drop, dataset.Drops[0].ContractVersion, dataset.Mode));
        Assert.Single(await portfolio.NamesAsync("datasets"));
        Assert.Equal(RetrainResult.NoOp, (await portfolio.RunAsync("march.drop.json")).Result);
    }

    [Fact]
    public async Task Drop_whose_parts_are_not_those_of_its_manifest_is_moved_away_with_them_and_comes_back_with_them()
    {
        await using var portfolio = await PortfolioOfDrops.CreateAsync(await azurite.NewAccountAsync());
        await portfolio.ManifestAsync("march", PortfolioOfDrops.Listing(A, B, ("c.csv", "x")), A, ("b.csv", B.Csv.Replace('8', '9')), ("c.csv", "longer"));
        await portfolio.Container("drops").GetBlobClient("constant/demo/march.parts/a.csv").DeleteAsync(cancellationToken: Cancel);
        var outcome = await portfolio.RunAsync("march.drop.json");
        Assert.Equal(
            [
                "Part 'a.csv' is not there: upload all parts to drops/constant/demo/march.parts/ before the manifest, then the manifest again.",
                "Part 'b.csv' has another SHA-256 than the manifest says: upload all parts that the manifest lists, then the manifest again.",
                "Part 'c.csv' has 6 bytes and the manifest says 1: upload all parts that the manifest lists, then the manifest again.",
            ], outcome.Reasons);
        Assert.Empty(await portfolio.NamesAsync("drops"));
        string[] moved = ["constant/demo/march.drop.json", "constant/demo/march.drop.json.report.json", "constant/demo/march.parts/b.csv", "constant/demo/march.parts/c.csv"];
        Assert.Equal(moved, await portfolio.NamesAsync("rejected"));

        // A second drop of the name takes the place of the first, with its parts.
        await portfolio.ManifestAsync("march", PortfolioOfDrops.Listing(A), ("a.csv", "id,skill\n"));
        Assert.Equal(RetrainResult.Rejected, (await portfolio.RunAsync("march.drop.json")).Result);
        Assert.Equal([moved[0], moved[1], "constant/demo/march.parts/a.csv"], await portfolio.NamesAsync("rejected"));

        var catalog = portfolio.Path.Get<DropCatalog>();
        Assert.Equal(2, Assert.IsType<Outcome<int>.Done>(await catalog.RetryAsync("constant/demo/march.drop.json", Cancel)).Value);
        Assert.Empty(await portfolio.NamesAsync("rejected"));
        Assert.Equal(["constant/demo/march.drop.json", "constant/demo/march.parts/a.csv"], await portfolio.NamesAsync("drops"));
        Assert.Equal(["waiting", "rejected"], (await catalog.ListAsync("constant/", Cancel)).Select(d => d.State));
        Assert.IsType<Outcome<int>.Rejected>(await catalog.RetryAsync("constant/demo/march.drop.json", Cancel));
        Assert.Equal(RetrainResult.Rejected, (await portfolio.RunAsync("march.drop.json")).Result);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Older_drop_of_the_other_form_is_worked_off_as_what_it_is(bool inParts)
    {
        await using var portfolio = await PortfolioOfDrops.CreateAsync(await azurite.NewAccountAsync());
        string[] names = inParts ? ["a.drop.json", "b.csv"] : ["a.csv", "b.drop.json"];
        foreach (var name in names)
        {
            if (name.EndsWith(".json", StringComparison.Ordinal)) await portfolio.ManifestAsync(name[..1], PortfolioOfDrops.Listing(A), A);
            else await portfolio.PutAsync(name, B.Csv);
        }

        Assert.NotEqual(RetrainResult.Rejected, (await portfolio.RunAsync(names[1])).Result);
        var older = Assert.Single(await portfolio.Path.Get<DropCatalog>().ListAsync($"{PortfolioOfDrops.Folder}a.", Cancel));
        Assert.Equal(("promoted", ""), (older.State, string.Join(' ', older.Reasons)));
    }

    [Fact]
    public async Task Retry_never_overwrites_a_drop_of_the_name_that_comes_at_the_same_time()
    {
        var connection = await azurite.NewConnectionAsync();
        await using var portfolio = await PortfolioOfDrops.CreateAsync(StorageAccount.Open(connection));
        Assert.Equal(RetrainResult.Rejected, (await portfolio.DropAsync("march.csv", "id,skill\n")).Result);
        var came = false;
        var faults = new StorageFaults
        {
            Calling = call =>
            {
                if (came || call.Method != "PUT" || !call.Resource.StartsWith("blob:drops/constant/demo/march.csv", StringComparison.Ordinal)) return;
                came = true;
                portfolio.PutAsync("march.csv", A.Csv).GetAwaiter().GetResult();
            },
        };
        await using var other = new RetrainPath(faults.Open(connection), [portfolio.Family]);
        Assert.Equal(
            ["Another drop of the name 'constant/demo/march.csv' has come since: see 'serverless drops list', and drop the file again under another name if its rows are still wanted."],
            Assert.IsType<Outcome<int>.Rejected>(await other.Get<DropCatalog>().RetryAsync("constant/demo/march.csv", Cancel)).Reasons);
        Assert.True(came);
        Assert.Equal(A.Csv, (await portfolio.Container("drops").GetBlobClient("constant/demo/march.csv").DownloadContentAsync(Cancel)).Value.Content.ToString());
        Assert.Equal(2, (await portfolio.NamesAsync("rejected")).Count);
    }

    [Fact]
    public async Task Retry_whose_answer_is_lost_has_put_the_drop_back()
    {
        var connection = await azurite.NewConnectionAsync();
        await using var portfolio = await PortfolioOfDrops.CreateAsync(StorageAccount.Open(connection));
        Assert.Equal(RetrainResult.Rejected, (await portfolio.DropAsync("march.csv", "id,skill\n")).Result);
        var faults = new StorageFaults();
        faults.Inject(Fault.Cut, matching: call => call is { Method: "PUT", Resource: "blob:drops/constant/demo/march.csv" or "blob:drops/constant/demo/march.csv?comp=blocklist" });
        await using var other = new RetrainPath(faults.Open(connection), [portfolio.Family]);
        Assert.Equal(1, Assert.IsType<Outcome<int>.Done>(await other.Get<DropCatalog>().RetryAsync("constant/demo/march.csv", Cancel)).Value);
        Assert.Equal(1, faults.Hits);
        Assert.Empty(await portfolio.NamesAsync("rejected"));
    }

    [Fact]
    public async Task Part_with_another_number_of_rows_than_its_manifest_lists_rejects_the_drop()
    {
        await using var portfolio = await PortfolioOfDrops.CreateAsync(await azurite.NewAccountAsync());
        await portfolio.ManifestAsync("march", new DropManifest { Parts = [PortfolioOfDrops.Listed(A.Name, A.Csv) with { Rows = 5 }] }, A);
        Assert.Equal(["Part 'a.csv' has 4 rows and the manifest says 5: drop the part that was meant, or count again."], (await portfolio.RunAsync("march.drop.json")).Reasons);
        Assert.Empty(await portfolio.NamesAsync("models"));
    }

    [Fact]
    public async Task Manifest_that_cannot_be_read_is_rejected()
    {
        await using var portfolio = await PortfolioOfDrops.CreateAsync(await azurite.NewAccountAsync());
        var outcome = await portfolio.DropAsync("march.drop.json", "[]");
        Assert.Equal((RetrainResult.Rejected, "The manifest cannot be read at '$': write it with 'serverless drops upload', or mend it there."), (outcome.Result, outcome.Reasons.Single()));
    }

    [Fact]
    public async Task Parts_without_a_manifest_are_told_after_a_day()
    {
        var time = new ManualTime();
        await using var portfolio = await PortfolioOfDrops.CreateAsync(await azurite.NewAccountAsync(), time: time);
        await portfolio.PutAsync("march.parts/a.csv", A.Csv);
        var reconciliation = portfolio.Path.Get<DropReconciliation>();
        time.Advance(DateTimeOffset.UtcNow.AddHours(23) - time.GetUtcNow());
        await reconciliation.RunAsync(new Progress<TrainingProgress>(), Cancel);
        Assert.Empty(portfolio.Path.Log.Warnings);
        time.Advance(TimeSpan.FromHours(2));
        await reconciliation.RunAsync(new Progress<TrainingProgress>(), Cancel);
        Assert.Equal(
            "Parts of 1 drops have lain for more than a day without a manifest, which would start the run; the first that is missing is constant/demo/march.drop.json: upload it, or delete the parts",
            Assert.Single(portfolio.Path.Log.Warnings));
        Assert.Equal(0, portfolio.Family.Reads);
    }

    [Fact]
    public async Task Upload_sends_parts_then_the_manifest_and_after_a_break_only_what_is_missing()
    {
        await using var portfolio = await PortfolioOfDrops.CreateAsync(await azurite.NewAccountAsync());
        var folder = Directory.CreateTempSubdirectory("serverless-drop-").FullName;
        foreach (var (name, csv) in new[] { A, B }) await File.WriteAllTextAsync(Path.Combine(folder, name), csv, new UTF8Encoding(false), Cancel);
        var drop = new FilesToDrop("constant", "demo", "march", [new(Path.Combine(folder, A.Name)), new(Path.Combine(folder, B.Name))], new DateOnly(2026, 3, 31), null);
        var upload = portfolio.Path.Get<DropUpload>();
        var first = await upload.RunAsync(drop, [new ConstantFamily()], new Progress<TrainingProgress>(), Cancel);
        Assert.Equal(new UploadedDrop("constant/demo/march.drop.json", 2, 0, A.Csv.Length + B.Csv.Length), Assert.IsType<Outcome<UploadedDrop>.Done>(first).Value);

        await portfolio.Container("drops").GetBlobClient("constant/demo/march.parts/b.csv").DeleteAsync(cancellationToken: Cancel);
        var again = await upload.RunAsync(drop, [new ConstantFamily()], new Progress<TrainingProgress>(), Cancel);
        Assert.Equal(1, Assert.IsType<Outcome<UploadedDrop>.Done>(again).Value.Skipped);
        Assert.Equal(RetrainResult.Promoted, (await portfolio.RunAsync("march.drop.json")).Result);
        Assert.Equal(new DateOnly(2026, 3, 31), (await portfolio.DatasetAsync((await portfolio.LiveAsync()).DataSha256))!.Drops.Single().ObservedOn);

        var twice = await upload.RunAsync(drop with { Files = [drop.Files[0], drop.Files[0]] }, [new ConstantFamily()], new Progress<TrainingProgress>(), Cancel);
        Assert.Equal(["2 files are named 'a.csv': rename them, since the parts of a drop lie in one folder."], Assert.IsType<Outcome<UploadedDrop>.Rejected>(twice).Reasons);
    }
}
