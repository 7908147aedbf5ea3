using System.IO.Compression;
using System.IO.Hashing;
using Serverless.Training.Drops;

namespace Serverless.Training.Documents;

/// <summary>A file that came with a drop of pictures: in a ZIP, or as a part by itself.</summary>
internal sealed class PictureEntry
{
    private readonly ZipArchiveEntry? _zipped;
    private readonly DropPart? _part;

    /// <summary>A file of a ZIP.</summary>
    public PictureEntry(string place, ZipArchiveEntry zipped) =>
        (Place, Path, Length, Packed, Encrypted, _zipped) = (place, zipped.FullName, zipped.Length, zipped.CompressedLength, zipped.IsEncrypted, zipped);

    /// <summary>A part.</summary>
    public PictureEntry(DropPart part) => (Place, Path, Length, Packed, _part) = ($"'{part.Name}'", part.Name, part.Bytes, part.Bytes, part);

    /// <summary>What messages call it.</summary>
    public string Place { get; }

    /// <summary>Its path in the archive, or the part's name.</summary>
    public string Path { get; }

    /// <summary>Bytes that it says to have.</summary>
    public long Length { get; }

    /// <summary>Bytes that it takes in the archive.</summary>
    public long Packed { get; }

    /// <summary>Whether it needs a password.</summary>
    public bool Encrypted { get; }

    /// <summary>Whether its name is that of a table of labels.</summary>
    public bool IsTable => DropForms.Tables.IsAlone(Path);

    /// <summary>Reads it.</summary>
    /// <param name="maxBytes">Most bytes; a greater <see cref="Length"/> is known not to come here.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">It is not what the archive says, in length or check sum, or cannot be unpacked.</exception>
    public async Task<byte[]> ReadAsync(long maxBytes, CancellationToken cancel)
    {
        if (Length > maxBytes) throw new InvalidDataException($"{Place} has more bytes than a picture may have: send it smaller, or raise picture.limits in the contract.");
        try
        {
            var content = new byte[Length];
            var whole = await OpenedAsync(
                async stream => await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancel) == content.Length && await stream.ReadAsync(new byte[1], cancel) == 0, cancel);
            if (whole && (_zipped is null || Crc32.HashToUInt32(content) == _zipped.Crc32)) return content; // .NET cuts off what is longer than it says, and looks at no check sum
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error);
        }

        throw new InvalidDataException($"{Place} is not what the archive says: the archive is damaged, or made to do harm. Make it again.");
    }

    /// <summary>Whether it begins as a ZIP does, whatever its name says.</summary>
    /// <exception cref="InvalidDataException">It cannot be unpacked.</exception>
    public async Task<bool> IsZipAsync(CancellationToken cancel)
    {
        try
        {
            var first = new byte[4];
            await OpenedAsync(stream => stream.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancel).AsTask(), cancel);
            return PartKinds.Of(first) == PartKind.Zip;
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error);
        }
    }

    /// <summary>The file as a part that a table is read from.</summary>
    /// <param name="maxBytes">Most bytes.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">As for <see cref="ReadAsync"/>.</exception>
    public async Task<DropPart> TableAsync(long maxBytes, CancellationToken cancel) =>
        await DropPart.CopyAsync(System.IO.Path.GetFileName(Path), new MemoryStream(await ReadAsync(maxBytes, cancel)), cancel);

    private InvalidDataException Damaged(Exception error) => new($"{Place} cannot be unpacked: the archive is damaged. Make it again.", error);

    private async Task<T> OpenedAsync<T>(Func<Stream, Task<T>> use, CancellationToken cancel)
    {
        if (_zipped is null)
        {
            _part!.Content.Position = 0;
            return await use(_part.Content); // stays open
        }

        await using var unpacked = await _zipped.OpenAsync(cancel);
        return await use(unpacked);
    }
}
