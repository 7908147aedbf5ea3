using System.Net.Mime;
using System.Text;
using Microsoft.Net.Http.Headers;
using Serverless.Functions.Http;
using Serverless.Serving.Decisions;

namespace Serverless.Functions.Triggers;

/// <summary>GET decisions/{portfolio}/{id}/notice: the notice of adverse action, as text or JSON, whichever the caller accepts; JSON where both are.</summary>
internal sealed class GetNotice(DecisionNotices notices)
{
    public async Task<IResult> RunAsync(string portfolio, string id, IList<MediaTypeHeaderValue> accept, CancellationToken cancel)
    {
        var (text, json) = (Quality(accept, MediaTypeNames.Text.Plain), Quality(accept, MediaTypeNames.Application.Json));
        if (text == 0 && json == 0) return new Problem(406, "A notice is text/plain or application/json: accept one of them.");
        return await ReviewRoute.RunAsync(portfolio, id, () => notices.WriteAsync(portfolio, id, cancel), text > json ? n => TypedResults.Text(NoticeText.Of(n), MediaTypeNames.Text.Plain, Encoding.UTF8) : null);
    }

    // RFC 9110, 12.5.1: of the ranges that hold a type, the most specific counts.
    private static double Quality(IList<MediaTypeHeaderValue> accept, string type)
    {
        if (accept.Count == 0) return 1;
        var wanted = new MediaTypeHeaderValue(type);
        return accept.Where(wanted.IsSubsetOf).OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0).FirstOrDefault() is { } range ? range.Quality ?? 1 : 0;
    }
}
