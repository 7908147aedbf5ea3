using System.IO.Compression;
using Serverless.Training.Drops;

namespace Serverless.Training.Documents;

/// <summary>A folder of pictures and their labels as a drop of one ZIP, so that thousands of files are one, offline and online.</summary>
public static class PictureFolder
{
    // What lies beside pictures and is none: what 'sample documents' knows of its papers, notes, and what operating systems leave.
    private static readonly string[] Others = [".json", ".md", ".txt", ".html", ".db", ".ini"];

    // Of every file, so that the same files make the same ZIP.
    private static readonly DateTimeOffset Written = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Packs a folder with all below it into a temporary file, which is gone when the part is disposed. Hidden files are left out, and JSON, notes and the like
    /// (.json, .md, .txt, .html, .db, .ini); any other file is a picture or the table of labels.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static async Task<DropPart> PackAsync(string folder, CancellationToken cancel)
    {
        var path = Path.GetTempFileName();
        await using var packed = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await using (var zip = await ZipArchive.CreateAsync(packed, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsOfTheDrop).Order(StringComparer.Ordinal))
            {
                // Pictures are compressed already.
                var entry = zip.CreateEntry(Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'), CompressionLevel.NoCompression);
                entry.LastWriteTime = Written;
                await using var content = File.OpenRead(file);
                await using var into = await entry.OpenAsync(cancel);
                await content.CopyToAsync(into, cancel);
            }
        }

        packed.Position = 0;
        return await DropPart.CopyAsync($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}.zip", packed, cancel);
    }

    private static bool IsOfTheDrop(string file) => Path.GetFileName(file) is var name && name[0] != '.' && !Others.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
}
