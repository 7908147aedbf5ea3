using System.Text;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training;

/// <summary>Increments: training uses the union of the accepted drops, in which a later row for an id replaces an earlier one.</summary>
public class IncrementTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Today = new(2026, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Increment_is_trained_with_the_drops_before_it_and_replaces_their_rows_for_the_same_id()
    {
        await using var portfolio = await IncrementsAsync();
        Assert.Equal(0.6, (await portfolio.DropAsync("a.csv", ConstantFamily.Csv("abcd", 0.6))).Metrics["skill"]);
        var second = await portfolio.DropAsync("b.csv", ConstantFamily.Csv("cdefgh", 0.9));
        Assert.Equal((RetrainResult.Promoted, 8, 2, 2), (second.Result, second.Rows, second.Drops, second.RowsReplaced));
        Assert.Equal(0.825, second.Metrics["skill"]); // a and b of 0.6, the others of 0.9
        var third = await portfolio.DropAsync("c.csv", ConstantFamily.Csv("ac", 0.3));
        Assert.Equal((3, 4, 0.7125), (third.Drops, third.RowsReplaced, third.Metrics["skill"])); // b of 0.6, d to h of 0.9, a and c of 0.3

        var dataset = (await portfolio.DatasetAsync((await portfolio.LiveAsync()).DataSha256))!;
        Assert.Equal(["constant/demo/a.csv", "constant/demo/b.csv", "constant/demo/c.csv"], dataset.Drops.Select(d => d.Drop));
        Assert.Equal([4, 6, 2], (await portfolio.CurrentAsync())!.Drops.Select(d => d.Parts.Single().Rows!.Value));
        Assert.Equal(3, (await portfolio.NamesAsync("datasets")).Count(n => n.StartsWith("constant/demo/parts/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rejected_increment_never_enters_the_dataset()
    {
        await using var portfolio = await IncrementsAsync();
        await portfolio.DropAsync("a.csv", ConstantFamily.Csv("abcd", 0.6));
        var before = await portfolio.NamesAsync("datasets");
        Assert.Equal(RetrainResult.Rejected, (await portfolio.DropAsync("b.csv", "id,skill\n")).Result);
        Assert.Equal(before, await portfolio.NamesAsync("datasets"));
        Assert.Equal(2, (await portfolio.DropAsync("c.csv", ConstantFamily.Csv("ef", 0.9))).Drops);
    }

    [Fact]
    public async Task Same_content_again_changes_nothing_and_all_rows_begin_a_new_dataset()
    {
        await using var portfolio = await IncrementsAsync();
        await portfolio.DropAsync("a.csv", ConstantFamily.Csv("abcd", 0.6));
        Assert.Equal(RetrainResult.NoOp, (await portfolio.DropAsync("copy.csv", ConstantFamily.Csv("abcd", 0.6))).Result);
        Assert.Single((await portfolio.CurrentAsync())!.Drops);

        var part = ("all.csv", ConstantFamily.Csv("xyz", 0.9));
        await portfolio.ManifestAsync("all", PortfolioOfDrops.Listing(part) with { Mode = DropMode.Full, ObservedOn = new(2026, 3, 31) }, part);
        var full = await portfolio.RunAsync("all.drop.json");
        Assert.Equal((3, 1), (full.Rows, full.Drops));
        Assert.Equal(["constant/demo/all.drop.json"], (await portfolio.CurrentAsync())!.Drops.Select(d => d.Drop));

        // What was trained once is not trained again, and is what later drops add to all the same.
        await portfolio.ManifestAsync("first", PortfolioOfDrops.Listing(("a.csv", ConstantFamily.Csv("abcd", 0.6))) with { Mode = DropMode.Full }, ("a.csv", ConstantFamily.Csv("abcd", 0.6)));
        Assert.Equal(RetrainResult.NoOp, (await portfolio.RunAsync("first.drop.json")).Result);
        Assert.Equal(6, (await portfolio.DropAsync("b.csv", ConstantFamily.Csv("ef", 0.9))).Rows);
    }

    [Fact]
    public async Task Drop_whose_run_crashed_after_it_was_accepted_finds_itself_in_the_dataset()
    {
        await using var portfolio = await IncrementsAsync();
        await portfolio.DropAsync("a.csv", ConstantFamily.Csv("abcd", 0.6));
        var second = await portfolio.DropAsync("b.csv", ConstantFamily.Csv("cdef", 0.9));
        await portfolio.Container("outcomes").GetBlobClient("constant/demo/b.csv.json").DeleteAsync(cancellationToken: Cancel);
        await portfolio.Container("runs").GetBlobClient($"constant/demo/{second.RunId}.json").DeleteAsync(cancellationToken: Cancel);
        var again = await portfolio.RunAsync("b.csv");
        Assert.Equal((second.Version, second.RunId, 2, 2), (again.Version, again.RunId, again.Drops, again.RowsReplaced));
        Assert.Equal(2, (await portfolio.CurrentAsync())!.Drops.Count);
    }

    [Fact]
    public async Task Lost_content_of_the_dataset_fails_the_run_and_says_what_to_do()
    {
        await using var portfolio = await IncrementsAsync();
        await portfolio.DropAsync("a.csv", ConstantFamily.Csv("abcd", 0.6));
        var part = (await portfolio.NamesAsync("datasets")).Single(n => n.Contains("/parts/", StringComparison.Ordinal));
        await portfolio.Container("datasets").GetBlobClient(part).UploadAsync(BinaryData.FromString("changed"), overwrite: true, Cancel);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => portfolio.DropAsync("b.csv", ConstantFamily.Csv("ef", 0.9)));
        Assert.Equal($"'{part}' of container 'datasets' was changed: restore it, or drop all rows with a manifest of mode 'full'.", error.Message);
    }

    [Fact]
    public async Task Drop_of_all_rows_that_is_trained_late_keeps_the_increments_that_came_after_it()
    {
        await using var portfolio = await IncrementsAsync();
        await portfolio.DropAsync("a.csv", ConstantFamily.Csv("abcd", 0.6));
        var all = ("all.csv", ConstantFamily.Csv("xyz", 0.9));
        await portfolio.ManifestAsync("b", PortfolioOfDrops.Listing(all) with { Mode = DropMode.Full }, all);
        portfolio.Family.Reading = csv => csv.Contains("x,", StringComparison.Ordinal) ? new IOException("no disk") : null;
        Assert.Equal(2, (await portfolio.DropAsync("c.csv", ConstantFamily.Csv("zd", 0.8))).Drops);
        portfolio.Family.Reading = null;

        var late = await portfolio.RunAsync("b.drop.json");
        Assert.Equal((2, 4, 1), (late.Drops, late.Rows, late.RowsReplaced)); // z of the increment, which came later
        Assert.Equal(["constant/demo/b.drop.json", "constant/demo/c.csv"], (await portfolio.CurrentAsync())!.Drops.Select(d => d.Drop));
    }

    [Fact]
    public async Task Increment_that_is_worked_off_after_a_later_drop_of_all_rows_adds_nothing_to_it()
    {
        await using var portfolio = await IncrementsAsync();
        await portfolio.PutAsync("a.csv", ConstantFamily.Csv("ab", 0.6));
        await Task.Delay(1100, Cancel); // storage tells the time of a blob to the second
        var all = ("all.csv", ConstantFamily.Csv("xyz", 0.9));
        await portfolio.ManifestAsync("b", PortfolioOfDrops.Listing(all) with { Mode = DropMode.Full }, all);
        portfolio.Family.Reading = csv => csv.Contains("a,", StringComparison.Ordinal) ? new IOException("no disk") : null;
        Assert.Equal(RetrainResult.Promoted, (await portfolio.RunAsync("b.drop.json")).Result);
        portfolio.Family.Reading = null;

        var late = await portfolio.RunAsync("a.csv");
        Assert.Equal(RetrainResult.NoOp, late.Result);
        Assert.Contains("A drop of all rows came after it", Assert.Single(late.Reasons), StringComparison.Ordinal);
        Assert.Empty(await portfolio.Path.Get<DropBacklog>().WaitingAsync("", Cancel).ToListAsync(Cancel));
        var next = await portfolio.DropAsync("c.csv", ConstantFamily.Csv("c", 0.9));
        Assert.Equal((2, 4), (next.Drops, next.Rows));
        Assert.Equal(["constant/demo/b.drop.json", "constant/demo/c.csv"], (await portfolio.CurrentAsync())!.Drops.Select(d => d.Drop));
    }

    [Fact]
    public void Dataset_is_told_by_content_order_and_days_of_observation_and_not_by_names_and_times()
    {
        var (a, b) = (Drop("a", 1, "aa"), Drop("b", 2, "bb"));
        var union = Of(a).With(b);
        Assert.Equal("aa", Of(a).Sha256());
        Assert.Equal(union.Sha256(), Of(Drop("x", 3, "aa")).With(Drop("y", 4, "bb")).Sha256());
        string[] others = [Of(b).With(a with { ArrivedAt = b.ArrivedAt.AddDays(1) }).Sha256(), Of(a).With(b with { ObservedOn = new(2026, 3, 31) }).Sha256(), Of(Drop("a", 1, "aa", "bb")).Sha256(), Of(a).Sha256()];
        Assert.Equal(5, others.Append(union.Sha256()).Distinct().Count());
        Assert.Equal(["a", "b", "c"], union.With(Drop("c", 3, "aa")).Drops.Select(d => d.Drop));
        Assert.Equal(["a", "late", "b"], union.With(Drop("late", 1, "cc") with { ArrivedAt = a.ArrivedAt.AddSeconds(1) }).Drops.Select(d => d.Drop));
        Assert.Same(union, union.With(a));
        Assert.Same(union, union.With(Drop("copy", 3, "bb")));

        static Dataset Of(DatasetDrop drop) => new() { Mode = DropMode.Increment, Drops = [drop] };
        static DatasetDrop Drop(string name, int day, params string[] parts) =>
            new(name, $"etag of {name}", new(2026, 3, day, 0, 0, 0, TimeSpan.Zero), "1", [.. parts.Select(p => new DatasetPart($"{p}.csv", p, 1))]);
    }

    [Fact]
    public async Task Later_rows_take_the_place_of_earlier_ones_across_drops_and_never_within_one()
    {
        await using var union = LocalDrop.Of(
            await PartAsync("id,when\na,2026-01-01\na,2026-01-02\nb,2026-02-01\nc\n", 0), await PartAsync("id,when\nb,2026-01-15\nd,2026-03-01\n", 1), await PartAsync("id,when\na,2026-02-28\nd,2026-04-01\nd,2026-04-02\n", 2));
        var rows = Assert.IsType<Outcome<UnionRows>.Done>(await UnionRows.ReadAsync(union, Dated("id"), 2, Today, new HashSet<int>(), Cancel)).Value;
        Assert.Equal("xxx..x...", string.Concat(rows.Left.Cast<bool>().Select(left => left ? 'x' : '.')));
        Assert.Equal((4, 1), (rows.Replaced, rows.Late));
        var byContent = Assert.IsType<Outcome<UnionRows>.Done>(await UnionRows.ReadAsync(union, Dated(null), 2, Today, new HashSet<int>(), Cancel)).Value;
        Assert.Equal(0, byContent.Replaced);

    }

    [Fact]
    public async Task Row_that_is_dated_in_the_future_makes_no_other_late()
    {
        await using var union = LocalDrop.Of(await PartAsync("id,when\na,2062-01-01\nb,2026-02-01\n", 0), await PartAsync("id,when\nc,2026-01-15\nd,2026-03-01\n", 1));
        Assert.Equal(1, Assert.IsType<Outcome<UnionRows>.Done>(await UnionRows.ReadAsync(union, Dated("id"), 1, Today, new HashSet<int>(), Cancel)).Value.Late);
    }

    [Fact]
    public async Task Later_row_that_cannot_be_used_takes_no_earlier_ones_place()
    {
        var loans = await LoansAsync(600, seed: 1);
        var contract = LoanSample.Contract with { Drops = DropMode.Increment, Training = new() { MaxRowsInError = 1 } };
        var place = contract.Columns.Index().First(c => c.Item.Type == ColumnType.Number && c.Item.Role == ColumnRole.Input).Item.Name;
        var at = loans[0].Split(',').IndexOf(place);
        string Broken(string line) => string.Join(',', line.Split(',').Select((field, i) => i == at ? "broken" : field));

        // The first loan is broken once, the second twice, the third once and mended then.
        string[][] drops = [loans, [loans[0], Broken(loans[1]), Broken(loans[2]), Broken(loans[3])], [loans[0], Broken(loans[2]), loans[3]]];
        var parts = new List<DropPart>();
        foreach (var (i, lines) in drops.Index()) parts.Add(await PartAsync(string.Concat(lines.Select(line => line + "\n")), i));
        var dataset = new Dataset { Mode = DropMode.Increment, Drops = [.. parts.Select((p, i) => new DatasetDrop($"{i}.csv", $"{i}", Today.AddDays(i - 9), "1", [new(p.Name, p.Sha256, p.Bytes)]))] };
        await using var set = new TrainingSet(LocalDrop.Of(parts), dataset, 2, null);
        var read = await set.ReadAsync(new CreditTrainer(), contract, new ReadingContext(Today), new Progress<TrainingProgress>(), Cancel);
        var rows = Assert.IsType<Outcome<TrainingRows>.Done>(read.Rows).Value;
        Assert.Equal((600, 3, 2), (rows.Count, rows.RowsInError, set.Files.Rows!.Replaced));
    }

    [Fact]
    public async Task Small_increment_of_loans_is_judged_by_itself_and_trained_with_the_others()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        await using var path = new RetrainPath(account);
        Assert.IsType<Outcome<DataContract>.Done>(await path.Get<ContractStore>().ActivateAsync(Json.File<object>(LoanSample.Contract with { Drops = DropMode.Increment, Gate = new() }), Cancel));
        Assert.Equal(RetrainResult.Promoted, (await DropAsync("2026-01", await LoansAsync(600, seed: 1))).Result);

        // One of five, which would be nothing among six hundred.
        var five = await LoansAsync(5, seed: 2);
        var bad = await DropAsync("2026-02", [.. five[..^1], "x" + five[^1][five[^1].IndexOf(',')..five[^1].LastIndexOf(',')]]);
        Assert.Equal(["1 of 5 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.", "row 5: has another number of fields than the header."], bad.Reasons);
        var good = await DropAsync("2026-03", [.. five, (await LoansAsync(1, seed: 1))[1]]);
        Assert.Equal((605, 2, 1), (good.Rows, good.Drops, good.RowsReplaced));
        Assert.NotEqual(RetrainResult.Rejected, good.Result);
        var report = (await account.Blobs.GetBlobContainerClient("outcomes").GetBlobClient($"credit/{LoanSample.Portfolio}/2026-03.csv.report.json").DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<DropReport>(Json.Options)!;
        Assert.Equal((0, 6), (report.Reasons.Count, report.Quality!.Value.GetProperty("rows").GetInt32()));
        Assert.True(await account.Blobs.GetBlobContainerClient("outcomes").GetBlobClient($"credit/{LoanSample.Portfolio}/2026-03.csv.report.html").ExistsAsync(Cancel));
        Assert.Empty(await path.Get<DropBacklog>().WaitingAsync("", Cancel).ToListAsync(Cancel));

        async Task<RetrainOutcome> DropAsync(string month, IEnumerable<string> lines)
        {
            var name = $"credit/{LoanSample.Portfolio}/{month}.csv";
            await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(name).UploadAsync(BinaryData.FromString(string.Concat(lines.Select(line => line + "\n"))), Cancel);
            return await path.RunAsync(name);
        }
    }

    private static async Task<string[]> LoansAsync(int rows, int seed)
    {
        using var csv = new MemoryStream();
        await LoanSample.WriteAsync(csv, rows, seed, Cancel);
        return Encoding.UTF8.GetString(csv.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<DropPart> PartAsync(string csv, int drop) => await DropPart.CopyAsync($"{drop}.csv", new MemoryStream(Encoding.UTF8.GetBytes(csv)), Cancel, drop);

    private static DatedContract Dated(string? id) => new() { Family = "constant", Portfolio = "demo", Version = "1", Id = id };

    private async Task<PortfolioOfDrops> IncrementsAsync()
    {
        var portfolio = await PortfolioOfDrops.CreateAsync(await azurite.NewAccountAsync(), DropMode.Increment);
        await portfolio.ActivateAsync(ConstantFamily.Contract with { Version = "2", Drops = DropMode.Increment, Gate = new() { MinRows = 0, MinRare = 0, Tolerance = 1 } });
        return portfolio;
    }

    private sealed record DatedContract : DataContract
    {
        public string? Id { get; init; }

        public override string? RowId => Id;

        public override string? RowDate => "when";
    }
}
