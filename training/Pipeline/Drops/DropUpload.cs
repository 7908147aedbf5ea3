using System.Diagnostics;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>Drops files: one that is small as it is, several or a big one as parts with a manifest that comes last and starts the run.</summary>
public sealed class DropUpload(StorageAccount account)
{
    private const string HashKey = "sha256";
    private readonly BlobContainerClient _drops = account.Blobs.GetBlobContainerClient(DropStore.Container);

    /// <summary>Drops files; rejected with every fault of their names. Safe to repeat: parts that lie there already are not sent again.</summary>
    /// <param name="drop">What is dropped.</param>
    /// <param name="families">The families that can be trained.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it; no run starts from what lies there then.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task<Outcome<UploadedDrop>> RunAsync(FilesToDrop drop, IEnumerable<ITrainingFamily> families, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var forms = DropForms.Of(families);
        var alone = drop.Files is [{ Length: <= DropName.MaxBytes }] && drop.ObservedOn is null && drop.Mode is null;
        var file = (drop.Name ?? Stem(drop.Files[0].Name)) + (alone ? Ending(drop.Files[0].Name) : DropName.ManifestEnding);
        var read = DropName.Read($"{drop.Family}/{drop.Portfolio}/{file}", alone ? drop.Files[0].Length : 0, forms);
        List<string> faults = [.. read is Outcome<DropName>.Rejected rejected ? rejected.Reasons : [], .. alone ? [] : PartFaults(drop.Files, forms.GetValueOrDefault(drop.Family, DropForms.Tables))];
        if (faults.Count > 0) return Outcome<UploadedDrop>.Reject(faults);

        var name = $"{drop.Family}/{drop.Portfolio}/{file}";
        var bytes = drop.Files.Sum(f => f.Length);
        if (alone)
        {
            await using var content = drop.Files[0].OpenRead();
            await StartAsync(name, content, cancel);
            return new UploadedDrop(name, 1, 0, bytes);
        }

        var (parts, skipped) = await PartsAsync(name, drop.Files, bytes, progress, cancel);
        var manifest = new DropManifest { Parts = parts, ObservedOn = drop.ObservedOn, Mode = drop.Mode };
        await StartAsync(name, new MemoryStream(Json.File(manifest)), cancel);
        return new UploadedDrop(name, parts.Count, skipped, bytes);
    }

    /// <summary>Writes the blob that starts the run, over an earlier one.</summary>
    private async Task StartAsync(string name, Stream content, CancellationToken cancel) => await _drops.GetBlobClient(name).UploadAsync(content, Traced(Trace()), cancel);

    /// <summary>Writes the blob that starts the run, unless one of its name is there.</summary>
    /// <returns>Whether it is this one that is there.</returns>
    internal async Task<bool> StartOnceAsync(string name, Stream content, CancellationToken cancel)
    {
        var (trace, blob) = (Trace(), _drops.GetBlobClient(name));
        var options = Traced(trace);
        options.Conditions = new() { IfNoneMatch = ETag.All };
        try
        {
            await blob.UploadAsync(content, options, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            // Perhaps by this very write, whose answer was lost.
            return await blob.ExistsAsync(cancel) && (await blob.GetPropertiesAsync(cancellationToken: cancel)).Value.Metadata.TryGetValue(Telemetry.TraceParent, out var there) && there == trace;
        }
    }

    // A drop begins a trace, which its retrain goes on with.
    private static string Trace() => Activity.Current?.Id ?? $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01";

    private static BlobUploadOptions Traced(string trace) => new() { Metadata = new Dictionary<string, string> { [Telemetry.TraceParent] = trace } };

    private async Task<(List<ListedPart> Parts, int Skipped)> PartsAsync(string manifest, IReadOnlyList<FileInfo> files, long bytes, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var (folder, parts, skipped, done) = (DropName.PartsOf(manifest), new List<ListedPart>(), 0, 0L);
        var there = await _drops.GetBlobsAsync(new GetBlobsOptions { Prefix = folder, Traits = BlobTraits.Metadata }, cancel).ToDictionaryAsync(b => b.Name, StringComparer.Ordinal, cancellationToken: cancel);
        foreach (var file in files)
        {
            await using var content = file.OpenRead();
            progress.Report(new($"hashing {file.Name}", Share(done)));
            var part = new ListedPart(file.Name, content.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel)));
            if (there.TryGetValue(folder + part.Name, out var blob) && blob.Properties.ContentLength == part.Bytes && blob.Metadata.TryGetValue(HashKey, out var hash) && hash == part.Sha256)
            {
                skipped++;
            }
            else
            {
                content.Position = 0;
                var (sent, before) = ($"sending {file.Name}", done);
                var options = new BlobUploadOptions { Metadata = new Dictionary<string, string> { [HashKey] = part.Sha256 }, ProgressHandler = new Sent(at => progress.Report(new(sent, Share(before + at)))) };
                await _drops.GetBlobClient(folder + part.Name).UploadAsync(content, options, cancel);
            }

            parts.Add(part);
            done += part.Bytes;
        }

        return (parts, skipped);

        double Share(long at) => bytes == 0 ? 1 : (double)at / bytes;
    }

    private static IEnumerable<string> PartFaults(IReadOnlyList<FileInfo> files, DropForms forms)
    {
        foreach (var file in files)
        {
            if (!Names.File.Allows(file.Name)) yield return $"'{file.Name}': {Names.File.Fault}";
            else if (!forms.IsPart(file.Name)) yield return forms.PartFault(file.Name);
            else if (file.Length == 0) yield return $"'{file.Name}' is empty: leave it out.";
        }

        foreach (var twice in files.GroupBy(f => f.Name, StringComparer.Ordinal).Where(g => g.Count() > 1)) yield return $"{twice.Count()} files are named '{twice.Key}': rename them, since the parts of a drop lie in one folder.";
    }

    private static string Stem(string file) => file[..^Ending(file).Length];

    private static string Ending(string file) => file.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase) ? file[^7..] : Path.GetExtension(file);

    private sealed class Sent(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}

/// <summary>What is dropped.</summary>
/// <param name="Family">Family of the portfolio.</param>
/// <param name="Portfolio">Portfolio to retrain.</param>
/// <param name="Name">Name of the drop without an ending; null: that of the first file.</param>
/// <param name="Files">The files, in order; at least one.</param>
/// <param name="ObservedOn">The day on which the outcomes were looked up; null: as the contract says.</param>
/// <param name="Mode">Whether it is all rows or adds to the earlier ones; null: as the contract says.</param>
public sealed record FilesToDrop(string Family, string Portfolio, string? Name, IReadOnlyList<FileInfo> Files, DateOnly? ObservedOn, DropMode? Mode);

/// <summary>A drop that was uploaded.</summary>
/// <param name="Drop">Name of the blob that starts the run.</param>
/// <param name="Files">Its files.</param>
/// <param name="Skipped">Files that lay there already and were not sent again.</param>
/// <param name="Bytes">Bytes of its files.</param>
public sealed record UploadedDrop(string Drop, int Files, int Skipped, long Bytes);
