using System.Security.Cryptography;

namespace Serverless.Training.Drops;

/// <summary>A drop on the local disk, with its hash.</summary>
public sealed class LocalDrop : IAsyncDisposable
{
    private const int Buffer = 1 << 16;

    private LocalDrop(FileStream content, string sha256) => (Content, Sha256) = (content, sha256);

    /// <summary>The bytes, at the start.</summary>
    public Stream Content { get; }

    /// <summary>SHA-256 (hex) of the bytes.</summary>
    public string Sha256 { get; }

    /// <summary>Opens and hashes a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<LocalDrop> OpenAsync(string path, CancellationToken cancel)
    {
        var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer, FileOptions.Asynchronous | FileOptions.SequentialScan);
        try
        {
            var hash = await SHA256.HashDataAsync(content, cancel);
            content.Position = 0;
            return new(content, Convert.ToHexStringLower(hash));
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    /// <summary>Copies a stream into a temporary file, hashing on the way; the file is gone when the drop is disposed.</summary>
    internal static async Task<LocalDrop> CopyAsync(Stream source, CancellationToken cancel)
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

            content.Position = 0;
            return new(content, Convert.ToHexStringLower(hash.GetHashAndReset()));
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
