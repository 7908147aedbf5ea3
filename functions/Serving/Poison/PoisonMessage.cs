using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Serverless.Serving.Poison;

/// <summary>Makes records of messages, whatever they hold: here nothing is refused.</summary>
internal static class PoisonMessage
{
    private const string Unknown = "It failed as often as host.json allows, and no attempt could be noted: see the log of that time, then requeue it.";
    private const string NotBase64 = "It is not base64, as host.json asks of messages, so no function got it: requeue it, which encodes it, and mend its sender.";

    /// <summary>Of the text that a function got.</summary>
    public static PoisonRecord OfText(string source, string text, FailureHistory history)
    {
        var (portfolio, applicationId) = Application(text);
        return new PoisonRecord
        {
            Id = PoisonId.Of(text),
            Source = source,
            Encoding = MessageEncoding.Base64,
            Message = text,
            Portfolio = portfolio,
            ApplicationId = applicationId,
            Reasons = history.Reasons,
            Count = history.Count,
            FirstFailure = history.FirstFailure,
            LastFailure = history.LastFailure,
        };
    }

    /// <summary>Of what lies on a poison queue.</summary>
    /// <param name="source">The queue that it failed on.</param>
    /// <param name="raw">Exactly as it lies there.</param>
    /// <param name="poisoned">Since when.</param>
    public static PoisonRecord OfQueue(string source, string raw, DateTimeOffset poisoned)
    {
        if (Decode(raw) is not { } bytes) return OfText(source, raw, FailureHistory.Once(NotBase64, poisoned)) with { Encoding = MessageEncoding.Text };

        // The lenient text is what the function got, and so what the id is made of.
        var record = OfText(source, Encoding.UTF8.GetString(bytes), FailureHistory.Once(Unknown, poisoned));
        return Utf8.IsValid(bytes) ? record : record with { Encoding = MessageEncoding.Binary, Message = raw };
    }

    /// <summary>Of what lies on the poison queue of the blob triggers; what names no blob is kept as a message.</summary>
    public static PoisonRecord OfBlobQueue(string source, string raw, DateTimeOffset poisoned)
    {
        var text = Decode(raw) is { } bytes ? Encoding.UTF8.GetString(bytes) : raw;
        var named = Members(text, "ContainerName", "BlobName", "ETag");
        if (named is not [{ Length: > 0 } container, { Length: > 0 } blob, { Length: > 0 } etag]) return OfQueue(source, raw, poisoned);
        return OfBlob(container, blob, etag, poisoned);
    }

    /// <summary>Of a blob.</summary>
    public static PoisonRecord OfBlob(string container, string name, string etag, DateTimeOffset poisoned) => new()
    {
        Id = PoisonId.Of(container, name, etag),
        Source = container,
        Container = container,
        BlobName = name,
        ETag = etag.Trim('"'),
        Reasons = [Unknown],
        FirstFailure = poisoned,
        LastFailure = poisoned,
    };

    /// <summary>The message for a queue whose messages are base64.</summary>
    public static string Encode(PoisonRecord record) =>
        record.Encoding == MessageEncoding.Binary ? record.Message! : Convert.ToBase64String(Encoding.UTF8.GetBytes(record.Message!));

    private static (string? Portfolio, string? ApplicationId) Application(string text)
    {
        var named = Members(text, "portfolio", "applicationId");
        return (Names.Portfolio.Allows(named[0]) ? named[0] : null, Names.ApplicationId.Allows(named[1]) ? named[1] : null);
    }

    /// <summary>
    /// The texts of these members of an object, as far as it can be read: a message with a bare NaN in its last field still says whose
    /// it is, which the right to erasure needs.
    /// </summary>
    private static string?[] Members(string text, params string[] names)
    {
        var found = new string?[names.Length];
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF')));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                var member = Array.IndexOf(names, reader.GetString());
                if (reader.Read() && member >= 0) found[member] = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // From here on it is not JSON, or no Unicode: what came before counts.
        }

        return found;
    }

    private static byte[]? Decode(string raw)
    {
        var bytes = new byte[raw.Length];
        return Convert.TryFromBase64String(raw, bytes, out var length) ? bytes[..length] : null;
    }
}
