using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Training.Quality;

namespace Serverless.Training.Drops;

/// <summary>Why a drop was refused; <c>rejected/{name}.report.json</c>, where nothing more was seen of its quality.</summary>
/// <param name="Drop">Name of the drop.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="RejectedAt">When, UTC.</param>
/// <param name="Reasons">What to mend; rows and columns, never values.</param>
public sealed record DropReport(string Drop, long Bytes, DateTimeOffset RejectedAt, IReadOnlyList<string> Reasons)
{
    /// <summary>What stands between the name of a drop and the ending of a file of its report.</summary>
    private const string Infix = ".report.";

    /// <summary>The files of the report on a drop, by the ending of their names.</summary>
    /// <param name="drop">The drop.</param>
    /// <param name="reasons">Why it was refused; none when it was accepted.</param>
    /// <param name="quality">What was seen of its quality; absent when it could not be read.</param>
    /// <param name="now">When.</param>
    internal static IReadOnlyDictionary<string, byte[]> Files(DropBlob drop, IReadOnlyList<string> reasons, DropQuality? quality, DateTimeOffset now) =>
        new Dictionary<string, byte[]> { ["json"] = quality is null ? Json.File(new DropReport(drop.Name, drop.Bytes, now, reasons)) : Json.File(quality) };

    /// <summary>Names of the report's files, by the drop's.</summary>
    internal static string NameOf(string storedName, string ending) => storedName + Infix + ending;

    /// <summary>Writes the files of a report beside a drop, or over those of an earlier one.</summary>
    internal static async Task WriteAsync(BlobContainerClient container, string storedName, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancel)
    {
        foreach (var (ending, content) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = ending == "html" ? "text/html; charset=utf-8" : "application/json" } };
            await container.GetBlobClient(NameOf(storedName, ending)).UploadAsync(BinaryData.FromBytes(content), options, cancel);
        }
    }

    /// <summary>Reads the files of a report.</summary>
    internal static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(BlobContainerClient container, string storedName, CancellationToken cancel)
    {
        var (files, prefix) = (new Dictionary<string, byte[]>(), storedName + Infix);
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancel))
        {
            if (blob.Name[prefix.Length..] is "json" or "html")
                files[blob.Name[prefix.Length..]] = (await container.GetBlobClient(blob.Name).DownloadContentAsync(cancel)).Value.Content.ToArray();
        }

        return files;
    }
}
