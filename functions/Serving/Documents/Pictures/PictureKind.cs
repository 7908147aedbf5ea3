using System.Buffers.Binary;

namespace Serverless.Serving.Documents;

/// <summary>What a file is by its first bytes: nothing else is given to the decoder, and its name's extension says nothing.</summary>
internal static class PictureKind
{
    /// <summary>PNG (ISO/IEC 15948).</summary>
    public const string Png = "PNG";

    /// <summary>JPEG (ITU-T T.81).</summary>
    public const string Jpeg = "JPEG";

    /// <summary>WebP (RFC 9649).</summary>
    public const string WebP = "WebP";

    /// <summary>Names the kind; null when it is none that is known here.</summary>
    public static string? Of(ReadOnlySpan<byte> file) => file switch
    {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        _ when file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WEBP"u8) => WebP,
        _ when file.StartsWith("GIF8"u8) => "GIF",
        _ when file.StartsWith("%PDF"u8) => "PDF",
        _ when file.StartsWith("PK\u0003\u0004"u8) => "ZIP",
        _ when file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) => "TIFF",
        _ when file.Length >= 12 && file[4..8].SequenceEqual("ftyp"u8) => "HEIC, AVIF or film",
        _ when file.StartsWith("BM"u8) => "BMP",
        _ => null,
    };

    /// <summary>Whether the file says that it holds more than one picture.</summary>
    /// <param name="kind">As <see cref="Of"/> named it.</param>
    /// <param name="file">The bytes.</param>
    public static bool IsAnimated(string kind, ReadOnlySpan<byte> file) => kind switch
    {
        Png => Has(file, "acTL"u8, before: "IDAT"u8), // PNG, third edition, 11.3.6
        WebP => file.Length > 20 && file[12..16].SequenceEqual("VP8X"u8) && (file[20] & 2) != 0,
        _ => false,
    };

    /// <summary>Whether the file has its end; one that has may still lack something in between, which decoding finds.</summary>
    public static bool HasEnd(string kind, ReadOnlySpan<byte> file) => kind switch
    {
        Png => Has(file, "IEND"u8, before: []),
        WebP => BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L <= file.Length,
        _ => file.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) > file.LastIndexOf(ScanMarker),
    };

    /// <summary>Scans of a JPEG; one too many where metadata holds the marker by chance.</summary>
    public static int Scans(ReadOnlySpan<byte> file) => file.Count(ScanMarker);

    private static ReadOnlySpan<byte> ScanMarker => [0xFF, 0xDA];

    // Chunks are length, name, content, check sum.
    private static bool Has(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> before)
    {
        for (long at = 8; at + 12 <= file.Length;)
        {
            var chunk = file[(int)at..];
            if (chunk[4..8].SequenceEqual(name)) return true;
            if (chunk[4..8].SequenceEqual(before)) return false;
            at += BinaryPrimitives.ReadUInt32BigEndian(chunk) + 12L;
        }

        return false;
    }
}
