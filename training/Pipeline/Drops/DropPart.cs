using System.Security.Cryptography;

namespace Serverless.Training.Drops;

/// <summary>One file of a drop on the local disk, with its hash.</summary>
public sealed class DropPart : IAsyncDisposable
{
    private const int Buffer = 1 << 16;

    /// <summary>Makes a part of a seekable stream, which it then owns.</summary>
    internal DropPart(string name, Stream content, string sha256) => (Name, Content, Bytes, Sha256) = (name, content, content.Length, sha256);

    /// <summary>Name of the file, for messages.</summary>
    public string Name { get; }

    /// <summary>The bytes; seekable.</summary>
    public Stream Content { get; }

    /// <summary>Number of bytes.</summary>
    public long Bytes { get; }

    /// <summary>SHA-256 (hex) of the bytes.</summary>
    public string Sha256 { get; }

    /// <summary>Place of the drop that it came with, in a union of drops; 0 is the earliest.</summary>
    public int Source { get; init; }

    /// <summary>Opens and hashes a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<DropPart> OpenAsync(string path, CancellationToken cancel)
    {
        var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer, FileOptions.Asynchronous | FileOptions.SequentialScan);
        try
        {
            var hash = await SHA256.HashDataAsync(content, cancel);
            content.Position = 0;
            return new(Path.GetFileName(path), content, Convert.ToHexStringLower(hash));
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    /// <summary>Copies a stream into a temporary file, hashing on the way; the file is gone when the part is disposed.</summary>
    /// <param name="name">Name of the file, for messages.</param>
    /// <param name="source">The bytes, read to their end.</param>
    /// <param name="cancel">Stops it.</param>
    /// <param name="drop">Place of the drop that it came with, in a union of drops.</param>
    internal static async Task<DropPart> CopyAsync(string name, Stream source, CancellationToken cancel, int drop = 0)
    {
        var path = Path.GetTempFileName();
        var content = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, Buffer, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            // Without a name already now where the system allows it: a process that is killed must not leave customers' data on the disk.
            if (!OperatingSystem.IsWindows()) File.Delete(path);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[Buffer];
            int read;
            while ((read = await source.ReadAsync(buffer, cancel)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await content.WriteAsync(buffer.AsMemory(0, read), cancel);
            }

            await content.FlushAsync(cancel);
            content.Position = 0;
            return new(name, content, Convert.ToHexStringLower(hash.GetHashAndReset())) { Source = drop };
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
