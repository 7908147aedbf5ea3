using System.IO.Compression;
using System.Text;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training.Drops;

/// <summary>Drops that are read to their end.</summary>
internal static class ReadDrop
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static byte[] Gzip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal)) gzip.Write(content);
        return zipped.ToArray();
    }

    public static byte[] Gzip(string content) => Gzip(Encoding.UTF8.GetBytes(content));

    public static async Task<LocalDrop> PartsAsync(params (string Name, string Text, int Source)[] parts)
    {
        var copied = new List<DropPart>();
        foreach (var (name, text, source) in parts) copied.Add(await DropPart.CopyAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(text)), Cancel, source));
        return LocalDrop.Of(copied);
    }

    /// <summary>Header and rows, fields joined by bars; an incomplete row is a question mark. Or what is wrong.</summary>
    public static async Task<string[]> LinesAsync(LocalDrop drop, DropFormat? format = null, DropLimits? limits = null)
    {
        await using var disposed = drop;
        var opened = await DropTable.OpenAsync(drop, format ?? new(), limits ?? new(), Cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var table }) return [.. ((Outcome<DropTable>.Rejected)opened).Reasons];
        await using (table)
        {
            List<string> lines = [string.Join('|', table.Header)];
            try
            {
                while (await table.ReadAsync(Cancel)) lines.Add(table.Complete ? string.Join('|', Enumerable.Range(0, table.Header.Count).Select(i => table[i].ToString())) : "?");
            }
            catch (InvalidDataException error)
            {
                lines.Add(error.Message);
            }

            return [.. lines];
        }
    }

    public static async Task<string[]> LinesAsync(byte[] content, DropFormat? format = null, DropLimits? limits = null) => await LinesAsync(await DropOf.Bytes(content), format, limits);

    public static Task<string[]> LinesAsync(string content, DropFormat? format = null, DropLimits? limits = null) => LinesAsync(Encoding.UTF8.GetBytes(content), format, limits);
}
