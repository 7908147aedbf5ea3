namespace Serverless.Functions.Http;

/// <summary>Who may call a route, and how often.</summary>
/// <param name="Scope">The scope or app role that a caller by Entra ID needs, such as <c>Chat.Classify</c>; null for any caller.</param>
/// <param name="PerSecond">Requests of one caller a second, on one instance, that the route takes for long; setting <c>Http:RateLimits:{function}</c>.</param>
/// <param name="Anonymous">Whether it asks for no key, as <c>authLevel</c> in <c>function.json</c> says.</param>
internal sealed record RouteRules(string? Scope, int PerSecond, bool Anonymous = false);

/// <summary>The scopes, as an app registration in Entra ID exposes them.</summary>
internal static class Scopes
{
    public const string Classify = "Chat.Classify";
    public const string ReadQuestions = "Questions.Read";
    public const string GiveFeedback = "Chat.Feedback";
    public const string ReadMarket = "Market.Read";
    public const string ReadPictures = "Documents.Read";
    public const string Apply = "Applications.Write";
    public const string ReadDecisions = "Decisions.Read";
    public const string DecideReviews = "Reviews.Decide";
    public const string ReadModels = "Models.Read";
    public const string PromoteModels = "Models.Promote";
}
