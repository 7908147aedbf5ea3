using System.Text;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Tests.Faults;
using Serverless.Tests.Serving.Decisions;
using Serverless.Training;
using Serverless.Training.Backup;
using Serverless.Training.Drops;
using Serverless.Training.Subjects;

namespace Serverless.Tests.Training.Backup;

public sealed class BackupFaultsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("serverless-backup-").FullName;
    private readonly ConstantFamily _family = new();
    private string _connection = "";
    private StorageAccount _account = null!;
    private ScoringInstance _instance = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await azurite.NewConnectionAsync();
        _account = StorageAccount.Open(_connection);
        await _account.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(_account);
        _instance = new(_account, TimeProvider.System, new() { MaxSegmentBytes = 1_500 });
        Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(_account, [_family]).ActivateAsync(ConstantFamily.ContractJson, Cancel));
        for (var i = 1; i <= 4; i++) await _instance.DecideAsync($"A-{i}");
        await RetrainAsync(1);
    }

    public ValueTask DisposeAsync()
    {
        _instance.Dispose();
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Backup_while_every_request_meets_new_decisions_and_models_is_whole()
    {
        // Before each request a decision, of which a segment takes three; before each listing a version that goes live, and its run.
        var (meddling, n) = (false, 4);
        var faults = new StorageFaults
        {
            Calling = call =>
            {
                if (!meddling) return;
                n++;
                _instance.DecideAsync($"A-{n}").GetAwaiter().GetResult();
                if (call.Resource.EndsWith("comp=list", StringComparison.Ordinal)) RetrainAsync(n).GetAwaiter().GetResult();
            },
        };
        var live = faults.Open(_connection);
        meddling = true;
        var folder = Path.Combine(_root, "live");
        var taken = Assert.IsType<Outcome<BackupReport>.Done>(await new AccountBackup(live, TimeProvider.System).TakeAsync(folder, new Progress<TrainingProgress>(), Cancel));
        meddling = false;
        Assert.True(n > 20, $"{n} requests");
        Assert.Empty(taken.Value.LeftOut);

        var target = await azurite.NewAccountAsync();
        await RestoreAsync(target, folder);
        var report = await new LogVerification(LogCopy.Of(target), TimeProvider.System).RunAsync(new Progress<string>(), Cancel);
        Assert.Equal("", string.Join('\n', report.Faults));
        Assert.Equal(report.Decisions, report.Applications);
        Assert.InRange(report.Decisions, 5, n);

        // Every run that is there made a version that is there, and the pointer is not behind the last of them.
        var registry = new ModelRegistry(target);
        var champion = (await registry.ChampionAsync("constant", "demo", Cancel))!;
        await registry.OpenAsync("constant", "demo", champion.Version, Cancel);
        var runs = target.Blobs.GetBlobContainerClient("runs");
        var skills = new List<double>();
        await foreach (var run in runs.GetBlobsAsync(cancellationToken: Cancel))
        {
            var record = (await runs.GetBlobClient(run.Name).DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<RunRecord>(Json.Options)!;
            skills.Add((await registry.OpenAsync("constant", "demo", record.Outcome.Version!, Cancel)).Manifest.Metrics["skill"]);
        }

        Assert.True(skills.Max() <= (await registry.OpenAsync("constant", "demo", champion.Version, Cancel)).Manifest.Metrics["skill"]);
    }

    [Fact]
    public async Task Backup_during_an_erasure_has_all_the_data_that_increments_add_to_and_nothing_that_was_erased()
    {
        Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(_account, [_family]).ActivateAsync(Json.File(ConstantFamily.Contract with { Version = "2", Drops = DropMode.Increment }), Cancel));
        await RetrainAsync(2);
        await RetrainAsync(3);
        await using var path = new RetrainPath(_account, [_family]);
        var erasing = false;
        var faults = new StorageFaults
        {
            Calling = call =>
            {
                // The first part is copied, and the lists name those that go.
                if (erasing || !call.Resource.StartsWith("blob:datasets/constant/demo/parts/", StringComparison.Ordinal)) return;
                erasing = true;
                var portfolio = path.Get<ExportSearch>().PortfoliosAsync("demo", Cancel).GetAwaiter().GetResult().Single(p => p.Family == "constant");
                foreach (var id in new[] { "2a", "3a" }) Assert.Equal(1, path.Get<DatasetErasure>().RunAsync(portfolio, new HashSet<string> { id }, [], Cancel).GetAwaiter().GetResult());
            },
        };
        var folder = Path.Combine(_root, "erased");
        Assert.IsType<Outcome<BackupReport>.Done>(await new AccountBackup(faults.Open(_connection), TimeProvider.System).TakeAsync(folder, new Progress<TrainingProgress>(), Cancel));
        Assert.True(erasing);

        var target = await azurite.NewAccountAsync();
        await RestoreAsync(target, folder);
        var store = new DatasetStore(target);
        var current = (await store.CurrentAsync("constant", "demo", Cancel))!;
        foreach (var part in current.Dataset.DistinctParts())
        {
            await using var whole = await store.DownloadAsync("constant", "demo", part, 0, Cancel);
            Assert.Equal(1, part.Rows);
        }

        var parts = await target.Blobs.GetBlobContainerClient("datasets").GetBlobsAsync(new() { Prefix = "constant/demo/parts/" }, Cancel).CountAsync(Cancel);
        Assert.Equal(current.Dataset.DistinctParts().Count(), parts);
    }

    [Fact]
    public async Task Restore_that_dies_after_any_write_serves_nothing_half_and_is_completed_by_repeating_it()
    {
        var folder = Path.Combine(_root, "backup");
        Assert.IsType<Outcome<BackupReport>.Done>(await new AccountBackup(_account, TimeProvider.System).TakeAsync(folder, new Progress<TrainingProgress>(), Cancel));
        var expected = await BackupTests.ContentAsync(_account);
        var connection = await azurite.NewConnectionAsync();
        var target = StorageAccount.Open(connection);
        for (var at = 1; ; at++)
        {
            foreach (var container in BackupParts.Containers) await ClearAsync(target, container);
            var faults = new StorageFaults();
            faults.Inject(Fault.CrashAfter, at, call => call.Method == "PUT");
            try
            {
                await RestoreAsync(faults.Open(connection), folder);
                if (faults.Hits == 0) break; // it needs no more writes than that
            }
            catch (Exception)
            {
                // Wide, because nobody is left to see what a dead process threw.
            }

            await NothingHalfAsync(target, expected);
            await RestoreAsync(target, folder);
            Assert.Equal(expected, await BackupTests.ContentAsync(target));
        }
    }

    [Fact]
    public async Task Restore_whose_every_write_is_done_and_its_answer_lost_writes_nothing_twice()
    {
        var folder = Path.Combine(_root, "backup");
        Assert.IsType<Outcome<BackupReport>.Done>(await new AccountBackup(_account, TimeProvider.System).TakeAsync(folder, new Progress<TrainingProgress>(), Cancel));
        var connection = await azurite.NewConnectionAsync();
        var (faults, seen) = (new StorageFaults(), new HashSet<string>());
        faults.Inject(Fault.Cut, 1, call => call.Method == "PUT" && seen.Add(call.Resource), times: int.MaxValue);
        await RestoreAsync(faults.Open(connection), folder);
        Assert.True(faults.Hits > 20, $"{faults.Hits} writes");
        Assert.Equal(await BackupTests.ContentAsync(_account), await BackupTests.ContentAsync(StorageAccount.Open(connection)));
    }

    [Fact]
    public async Task Blobs_that_are_none_of_the_apps_are_named_and_left_out()
    {
        string[] strange = ["applications/example/../x.json", "applications/example/A 1.json", "contracts/x", "decision-log/notes.jsonl", "models/credit/example/0123456789abcdef/model.onnx", "models/constant/demo/..\\..\\x"];
        foreach (var blob in strange)
        {
            var (container, name) = (blob.Split('/')[0], blob[(blob.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            await _account.Blobs.GetBlobContainerClient(container).GetBlobClient(name).UploadAsync(BinaryData.FromString("x"), Cancel);
        }

        var folder = Path.Combine(_root, "clean");
        var taken = Assert.IsType<Outcome<BackupReport>.Done>(await new AccountBackup(_account, TimeProvider.System).TakeAsync(folder, new Progress<TrainingProgress>(), Cancel)).Value;
        Assert.Equal(strange.Length, taken.LeftOut.Count);
        Assert.Equal(["clean"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName));
        await RestoreAsync(await azurite.NewAccountAsync(), folder);
    }

    /// <summary>A pointer is there only when all before it is: so nothing is decided or trained on half of it.</summary>
    private static async Task NothingHalfAsync(StorageAccount target, SortedDictionary<string, string> expected)
    {
        if ((await target.Blobs.GetBlobContainersAsync(cancellationToken: Cancel).ToListAsync(Cancel)).Count < BackupParts.Containers.Count) return; // it died before it had made them
        var there = await BackupTests.ContentAsync(target);
        var parts = there.Keys.Select(Part).ToList();
        if (parts.Contains(BackupPart.Champions)) Assert.Empty(expected.Where(e => Part(e.Key) < BackupPart.Champions).Except(there));
        if (parts.Contains(BackupPart.ActiveContracts)) Assert.Empty(expected.Where(e => Part(e.Key) < BackupPart.ActiveContracts).Except(there));
        static BackupPart Part(string blob) => BackupParts.Of(blob.Split('/')[0], blob[(blob.IndexOf('/', StringComparison.Ordinal) + 1)..])!.Value;
    }

    private static async Task ClearAsync(StorageAccount account, string container)
    {
        var client = account.Blobs.GetBlobContainerClient(container);
        if (!await client.ExistsAsync(Cancel)) return;
        await foreach (var blob in client.GetBlobsAsync(cancellationToken: Cancel)) await client.DeleteBlobAsync(blob.Name, DeleteSnapshotsOption.None, cancellationToken: Cancel);
    }

    private static async Task RestoreAsync(StorageAccount account, string folder) =>
        Assert.IsType<Outcome<RestoreReport>.Done>(await new AccountRestore(account).RunAsync(folder, new Progress<TrainingProgress>(), Cancel));

    /// <summary>A drop of new rows, better than all before.</summary>
    private async Task RetrainAsync(int number)
    {
        await using var path = new RetrainPath(_account, [_family]);
        var drop = $"constant/demo/{number:0000}.csv";
        var csv = $"id,skill\n{number}a,{Skill(number)}\n{number}b,{Skill(number)}\n";
        await _account.Blobs.GetBlobContainerClient("drops").GetBlobClient(drop).UploadAsync(BinaryData.FromBytes(Encoding.UTF8.GetBytes(csv)), Cancel);
        Assert.Equal(RetrainResult.Promoted, (await path.RunAsync(drop)).Result);
        static string Skill(int n) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{0.6 + (n / 1000.0)}");
    }
}
