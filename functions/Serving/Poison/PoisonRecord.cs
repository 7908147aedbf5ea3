using System.Text.Json.Serialization;

namespace Serverless.Serving.Poison;

/// <summary>A message or blob that nothing works on any more: container <c>poison</c>, <c>{source}/{id}.json</c>.</summary>
public sealed record PoisonRecord : FailureHistory
{
    /// <summary>See <see cref="PoisonId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The queue, such as <c>loan-applications</c>, or the container of a blob, such as <c>drops</c>.</summary>
    public required string Source { get; init; }

    /// <summary>How the message lay on its queue; null for a blob.</summary>
    public MessageEncoding? Encoding { get; init; }

    /// <summary>The message, in the form that <see cref="Encoding"/> says; null for a blob, which stays where it is.</summary>
    public string? Message { get; init; }

    /// <summary>Portfolio, where the message names one.</summary>
    public string? Portfolio { get; init; }

    /// <summary>Id of the application, where the message names one.</summary>
    public string? ApplicationId { get; init; }

    /// <summary>Container of the blob.</summary>
    public string? Container { get; init; }

    /// <summary>Name of the blob in its container.</summary>
    public string? BlobName { get; init; }

    /// <summary>The ETag of the content that failed, without quotes; later content under the name is another matter.</summary>
    [JsonPropertyName("etag")]
    public string? ETag { get; init; }

    /// <summary>ETag of the record itself when it was read.</summary>
    internal Azure.ETag Stored { get; init; }
}

/// <summary>How a message lay on its queue.</summary>
public enum MessageEncoding
{
    /// <summary>As base64 of UTF-8, as it should; kept is the text.</summary>
    Base64,

    /// <summary>As text that is not base64; kept is that text.</summary>
    Text,

    /// <summary>As base64 of bytes that are not UTF-8; kept is the base64.</summary>
    Binary,
}
