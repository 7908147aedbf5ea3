using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Functions.Http;

/// <summary>The request: what a text means, who says so and from where.</summary>
internal sealed record FeedbackRequest(string Portfolio = "customer-service", string? Text = null, string? Intent = null, string? Source = null, string? SaidBy = null)
{
    public IEnumerable<string> Faults()
    {
        if (!Names.Portfolio.Allows(Portfolio)) yield return Names.Portfolio.Fault;
        if (Text is null) yield return "'text' is missing: give the text that was misunderstood.";
        if (Intent is null) yield return "'intent' is missing: give the intent that is right.";
        if (Source is null) yield return "'source' is missing: name what this comes from, such as agent-desktop.";
    }

    public GivenFeedback Given() => new(Portfolio, Text!, Intent!, Source!, SaidBy);
}

/// <summary>The answer: what was kept, or was kept before.</summary>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="Id">Names it in 'serverless feedback'.</param>
/// <param name="Text">The text as it is kept.</param>
/// <param name="Redactions">What was taken out of it.</param>
/// <param name="Intent">The intent.</param>
/// <param name="NewIntent">Whether the live model does not know the intent: it waits until there are enough texts of it.</param>
internal sealed record FeedbackAnswer(string Portfolio, string Id, string Text, IReadOnlyList<Redaction> Redactions, string Intent, bool NewIntent)
{
    public static FeedbackAnswer Of(FeedbackRecord kept) => new(kept.Portfolio, kept.Id.ToString(), kept.Text, kept.Redactions, kept.Intent, kept.NewIntent);
}
