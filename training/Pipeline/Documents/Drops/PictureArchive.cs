using System.Globalization;
using System.IO.Compression;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Drops;

namespace Serverless.Training.Documents;

/// <summary>
/// A ZIP of pictures (APPNOTE 6.3), looked at before anything is unpacked; nothing of it is ever written under a name of its own. Files are named by
/// their number, as names may be those of customers.
/// </summary>
internal sealed class PictureArchive : IDisposable
{
    private const int Named = 20, MostFiles = 100_000, Always = 1 << 20;

    private readonly ZipArchive _zip;
    private readonly string _name;

    private PictureArchive(ZipArchive zip, string name) => (_zip, _name) = (zip, name);

    /// <summary>The files that count, in the order of the archive; folders and what systems hide among files are left out.</summary>
    public IReadOnlyList<PictureEntry> Entries { get; private set; } = [];

    /// <summary>Opens an archive; rejected with everything that is wrong with its list of files.</summary>
    /// <param name="part">The file; stays open.</param>
    /// <param name="limits">Of a drop.</param>
    /// <param name="pictures">Of a picture.</param>
    public static Outcome<PictureArchive> Open(DropPart part, DropLimits limits, PictureLimits pictures)
    {
        part.Content.Position = 0;
        ZipArchive? zip = null;
        try
        {
            zip = new ZipArchive(part.Content, ZipArchiveMode.Read, leaveOpen: true);
            var archive = new PictureArchive(zip, $"'{part.Name}'");
            List<string> faults = [.. archive.Faults(part.Bytes, limits, pictures)];
            if (faults.Count == 0) return archive;
            zip.Dispose();
            return Outcome<PictureArchive>.Reject(faults);
        }
        catch (InvalidDataException)
        {
            zip?.Dispose();
            return Outcome<PictureArchive>.Reject($"'{part.Name}' is no whole ZIP: it is cut short or damaged. Make it again.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();

    private IEnumerable<string> Faults(long bytes, DropLimits limits, PictureLimits pictures)
    {
        if (_zip.Entries.Count > MostFiles)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{_name} has {_zip.Entries.Count} files and may have {MostFiles}: drop several ZIPs with a manifest.");
            yield break;
        }

        var entries = _zip.Entries.Index().Where(e => !Ignored(e.Item.FullName)).Select(e => new PictureEntry($"file {e.Index + 1} of {_name}", e.Item)).ToList();
        foreach (var fault in Listed(entries, e => Escapes(e.Path), "have names that lead out of the archive, or with a backslash, a drive or no name: name files by their path within it, with '/'")) yield return fault;
        foreach (var fault in Listed(entries, e => e.Encrypted, "are encrypted: drop them as they are")) yield return fault;
        foreach (var fault in Listed([.. entries.GroupBy(e => e.Path, StringComparer.OrdinalIgnoreCase).SelectMany(g => g.Skip(1))], _ => true, "have the name of an earlier file: name each differently")) yield return fault;
        foreach (var fault in Listed(entries, e => !e.IsTable && e.Length > pictures.MaxBytes, string.Create(CultureInfo.InvariantCulture, $"have more than {pictures.MaxBytes} bytes: send pictures smaller, or raise picture.limits in the contract"))) yield return fault;
        foreach (var fault in Listed(entries, e => e.Length > Always && e.Length > (decimal)limits.MaxExpansion * e.Packed, string.Create(CultureInfo.InvariantCulture, $"grow more than {limits.MaxExpansion} times when they are unpacked: if that is right, raise limits.maxExpansion in the contract"))) yield return fault;
        var unpacked = entries.Sum(e => (decimal)e.Length);
        if (unpacked > limits.MaxBytes)
            yield return string.Create(CultureInfo.InvariantCulture, $"The files of {_name} have {unpacked} bytes together and may have {limits.MaxBytes}: drop fewer, or raise limits.maxBytes in the contract.");

        // Several names can lead to the same packed bytes (Fifield 2019), each within the limit.
        if (unpacked > Always && unpacked > (decimal)limits.MaxExpansion * bytes)
            yield return string.Create(CultureInfo.InvariantCulture, $"{_name} grows more than {limits.MaxExpansion} times when it is unpacked: if that is right, raise limits.maxExpansion in the contract.");
        Entries = entries;
    }

    private static IEnumerable<string> Listed(IReadOnlyList<PictureEntry> entries, Func<PictureEntry, bool> bad, string what)
    {
        var found = entries.Where(bad).ToList();
        if (found.Count == 0) yield break;
        var more = found.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {found.Count - Named} more") : "";
        yield return string.Create(CultureInfo.InvariantCulture, $"{found.Count} files {what} ({string.Join(", ", found.Take(Named).Select(e => e.Place))}{more}, counted as the archive lists them).");
    }

    // Folders, and what macOS and others add without being asked.
    private static bool Ignored(string path) =>
        path.EndsWith('/') || path.StartsWith("__MACOSX/", StringComparison.Ordinal) || path[(path.LastIndexOf('/') + 1)..] is ".DS_Store" or "Thumbs.db" or "desktop.ini";

    private static bool Escapes(string path) =>
        path.Length == 0 || path.Length > 1000 || path[0] == '/' || path.Contains('\\') || path.Contains(':') || path.Any(char.IsControl) || path.Split('/').Any(part => part is "" or "." or "..");
}
