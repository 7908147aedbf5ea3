using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Serving.Decisions;

/// <summary>
/// One line of the decision log: the opening or the close of a segment, a decision, or what a person made of one. Each names the hash of the line before, so
/// that none can be changed, removed, added or moved without breaking the chain (Haber and Stornetta, 1991).
/// </summary>
/// <param name="Line">Number in the shard, from 1, without gaps over all its segments.</param>
/// <param name="Previous">Hash of the line before; of the first one <see cref="LogLine.Start"/>.</param>
internal sealed record LogLine(long Line, string Previous)
{
    /// <summary>What the first line of a shard names as the one before.</summary>
    public const string Start = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The segment that begins here.</summary>
    public LogSegment? Open { get; init; }

    /// <summary>A decision.</summary>
    public LogEntry? Decision { get; init; }

    /// <summary>A person's decision.</summary>
    public ReviewEntry? Review { get; init; }

    /// <summary>The segment that ends here; the next one exists.</summary>
    public LogSegment? Close { get; init; }

    /// <summary>Id of what the line holds, which is there once; null of an opening and a close.</summary>
    [JsonIgnore]
    public string? EntryId => Decision?.DecisionId ?? Review?.ReviewId;

    /// <summary>What no other line than the one with this entry has in it.</summary>
    [JsonIgnore]
    public string Mark => Decision is null ? $"\"reviewId\":\"{Review?.ReviewId}\"" : $"\"decisionId\":\"{Decision.DecisionId}\"";
}

/// <summary>A segment of a shard, from 0.</summary>
internal sealed record LogSegment(int Shard, int Segment)
{
    /// <summary>Version of the form of its lines.</summary>
    public int Format { get; init; } = 1;
}

/// <summary>
/// A decision, as the log holds it: ids and versions, and hashes of inputs and decision under a key that lies with the application. When the
/// application is erased, its key is gone and the hashes say nothing any more about anybody.
/// </summary>
/// <param name="DecisionId">Id of the decision.</param>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="ApplicationId">Id of the application.</param>
/// <param name="ModelVersion">The model that scored.</param>
/// <param name="ContractVersion">The contract whose policy decided.</param>
/// <param name="DecidedAt">When, UTC.</param>
/// <param name="InputsHash">HMAC-SHA-256 (hex) of the inputs.</param>
/// <param name="DecisionHash">HMAC-SHA-256 (hex) of the decision.</param>
public sealed record LogEntry(
    string DecisionId,
    string Portfolio,
    string ApplicationId,
    string ModelVersion,
    string ContractVersion,
    DateTimeOffset DecidedAt,
    string InputsHash,
    string DecisionHash);

/// <summary>
/// A person's decision, as the log holds it: ids and when, and a hash under the key that lies with the application, as that of the decision.
/// </summary>
/// <param name="ReviewId">Made from the application and the decision that was reviewed.</param>
/// <param name="Of">Id of the decision that was reviewed.</param>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="ApplicationId">Id of the application.</param>
/// <param name="ReviewedAt">When, UTC.</param>
/// <param name="OutcomeHash">HMAC-SHA-256 (hex) of who decided what and why.</param>
public sealed record ReviewEntry(string ReviewId, string Of, string Portfolio, string ApplicationId, DateTimeOffset ReviewedAt, string OutcomeHash);

/// <summary>A line with its hash, as bytes: <c>{…,"hash":"…"}</c> and a newline; the hash is that of the bytes before <c>,"hash"</c>.</summary>
internal sealed record SealedLine(LogLine Content, string Hash, ReadOnlyMemory<byte> Bytes)
{
    private const int HashLength = 64;
    private static readonly byte[] Mark = ",\"hash\":\""u8.ToArray();
    private static readonly byte[] End = "\"}"u8.ToArray();

    /// <summary>Adds the hash.</summary>
    public static SealedLine Of(LogLine content)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(content, Json.Options);
        var body = json.AsSpan(0, json.Length - 1);
        var hash = HashOf(body);
        return new(content, hash, (byte[])[.. body, .. Mark, .. System.Text.Encoding.ASCII.GetBytes(hash), .. End, (byte)'\n']);
    }

    /// <summary>Reads a line and compares its hash; null when it is not what was written.</summary>
    /// <param name="bytes">The line without its newline.</param>
    public static SealedLine? Read(ReadOnlyMemory<byte> bytes)
    {
        var at = bytes.Length - Mark.Length - HashLength - End.Length;
        if (at <= 0 || !bytes.Span[at..].StartsWith(Mark) || !bytes.Span.EndsWith(End)) return null;
        var hash = System.Text.Encoding.ASCII.GetString(bytes.Span.Slice(at + Mark.Length, HashLength));
        if (HashOf(bytes.Span[..at]) != hash) return null;
        try
        {
            byte[] json = [.. bytes.Span[..at], (byte)'}'];
            return JsonSerializer.Deserialize<LogLine>(json, Json.Options) is { } content ? new(content, hash, bytes) : null;
        }
        catch (JsonException)
        {
            return null; // hashed, but by another program
        }
    }

    private static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));
}
