using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using SkiaSharp;

namespace Serverless.Tests.Serving.Documents.Pictures;

/// <summary>Pictures as files, written byte by byte where no library writes such ones.</summary>
internal static class DrawnFiles
{
    /// <summary>Left half red, right half blue, the upper left pixel green.</summary>
    public static byte[] Encoded(SKEncodedImageFormat format, int width = 8, int height = 6, int quality = 100)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.Blue);
            using var red = new SKPaint { Color = SKColors.Red };
            canvas.DrawRect(0, 0, width / 2, height, red);
        }

        bitmap.SetPixel(0, 0, new SKColor(0, 255, 0));
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>A PNG (ISO/IEC 15948) of given scanlines, each with its filter byte; what the header claims is not checked here.</summary>
    public static byte[] Png(int width, int height, byte bits, byte colour, byte[] scanlines, params (string Name, byte[] Content)[] before)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colour);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(scanlines);
        var file = new List<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        foreach (var (name, content) in (IEnumerable<(string, byte[])>)[("IHDR", header), .. before, ("IDAT", packed.ToArray()), ("IEND", [])]) file.AddRange(Chunk(name, content));
        return [.. file];
    }

    /// <summary>
    /// A baseline JPEG (ITU-T T.81) of one 8 x 8 block in four components, cyan, magenta, yellow and black, each the same everywhere. Its tables
    /// are the smallest there are: all quantisers 1, a code for each of twelve lengths of a DC value, and one AC code, end of block. Adobe's marker
    /// says that the four are stored inverted, as all programs do: 255 is no ink.
    /// </summary>
    public static byte[] CmykJpeg(params byte[] cmyk)
    {
        var file = new List<byte>([0xFF, 0xD8]);
        Segment(file, 0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]);
        Segment(file, 0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]);
        Segment(file, 0xC0, [8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0]);
        Segment(file, 0xC4, [0x00, 0, 0, 0, 12, .. new byte[12], .. Enumerable.Range(0, 12).Select(i => (byte)i)]); // 12 codes of 4 bits: the code is the length
        Segment(file, 0xC4, [0x10, 1, .. new byte[15], 0]); // one code of 1 bit
        Segment(file, 0xDA, [4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]);
        var bits = new StringBuilder();
        foreach (var ink in cmyk)
        {
            var dc = (ink - 128) * 8;
            var length = dc == 0 ? 0 : (int)Math.Log2(Math.Abs(dc)) + 1;
            bits.Append(Convert.ToString(length, 2).PadLeft(4, '0'));
            if (length > 0) bits.Append(Convert.ToString(dc > 0 ? dc : dc + (1 << length) - 1, 2).PadLeft(length, '0'));
            bits.Append('0');
        }

        bits.Append('1', (8 - (bits.Length % 8)) % 8);
        for (var i = 0; i < bits.Length; i += 8)
        {
            file.Add(Convert.ToByte(bits.ToString(i, 8), 2));
            if (file[^1] == 0xFF) file.Add(0);
        }

        return [.. file, 0xFF, 0xD9];
    }

    /// <summary>The JPEG with an Exif segment (little-endian TIFF with one entry, Orientation) behind its first marker.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        var file = new List<byte>(jpeg[..2]);
        Segment(file, 0xE1, [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]);
        return [.. file, .. jpeg[2..]];
    }

    /// <summary>A WebP (RFC 9649) that says it is animated, with one frame in it.</summary>
    public static byte[] AnimatedWebP()
    {
        var still = Encoded(SKEncodedImageFormat.Webp)[12..]; // its VP8 chunk
        byte[] frame = [.. new byte[6], 7, 0, 0, 5, 0, 0, 100, 0, 0, 0, .. still];
        byte[] chunks = [.. "WEBP"u8, .. Riff("VP8X", [2, 0, 0, 0, 7, 0, 0, 5, 0, 0]), .. Riff("ANIM", new byte[6]), .. Riff("ANMF", frame), .. Riff("ANMF", frame)];
        return Riff("RIFF", chunks);
    }

    /// <summary>A GIF (89a) of two frames of one pixel.</summary>
    public static byte[] AnimatedGif()
    {
        byte[] frame = [0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        return [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, .. frame, .. frame, 0x3B];
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
        var chunk = new byte[named.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(named.Length + 4), Crc32.HashToUInt32(named));
        return chunk;
    }

    private static byte[] Riff(string name, byte[] content)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, content.Length);
        return [.. Encoding.ASCII.GetBytes(name), .. size, .. content, .. new byte[content.Length % 2]];
    }

    private static void Segment(List<byte> file, byte marker, byte[] content) => file.AddRange([0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content]);
}
