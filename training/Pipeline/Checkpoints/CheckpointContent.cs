using System.Security.Cryptography;
using System.Text;

namespace Serverless.Training;

/// <summary>
/// The content of a checkpoint: a line each for the format's version, the run and the part that it is of, the state, and the SHA-256 of all
/// that. Whatever differs in data, contract, seed, trainer or program has another run id, so none is taken up by another run.
/// </summary>
internal static class CheckpointContent
{
    private const string Format = "serverless checkpoint 1\n";

    /// <summary>Makes it.</summary>
    public static byte[] Seal(string runId, string name, byte[] state)
    {
        var head = Head(runId, name);
        var content = new byte[head.Length + state.Length + SHA256.HashSizeInBytes];
        head.CopyTo(content, 0);
        state.CopyTo(content, head.Length);
        SHA256.HashData(content.AsSpan(0, content.Length - SHA256.HashSizeInBytes), content.AsSpan(content.Length - SHA256.HashSizeInBytes));
        return content;
    }

    /// <summary>Reads it.</summary>
    /// <param name="content">What lay there.</param>
    /// <param name="runId">The run that it must be of.</param>
    /// <param name="name">The part that it must be of.</param>
    /// <param name="bytes">How long the state must be.</param>
    /// <returns>The state, or why it cannot be relied on.</returns>
    public static (byte[]? State, string? Fault) Open(byte[] content, string runId, string name, long bytes)
    {
        var end = content.Length - SHA256.HashSizeInBytes;
        if (end < 0 || !SHA256.HashData(content.AsSpan(0, end)).AsSpan().SequenceEqual(content.AsSpan(end))) return (null, "it is damaged or cut short");
        if (!content.AsSpan().StartsWith(Encoding.ASCII.GetBytes(Format))) return (null, "another program wrote it");
        var head = Head(runId, name);
        if (!content.AsSpan().StartsWith(head)) return (null, "it is of other data, another contract or another version of the program");
        return end - head.Length == bytes ? (content[head.Length..end], null) : (null, "it has another size than this training needs");
    }

    private static byte[] Head(string runId, string name) => Encoding.ASCII.GetBytes($"{Format}{runId}\n{name}\n");
}
