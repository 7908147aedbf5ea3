using System.IO.Compression;
using System.Text;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Training.Subjects;

/// <summary>Writes a CSV file anew without some of its rows: the same columns, encoding, delimiter and compression.</summary>
internal static class RowRemoval
{
    private static readonly DropLimits Wide = new() { MaxBytes = long.MaxValue, MaxRows = int.MaxValue, MaxColumns = 100_000, MaxFieldLength = 1 << 20, MaxExpansion = 1_000 };

    /// <summary>Writes the file into a temporary one.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="rows">Rows to leave out: 1 is the first below the header.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The file with the rows that are left, which may be none; null when it is no CSV.</returns>
    /// <remarks>A row with another number of fields than the header is left out too: no model is trained on it, and nobody can tell whose it is.</remarks>
    public static async Task<RewrittenFile?> WithoutAsync(DropPart file, DropFormat format, IReadOnlySet<int> rows, CancellationToken cancel)
    {
        var (encoding, zipped) = await BeginningAsync(file, format, cancel);
        var drop = LocalDrop.Of(file); // not disposed: the file is the caller's
        var opened = await PartReader.OpenAsync(file, PartName.In(drop, 0), format, Wide, cancel);
        if (opened is not Outcome<PartReader>.Done { Value: var table }) return null;
        await using (table)
        {
            if (table.Delimiter is not { } delimiter) return null;
            await using var content = TemporaryFile();
            var left = 0;
            await using (var compressed = zipped ? new GZipStream(content, CompressionLevel.Optimal, leaveOpen: true) : null)
            await using (var text = new StreamWriter((Stream?)compressed ?? content, encoding, leaveOpen: true))
            {
                await text.WriteLineAsync(string.Join(delimiter, table.Header.Select(h => Quoted(h, delimiter))).AsMemory(), cancel);
                for (var row = 1; await table.ReadAsync(cancel); row++)
                {
                    if (rows.Contains(row) || !table.Complete) continue;
                    await text.WriteLineAsync(Line(table, delimiter).AsMemory(), cancel);
                    left++;
                }
            }

            content.Position = 0;
            return new(await DropPart.CopyAsync(file.Name, content, cancel), left);
        }
    }

    private static string Line(PartReader table, char delimiter)
    {
        var line = new StringBuilder();
        for (var i = 0; i < table.Header.Count; i++) line.Append(i == 0 ? "" : delimiter).Append(Quoted(table[i], delimiter));
        return line.ToString();
    }

    private static string Quoted(ReadOnlySpan<char> field, char delimiter)
    {
        var plain = !field.ContainsAny(['"', '\r', '\n', delimiter]) && (field.Length == 0 || (!char.IsWhiteSpace(field[0]) && !char.IsWhiteSpace(field[^1])));
        return plain ? field.ToString() : $"\"{field.ToString().Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>The encoding, told by a byte-order mark or else the contract, and whether the file is compressed.</summary>
    private static async Task<(Encoding Encoding, bool Zipped)> BeginningAsync(DropPart file, DropFormat format, CancellationToken cancel)
    {
        file.Content.Position = 0;
        var (bytes, zipped) = (await FirstAsync(file.Content), false);
        if (bytes is [0x1f, 0x8b, ..])
        {
            file.Content.Position = 0;
            await using var unzipped = new GZipStream(file.Content, CompressionMode.Decompress, leaveOpen: true);
            (bytes, zipped) = (await FirstAsync(unzipped), true);
        }

        return (bytes switch
        {
            [0xEF, 0xBB, 0xBF] => new UTF8Encoding(true),
            [0xFF, 0xFE, ..] => new UnicodeEncoding(false, true),
            [0xFE, 0xFF, ..] => new UnicodeEncoding(true, true),
            _ => Unmarked(format.Encoding),
        }, zipped);

        async Task<byte[]> FirstAsync(Stream stream)
        {
            var first = new byte[3];
            return first[..await stream.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancel)];
        }
    }

    private static Encoding Unmarked(string name) => name.ToLowerInvariant() switch
    {
        "utf-8" => new UTF8Encoding(false),
        "utf-16" or "utf-16le" => new UnicodeEncoding(false, false),
        "utf-16be" => new UnicodeEncoding(true, false),
        _ => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name),
    };

    private static FileStream TemporaryFile()
    {
        var path = Path.GetTempFileName();
        var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows()) File.Delete(path); // as DropPart does: nothing is left of it after a kill
        return file;
    }
}

/// <summary>A file that was written anew.</summary>
/// <param name="Part">It.</param>
/// <param name="Rows">Rows in it.</param>
internal sealed record RewrittenFile(DropPart Part, int Rows);
