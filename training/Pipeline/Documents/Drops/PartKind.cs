using System.IO.Compression;
using Serverless.Training.Drops;

namespace Serverless.Training.Documents;

/// <summary>What a file of a drop of pictures is; its first bytes tell, never its name.</summary>
internal enum PartKind
{
    /// <summary>Anything else: then it must be the labels as CSV or Parquet.</summary>
    Table,

    /// <summary>A picture, or what pretends to be one.</summary>
    Picture,

    /// <summary>A ZIP archive.</summary>
    Zip,

    /// <summary>An IDX file, plain or as gzip.</summary>
    Idx,
}

/// <summary>Looks at the first bytes of files.</summary>
internal static class PartKinds
{
    private const int Looked = 12;

    /// <summary>What a file is; leaves it at its start.</summary>
    /// <param name="part">The file.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<PartKind> OfAsync(DropPart part, CancellationToken cancel)
    {
        var first = new byte[Looked];
        part.Content.Position = 0;
        var read = await part.Content.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancel);
        part.Content.Position = 0;
        if (first is not [0x1f, 0x8b, ..]) return Of(first.AsSpan(0, read));
        var inside = new byte[2];
        try
        {
            await using var unzipped = new GZipStream(part.Content, CompressionMode.Decompress, leaveOpen: true);
            await unzipped.ReadAtLeastAsync(inside, inside.Length, throwOnEndOfStream: false, cancel);
        }
        catch (InvalidDataException)
        {
            return PartKind.Table; // whatever reads it tells what is wrong
        }
        finally
        {
            part.Content.Position = 0;
        }

        return inside is [0, 0] ? PartKind.Idx : PartKind.Table;
    }

    /// <summary>What begins so.</summary>
    public static PartKind Of(ReadOnlySpan<byte> first) => first switch
    {
        [0, 0, ..] => PartKind.Idx,
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 7, 8, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => PartKind.Zip,
        _ => Serving.Documents.PictureStart.Is(first) ? PartKind.Picture : PartKind.Table,
    };
}
