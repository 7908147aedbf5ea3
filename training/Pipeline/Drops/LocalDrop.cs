using System.Security.Cryptography;
using System.Text;

namespace Serverless.Training.Drops;

/// <summary>A drop on the local disk: its files in order, and the hash of the whole.</summary>
public sealed class LocalDrop : IAsyncDisposable
{
    private LocalDrop(IReadOnlyList<DropPart> parts) =>
        (Parts, Sha256) = (parts, parts is [var only] ? only.Sha256 : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(parts.Select(p => p.Sha256))))));

    /// <summary>The files, one table after the other; at least one.</summary>
    public IReadOnlyList<DropPart> Parts { get; }

    /// <summary>SHA-256 (hex): of one part that of its bytes, of several that of their hashes (hex, in order).</summary>
    public string Sha256 { get; }

    /// <summary>Bytes of all parts.</summary>
    public long Bytes => Parts.Sum(p => p.Bytes);

    /// <summary>Makes a drop of parts, which it then owns.</summary>
    public static LocalDrop Of(params IReadOnlyList<DropPart> parts) => parts.Count > 0 ? new(parts) : throw new ArgumentException("A drop has at least one part.", nameof(parts));

    /// <summary>Opens and hashes a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Task<LocalDrop> OpenAsync(string path, CancellationToken cancel) => OpenAsync([path], cancel);

    /// <summary>Opens and hashes the files of one drop.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static async Task<LocalDrop> OpenAsync(IReadOnlyList<string> paths, CancellationToken cancel)
    {
        var parts = new List<DropPart>();
        try
        {
            foreach (var path in paths) parts.Add(await DropPart.OpenAsync(path, cancel));
            return Of(parts);
        }
        catch
        {
            foreach (var part in parts) await part.DisposeAsync();
            throw;
        }
    }

    /// <summary>Copies a stream into a temporary file, hashing on the way; the file is gone when the drop is disposed.</summary>
    internal static async Task<LocalDrop> CopyAsync(Stream source, CancellationToken cancel) => Of(await DropPart.CopyAsync("the file", source, cancel));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in Parts) await part.DisposeAsync();
    }
}
