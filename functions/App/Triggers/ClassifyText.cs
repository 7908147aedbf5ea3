using System.Text.Json.Serialization;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Functions.Triggers;

/// <summary>POST classify: the intent of one text or of a batch.</summary>
internal sealed class ClassifyText(LiveModels models, ModelRegistry registry)
{
    public const int MaxBytes = 1024 * 1024;

    public const string WhyLimited = "Send fewer texts at a time.";

    public async Task<IResult> RunAsync(BinaryData body, CancellationToken cancel)
    {
        var request = RequestBody.Parse<ClassifyRequest>(body);
        if (request.Faults().ToList() is { Count: > 0 } faults) return new Problem(400, "The request cannot be answered.", faults);
        using var lease = await models.RentAsync<TextClassifier>(TextContract.FamilyName, request.Portfolio, cancel);
        if (lease is null) return await UnknownAsync(request.Portfolio, cancel);
        return lease.Model.Classify(request.Texts ?? [request.Text!], request.Top) switch
        {
            Outcome<IReadOnlyList<Classification>>.Done { Value: var results } => TypedResults.Json(
                new ClassifyAnswer(request.Portfolio, lease.Version, [.. results.Select(r => new ClassifiedText(r.Intent, r.Ambiguous, r.Top))]), Json.Options),
            Outcome<IReadOnlyList<Classification>>.Rejected rejected => new Problem(400, "The request cannot be answered.", rejected.Reasons),
            _ => throw new InvalidOperationException("An outcome is done or rejected."),
        };
    }

    private async Task<IResult> UnknownAsync(string portfolio, CancellationToken cancel)
    {
        var live = new List<string>();
        await foreach (var model in registry.ListAsync(cancel))
            if (model is { Family: TextContract.FamilyName, Live: true }) live.Add($"'{model.Portfolio}'");
        var there = live.Count == 0 ? "no portfolio has one yet" : $"there is {string.Join(", ", live)}";
        return new Problem(404, $"Portfolio '{portfolio}' has no live text model ({there}): drop labelled texts as a CSV at drops/text/{portfolio}/.");
    }
}

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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Intent, bool Ambiguous, IReadOnlyList<IntentProbability> Top);
