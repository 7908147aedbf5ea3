using System.Text.Json.Serialization;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Functions.Http;

/// <summary>The request: <paramref name="Text"/> or <paramref name="Texts"/>.</summary>
internal sealed record ClassifyRequest(string Portfolio = "customer-service", string? Text = null, IReadOnlyList<string>? Texts = null, int Top = 3, bool Explain = false)
{
    public const int MostTexts = 256;
    public const int MostTop = 100;
    public const int MostExplained = 4;

    public IEnumerable<string> Faults()
    {
        if (!Names.Portfolio.Allows(Portfolio)) yield return Names.Portfolio.Fault;
        if (Text is null == Texts is null) yield return "Give either 'text' with one text or 'texts' with a list of them.";
        if (Texts is { Count: 0 or > MostTexts }) yield return $"'texts' must have 1 to {MostTexts} texts: send more in several requests.";
        if (Explain && Texts is { Count: > MostExplained and <= MostTexts }) yield return $"'explain' is for up to {MostExplained} texts: send more in several requests, or leave it out.";
        if (Top is < 1 or > MostTop) yield return $"'top' must be 1 to {MostTop}.";
    }

    public Outcome<IReadOnlyList<Classification>> Ask(TextClassifier model, CancellationToken cancel)
    {
        var texts = Texts ?? [Text!];
        return Explain ? model.Explain(texts, Top, cancel) : model.Classify(texts, Top, cancel);
    }
}

/// <summary>The answer, a result for each text in the order given, with the sentence that tells the person of the machine.</summary>
internal sealed record ClassifyAnswer(string Portfolio, string ModelVersion, string AiDisclosure, IReadOnlyList<ClassifiedText> Results);

/// <summary>What one text means; no intent is said as null.</summary>
internal sealed record ClassifiedText(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Intent, bool Ambiguous, IReadOnlyList<IntentProbability> Top, IReadOnlyList<Redaction> Redactions)
{
    /// <summary>The two intents of an ambiguous text, the better first; absent otherwise.</summary>
    public IReadOnlyList<string>? Between { get; init; }

    /// <summary>What decided; absent unless it was asked for.</summary>
    public TextExplanation? Explanation { get; init; }

    public static ClassifiedText Of(Classification answer) =>
        new(answer.Intent, answer.Ambiguous, answer.Top, answer.Redactions) { Between = answer.Between, Explanation = answer.Explanation };
}
