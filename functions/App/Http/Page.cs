using Microsoft.Net.Http.Headers;

namespace Serverless.Functions.Http;

/// <summary>An answer for people: one HTML page that loads nothing and runs nothing, and that no cache keeps.</summary>
/// <param name="Html">The page, UTF-8.</param>
internal sealed record Page(byte[] Html) : IResult
{
    /// <summary>Whether a request asks for a page: HTML stands before JSON in its header Accept, as browsers write it; who accepts anything gets JSON.</summary>
    public static bool IsAskedBy(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality("text/html") is var html && html > 0 && html > Quality("application/json");

        double Quality(string type) => accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty().Max();
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers[HeaderNames.ContentSecurityPolicy] = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'";
        response.Headers[HeaderNames.CacheControl] = "no-store";
        response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        response.Headers[HeaderNames.Vary] = HeaderNames.Accept;
        await response.Body.WriteAsync(Html, httpContext.RequestAborted);
    }
}
