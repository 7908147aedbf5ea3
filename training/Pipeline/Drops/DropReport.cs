using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Training.Quality;

namespace Serverless.Training.Drops;

/// <summary>The report on a drop: <c>{name}.report.json</c>, beside it in container <c>rejected</c> or, when it was accepted, in <c>outcomes</c>; <c>{name}.report.html</c> is the same for people.</summary>
/// <param name="Drop">Name of the drop.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="EndedAt">When it was accepted or rejected, UTC.</param>
/// <param name="Reasons">What to mend; rows and columns, never values. Empty when it was accepted.</param>
public sealed record DropReport(string Drop, long Bytes, DateTimeOffset EndedAt, IReadOnlyList<string> Reasons)
{
    /// <summary>What was seen of its quality, a <see cref="DropQuality"/>; absent when it could not be read.</summary>
    public JsonElement? Quality { get; init; }

    /// <summary>The files of the report on a drop: what stands behind the drop's name, and the content.</summary>
    /// <param name="drop">The drop.</param>
    /// <param name="reasons">Why it was refused; none when it was accepted.</param>
    /// <param name="quality">What was seen of its quality; absent when it could not be read.</param>
    /// <param name="now">When.</param>
    internal static IReadOnlyDictionary<string, byte[]> Files(DropBlob drop, IReadOnlyList<string> reasons, DropQuality? quality, DateTimeOffset now) =>
        new Dictionary<string, byte[]>(quality is null ? [] : QualityReport.Files(quality))
        {
            [QualityReport.Data] = Json.File(new DropReport(drop.Name, drop.Bytes, now, reasons) { Quality = quality is null ? null : JsonSerializer.SerializeToElement(quality, Json.Options) }),
        };

    /// <summary>Whether a blob is a file of the report on a drop.</summary>
    internal static bool IsOf(string storedName, string blob) => blob == NameOf(storedName, QualityReport.Data) || blob == NameOf(storedName, QualityReport.Page);

    /// <summary>Writes the files of a report beside a drop, or over those of an earlier one.</summary>
    internal static async Task WriteAsync(BlobContainerClient container, string storedName, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancel)
    {
        foreach (var (file, content) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = file == QualityReport.Page ? "text/html; charset=utf-8" : "application/json" } };
            await container.GetBlobClient(NameOf(storedName, file)).UploadAsync(BinaryData.FromBytes(content), options, cancel);
        }
    }

    /// <summary>Reads the files of a report.</summary>
    internal static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(BlobContainerClient container, string storedName, CancellationToken cancel)
    {
        var files = new Dictionary<string, byte[]>();
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Prefix = storedName }, cancel))
        {
            if (IsOf(storedName, blob.Name)) files[blob.Name[(storedName.Length + 1)..]] = (await container.GetBlobClient(blob.Name).DownloadContentAsync(cancel)).Value.Content.ToArray();
        }

        return files;
    }

    private static string NameOf(string storedName, string file) => $"{storedName}.{file}";
}
