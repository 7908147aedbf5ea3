using System.Buffers;
using System.Text.Json;
using Serverless.Serving;

namespace Serverless.Functions.Http;

/// <summary>Reads bodies of limited size.</summary>
internal static class RequestBody
{
    /// <summary>The whole body, a picture's file.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">Most bytes.</param>
    /// <param name="why">What stands behind the limit, and what to do.</param>
    /// <exception cref="ProblemException">415 when it is none, 413 when it is too large.</exception>
    public static Task<BinaryData> ReadPictureAsync(HttpRequest request, int limit, string why) =>
        request.ContentType is { } type && (type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase))
            ? WholeAsync(request, limit, why)
            : throw new ProblemException(new(415, "Send the picture itself as the body, with its type, such as 'Content-Type: image/jpeg'."));

    /// <summary>The whole body, JSON.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">Most bytes.</param>
    /// <param name="why">What stands behind the limit, and what to do.</param>
    /// <exception cref="ProblemException">415 when it is not JSON, 413 when it is too large.</exception>
    public static Task<BinaryData> ReadAsync(HttpRequest request, int limit, string why) => request.HasJsonContentType()
        ? WholeAsync(request, limit, why)
        : throw new ProblemException(new(415, "Send the body as JSON, with the header 'Content-Type: application/json'."));

    private static async Task<BinaryData> WholeAsync(HttpRequest request, int limit, string why)
    {
        if (request.ContentLength > limit) throw TooLarge(limit, why);
        while (true)
        {
            // One read sees the body from its start until all of it is there, so the usual small body is copied once.
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > limit) throw TooLarge(limit, why);
            if (read.IsCompleted)
            {
                var body = BinaryData.FromBytes(read.Buffer.ToArray());
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Parses a body.</summary>
    /// <exception cref="ProblemException">400 with the place that is wrong.</exception>
    public static T Parse<T>(BinaryData body)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body.ToMemory().Span, Json.Options) ?? throw new ProblemException(new(400, "The body must be a JSON object, not null."));
        }
        catch (JsonException error)
        {
            // The parser's own message can hold parts of the body.
            throw new ProblemException(new(400, $"The body is not the JSON that is expected, at {error.Path ?? "$"}, line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: see openapi.json for its form."));
        }
    }

    private static ProblemException TooLarge(int limit, string why) => new(new(413, $"The body is larger than {limit / 1024} KiB. {why}"));
}
