using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs.Specialized;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Backup;
using Serverless.Training.Market;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Backup;

public class BackupTests(BackedUpAccount source, AzuriteFixture azurite) : IClassFixture<BackedUpAccount>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restored_account_verifies_and_answers_as_the_one_that_was_backed_up()
    {
        var (account, original) = (await RestoredAsync(), StorageAccount.Open(source.Connection));
        Assert.Equal(await ContentAsync(original), await ContentAsync(account));
        Assert.Empty(source.Report.LeftOut);
        var report = await VerifyAsync(LogCopy.Of(account));
        Assert.Equal((5L, 1, 5, 1, ""), (report.Decisions, report.Anchors, report.Applications, report.Erased, string.Join('\n', report.Faults)));
        Assert.Empty((await VerifyAsync(LogCopy.Of(source.Folder))).Faults); // the backup itself, offline

        await using var path = new RetrainPath(account);
        await using var before = new RetrainPath(original);
        for (var i = 0; i < source.Applications.Count; i++)
        {
            var replayed = Assert.IsType<Outcome<ReplayedDecision>.Done>(await path.Get<DecisionReplay>().RunAsync(LoanSample.Portfolio, source.Id(i), Cancel)).Value;
            Assert.Equal(i == 0 ? ReplayResult.Erased : ReplayResult.Identical, replayed.Result);
        }

        string[] texts = ["I think my bank card was stolen on the bus", "what would I save by paying my loan back early?", "🙂"];
        Assert.Equal(await ClassifiedAsync(before, texts), await ClassifiedAsync(path, texts));
        var again = BinaryData.FromString(source.Applications[1].ToJsonString());
        Assert.Equal(await DecidedAsync(before, again), await DecidedAsync(path, again));
        Assert.Equal(Rejection.Erased, Assert.IsType<Outcome<Decision>.Rejected>(await path.Get<LoanDecisions>().DecideAsync(BinaryData.FromString(source.Applications[0].ToJsonString()), Cancel)).Kind);
    }

    [Fact]
    public async Task Restored_account_goes_on_where_the_backup_ended()
    {
        var account = await RestoredAsync();
        await using var path = new RetrainPath(account);
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(BackedUpAccount.Drop).UploadAsync(BinaryData.FromBytes(source.Loans), Cancel);
        Assert.Equal(RetrainResult.NoOp, (await path.RunAsync(BackedUpAccount.Drop)).Result);

        // As many as find both shards, so that each goes on in the segment that it had.
        var segments = await NamesAsync(account, BackupParts.Log);
        foreach (var application in LoanSample.Applications(8, seed: 9)) await DecidedAsync(path, BinaryData.FromString(application.ToJsonString()));
        Assert.Equal(segments, await NamesAsync(account, BackupParts.Log));
        Assert.NotNull(await new DecisionAnchors(account, new Tomorrow()).AnchorAsync(Cancel));
        var report = await VerifyAsync(LogCopy.Of(account));
        Assert.Equal((13L, 2, 13, ""), (report.Decisions, report.Anchors, report.Applications, string.Join('\n', report.Faults)));

        var feedback = path.Get<FeedbackStore>();
        Assert.Equal(("my card is gone", 1), (Assert.Single(await feedback.WaitingAsync(CustomerServiceSample.Portfolio, Cancel)).Text, (await feedback.GatheredAsync(CustomerServiceSample.Portfolio, Cancel)).Count));
        var ledger = await (await path.Get<LedgerStore>().OpenAsync(MarketSample.Portfolio, Cancel)).AddAsync([BackedUpAccount.Tried with { Id = "2" }], Cancel);
        Assert.Equal(["1", "2"], ledger.Trials.Select(t => t.Id));
        Assert.Equal(ledger.Trials, (await (await path.Get<LedgerStore>().OpenAsync(MarketSample.Portfolio, Cancel)).AddAsync([], Cancel)).Trials);

        // And is now itself no place for a backup any more.
        var refused = Assert.IsType<Outcome<RestoreReport>.Rejected>(await RestoreAsync(account, source.Folder));
        Assert.Contains("The account is not empty: ", Assert.Single(refused.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_of_more_than_one_block_is_restored_and_goes_on()
    {
        // Three blocks of an append, which a real log of a year has: the lines are those of one shard, again and again, as only their bytes count here.
        var folder = source.Copy();
        var segment = Directory.EnumerateFiles(Path.Combine(folder, BackupParts.Log), "*.jsonl", SearchOption.AllDirectories).First();
        var line = await File.ReadAllBytesAsync(segment, Cancel);
        await File.WriteAllBytesAsync(segment, [.. Enumerable.Repeat(line, (9 << 20) / line.Length).SelectMany(l => l)], Cancel);
        await RelistAsync(folder);
        var account = await azurite.NewAccountAsync();
        Assert.IsType<Outcome<RestoreReport>.Done>(await RestoreAsync(account, folder));
        var blob = account.Blobs.GetBlobContainerClient(BackupParts.Log).GetAppendBlobClient(Path.GetRelativePath(Path.Combine(folder, BackupParts.Log), segment));
        Assert.Equal(await File.ReadAllBytesAsync(segment, Cancel), (await blob.DownloadContentAsync(Cancel)).Value.Content.ToArray());
        Assert.Equal(3, (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.BlobCommittedBlockCount);
    }

    [Theory]
    [InlineData("changed", "'contracts/credit/consumer-loans/1.json' was changed: it is not the file that was backed up.")]
    [InlineData("missing", "'contracts/credit/consumer-loans/1.json' is missing.")]
    [InlineData("added", "'contracts/credit/consumer-loans/2.json' was added: backup.json does not list it.")]
    [InlineData("link", "'contracts/credit/consumer-loans/1.json' is a link: a backup holds files only.")]
    [InlineData("linked folder", "'contracts/text' is a link: a backup holds files only.")]
    [InlineData("listed twice", "'contracts/credit/consumer-loans/1.json' is listed twice.")]
    [InlineData("led out", "'contracts/../../outside.json' is no name that a backup holds.")]
    [InlineData("led to a container", "'drops/credit/consumer-loans/x.csv' is no name that a backup holds.")]
    [InlineData("steering", "'contracts/credit/consumer-loans/?[2J.json' is no name that a backup holds.")]
    [InlineData("no list", "holds no backup.json: it is no backup, or one that did not end.")]
    [InlineData("half a list", "'backup.json' cannot be read by this version of the program, or was changed.")]
    [InlineData("null in the list", "'backup.json' cannot be read by this version of the program, or was changed.")]
    [InlineData("later format", "'backup.json' cannot be read by this version of the program, or was changed.")]
    public async Task Backup_that_was_tampered_with_is_refused_by_name_and_nothing_is_written(string how, string reason)
    {
        var folder = source.Copy();
        var contracts = Path.Combine(folder, "contracts/credit/consumer-loans");
        var file = Path.Combine(contracts, "1.json");
        switch (how)
        {
            case "changed":
                await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Cancel)).Replace("\"version\": \"1\"", "\"version\": \"2\"", StringComparison.Ordinal), Cancel);
                break;
            case "missing":
                File.Delete(file);
                break;
            case "added":
                File.Copy(file, Path.Combine(contracts, "2.json"));
                break;
            case "link":
                File.Move(file, Path.Combine(folder, "../elsewhere.json"));
                File.CreateSymbolicLink(file, Path.Combine(folder, "../elsewhere.json"));
                break;
            case "linked folder":
                Directory.Move(Path.Combine(folder, "contracts/text"), Path.Combine(folder, "../elsewhere"));
                Directory.CreateSymbolicLink(Path.Combine(folder, "contracts/text"), Path.Combine(folder, "../elsewhere"));
                break;
            case "listed twice":
                await ListAsync(folder, files => files.Add(files.First(f => (string?)f!["name"] == "credit/consumer-loans/1.json")!.DeepClone()));
                break;
            case "led out":
                await ListAsync(folder, files => files.Add(Entry("contracts", "../../outside.json")));
                break;
            case "led to a container":
                await ListAsync(folder, files => files.Add(Entry("drops", "credit/consumer-loans/x.csv")));
                break;
            case "steering":
                await ListAsync(folder, files => files.Add(Entry("contracts", "credit/consumer-loans/\u001b[2J.json")));
                break;
            case "no list":
                File.Delete(Path.Combine(folder, "backup.json"));
                break;
            case "half a list":
                var list = await File.ReadAllBytesAsync(Path.Combine(folder, "backup.json"), Cancel);
                await File.WriteAllBytesAsync(Path.Combine(folder, "backup.json"), list[..(list.Length / 2)], Cancel);
                break;
            case "null in the list":
                await ListAsync(folder, files => files.Add(null));
                break;
            case "later format":
                await File.WriteAllTextAsync(Path.Combine(folder, "backup.json"), (await File.ReadAllTextAsync(Path.Combine(folder, "backup.json"), Cancel)).Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal), Cancel);
                break;
        }

        var account = await azurite.NewAccountAsync();
        var refused = Assert.IsType<Outcome<RestoreReport>.Rejected>(await RestoreAsync(account, folder));
        Assert.Contains(refused.Reasons, r => r.EndsWith(reason, StringComparison.Ordinal));
        Assert.Empty(await account.Blobs.GetBlobContainersAsync(cancellationToken: Cancel).ToListAsync(Cancel));
    }

    [Theory]
    [InlineData("models/credit/consumer-loans/champion.json", false)]
    [InlineData("applications/consumer-loans/A-1.json", false)]
    [InlineData("decision-log/00/000000.jsonl", true)]
    [InlineData("decision-log/00/000000.jsonl", false)]
    [InlineData("models/notes.txt", false)]
    public async Task Account_with_other_content_is_refused_and_stays_as_it_is(string blob, bool append)
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        var (container, name) = (blob.Split('/')[0], blob[(blob.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        if (append)
        {
            var log = account.Blobs.GetBlobContainerClient(container).GetAppendBlobClient(name);
            await log.CreateAsync(cancellationToken: Cancel);
            await log.AppendBlockAsync(new MemoryStream("{}\n"u8.ToArray()), cancellationToken: Cancel);
        }
        else
        {
            // The log's own bytes too: as a block blob, nothing could be appended to it.
            var content = container == BackupParts.Log ? await File.ReadAllBytesAsync(Path.Combine(source.Folder, blob), Cancel) : "{}"u8.ToArray();
            await account.Blobs.GetBlobContainerClient(container).GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), Cancel);
        }

        var refused = Assert.IsType<Outcome<RestoreReport>.Rejected>(await RestoreAsync(account, source.Folder));
        Assert.StartsWith($"The account is not empty: 1 blobs are not those of the backup, such as {blob}. ", Assert.Single(refused.Reasons), StringComparison.Ordinal);
        foreach (var each in BackupParts.Containers) Assert.Equal(each == container ? [name] : [], await NamesAsync(account, each));
    }

    [Fact]
    public async Task Folder_that_holds_something_is_not_backed_up_into()
    {
        var refused = await new AccountBackup(StorageAccount.Open(source.Connection), TimeProvider.System).TakeAsync(source.Folder, new Progress<TrainingProgress>(), Cancel);
        Assert.Equal([$"'{source.Folder}' is not empty: give a new folder."], Assert.IsType<Outcome<BackupReport>.Rejected>(refused).Reasons);
    }

    [Fact]
    public void Backup_is_for_its_owner_only()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There are no modes on Windows.");
        else Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(source.Folder));
    }

    private async Task<StorageAccount> RestoredAsync()
    {
        var account = await azurite.NewAccountAsync();
        var restored = Assert.IsType<Outcome<RestoreReport>.Done>(await RestoreAsync(account, source.Folder)).Value;
        Assert.Equal(new RestoreReport(source.Report.Files, source.Report.Bytes), restored);
        await account.PrepareAsync(Cancel);
        return account;
    }

    private static Task<Outcome<RestoreReport>> RestoreAsync(StorageAccount account, string folder) => new AccountRestore(account).RunAsync(folder, new Progress<TrainingProgress>(), Cancel);

    private static Task<LogReport> VerifyAsync(LogCopy copy) => new LogVerification(copy, TimeProvider.System).RunAsync(new Progress<string>(), Cancel);

    private static async Task<string> DecidedAsync(RetrainPath path, BinaryData message) =>
        JsonSerializer.Serialize(Assert.IsType<Outcome<Decision>.Done>(await path.Get<LoanDecisions>().DecideAsync(message, Cancel)).Value, Json.Options);

    private static async Task<string> ClassifiedAsync(RetrainPath path, string[] texts)
    {
        using var lease = (await path.Get<LiveModels>().RentAsync<TextClassifier>(TextContract.FamilyName, CustomerServiceSample.Portfolio, Cancel))!;
        var answers = Assert.IsType<Outcome<IReadOnlyList<Classification>>.Done>(lease.Model.Classify(texts, 3)).Value;
        Assert.Equal("card_lost_or_stolen", answers[0].Intent);
        return $"{lease.Version} {JsonSerializer.Serialize(answers, Json.Options)}";
    }

    private static async Task<List<string>> NamesAsync(StorageAccount account, string container) =>
        await account.Blobs.GetBlobContainerClient(container).GetBlobsAsync(cancellationToken: Cancel).Select(b => b.Name).ToListAsync(Cancel);

    /// <summary>What a backup is of: kind and content of each blob.</summary>
    internal static async Task<SortedDictionary<string, string>> ContentAsync(StorageAccount account)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var container in BackupParts.Containers)
        {
            await foreach (var blob in account.Blobs.GetBlobContainerClient(container).GetBlobsAsync(cancellationToken: Cancel))
            {
                if (BackupParts.IsUnderWay(container, blob.Name)) continue;
                var bytes = (await account.Blobs.GetBlobContainerClient(container).GetBlobClient(blob.Name).DownloadContentAsync(Cancel)).Value.Content.ToArray();
                content[$"{container}/{blob.Name}"] = $"{blob.Properties.BlobType} {Convert.ToHexString(bytes)}";
            }
        }

        return content;
    }

    private static JsonObject Entry(string container, string name) => new() { ["container"] = container, ["name"] = name, ["bytes"] = 0, ["sha256"] = "" };

    private static async Task ListAsync(string folder, Action<JsonArray> change)
    {
        var path = Path.Combine(folder, "backup.json");
        var list = JsonNode.Parse(await File.ReadAllBytesAsync(path, Cancel))!;
        change(list["files"]!.AsArray());
        await File.WriteAllTextAsync(path, list.ToJsonString(), Cancel);
    }

    /// <summary>The list of a backup after a file was changed on purpose.</summary>
    private static Task RelistAsync(string folder) => ListAsync(folder, files =>
    {
        foreach (var file in files)
        {
            var content = File.ReadAllBytes(Path.Combine(folder, (string)file!["container"]!, (string)file["name"]!));
            (file["bytes"], file["sha256"]) = (content.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));
        }
    });

    private sealed class Tomorrow : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(1);
    }
}
