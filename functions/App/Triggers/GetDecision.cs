using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Documents;

namespace Serverless.Functions.Triggers;

/// <summary>GET decisions/{portfolio}/{id}: what was decided, why, and what a person who reviewed it decided; a page for those who ask for HTML.</summary>
internal sealed class GetDecision(ApplicationStore applications, DocumentStore documents, DecisionExplanations explanations)
{
    public async Task<IResult> RunAsync(string portfolio, string id, bool asPage, CancellationToken cancel)
    {
        string[] faults = [.. Faults(Names.Portfolio, portfolio), .. Faults(Names.ApplicationId, id)];
        if (faults.Length > 0) return new Problem(400, "The address names no application.", faults);
        return await applications.FindAsync(portfolio, id, cancel) switch
        {
            { Case: { } made } record when asPage => new Page(DecisionPage.Html(record, await explanations.ExplainAsync(made, cancel), await documents.PapersAsync(portfolio, id, cancel))),
            { Case: { } made } => TypedResults.Json((await explanations.ExplainAsync(made, cancel)).Decision, Json.Options),
            { } => new Problem(410, $"Application '{id}' of portfolio '{portfolio}' was decided and then erased."),
            null => new Problem(404, $"No application '{id}' was decided in portfolio '{portfolio}': check both, or wait until the queue is worked off."),
        };
    }

    private static IEnumerable<string> Faults(NameRule rule, string name) => rule.Allows(name) ? [] : [rule.Fault];
}
