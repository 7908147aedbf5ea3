using System.Text;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Tests.Serving.Decisions.Log;

/// <summary>
/// Twelve decisions in one shard of several segments, anchored after eight, one erased; copied once with everything and once as the program copies it.
/// </summary>
public sealed class LoggedDecisions(AzuriteFixture azurite) : IAsyncLifetime
{
    public const int Count = 12;
    public const int Anchored = 8;
    private readonly string _root = Directory.CreateTempSubdirectory("serverless-log-").FullName;

    private int _copies;

    internal ManualTime Time { get; } = new();

    public StorageAccount Account { get; private set; } = null!;

    /// <summary>Every blob of the three containers, as any tool would copy them.</summary>
    public string Everything => Path.Combine(_root, "everything");

    /// <summary>What <c>decisions download</c> writes.</summary>
    public string Downloaded => Path.Combine(_root, "downloaded");

    public async ValueTask InitializeAsync()
    {
        Account = await azurite.NewAccountAsync();
        await Account.PrepareAsync(default);
        await ScoringInstance.PromoteAsync(Account);
        using var instance = new ScoringInstance(Account, Time, new() { Shards = 1, MaxSegmentBytes = 1_700 });
        var anchors = new DecisionAnchors(Account, Time);
        for (var i = 1; i <= Count; i++)
        {
            await instance.DecideAsync($"A-{i:00}");
            if (i == Anchored) await anchors.AnchorAsync(default);
            Time.Advance(TimeSpan.FromHours(2));
        }

        await instance.Erasure.RunAsync("example", "A-03", "officer", default);
        Time.Advance(TimeSpan.FromDays(1));
        await LogCopy.DownloadAsync(Account, Downloaded, Time, default);
        foreach (var container in new[] { "applications", "decision-log", "decision-anchors" })
        {
            await foreach (var blob in Account.Blobs.GetBlobContainerClient(container).GetBlobsAsync())
            {
                var path = Path.Combine(Everything, container, blob.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await Account.Blobs.GetBlobContainerClient(container).GetBlobClient(blob.Name).DownloadToAsync(path);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A copy of a copy, for a test to tamper with.</summary>
    public string Copy(string copy, params string[] containers)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, $"tampered-{Interlocked.Increment(ref _copies)}")).FullName;
        foreach (var path in Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(copy, path);
            if (containers.Length > 0 && !containers.Contains(name.Split('/')[0])) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.Copy(path, Path.Combine(folder, name));
        }

        return folder;
    }

    public async Task<LogReport> VerifyAsync(string folder) => await new LogVerification(LogCopy.Of(folder), Time).RunAsync(new Progress<string>(), TestContext.Current.CancellationToken);
}

/// <summary>A segment's file, line by line.</summary>
internal sealed class SegmentFile(string folder, int segment)
{
    private readonly string _path = Path.Combine(folder, "decision-log", "00", $"{segment:000000}.jsonl");

    public List<string> Lines { get; } = [.. File.ReadAllLines(Path.Combine(folder, "decision-log", "00", $"{segment:000000}.jsonl"))];

    public int Length => Lines.Sum(l => l.Length + 1);

    public void Save() => File.WriteAllText(_path, string.Concat(Lines.Select(l => l + "\n")), new UTF8Encoding(false));

    public void Delete() => File.Delete(_path);

    public void Truncate(int bytes)
    {
        using var file = File.OpenWrite(_path);
        file.SetLength(file.Length - bytes);
    }
}
