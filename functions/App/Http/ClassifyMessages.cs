using System.Text.Json.Serialization;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Functions.Http;

/// <summary>The request: <paramref name="Text"/> or <paramref name="Texts"/>.</summary>
internal sealed record ClassifyRequest(string Portfolio = "customer-service", string? Text = null, IReadOnlyList<string>? Texts = null, int Top = 3)
{
    public const int MostTexts = 1000;
    public const int MostTop = 100;

    public IEnumerable<string> Faults()
    {
        if (!Names.Portfolio.Allows(Portfolio)) yield return Names.Portfolio.Fault;
        if (Text is null == Texts is null) yield return "Give either 'text' with one text or 'texts' with a list of them.";
        if (Texts is { Count: 0 or > MostTexts }) yield return $"'texts' must have 1 to {MostTexts} texts.";
        if (Top is < 1 or > MostTop) yield return $"'top' must be 1 to {MostTop}.";
    }
}

/// <summary>The answer, a result for each text in the order given.</summary>
internal sealed record ClassifyAnswer(string Portfolio, string ModelVersion, IReadOnlyList<ClassifiedText> Results);

/// <summary>What one text means; no intent is said as null.</summary>
internal sealed record ClassifiedText(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Intent, bool Ambiguous, IReadOnlyList<IntentProbability> Top, IReadOnlyList<Redaction> Redactions);
