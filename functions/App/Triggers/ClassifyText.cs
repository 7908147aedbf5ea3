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
        if (lease is null) return await UnknownAsync(registry, request.Portfolio, cancel);
        var classified = request.Ask(lease.Model, cancel);
        if (classified is Outcome<IReadOnlyList<Classification>>.Done answers) ClassificationTelemetry.Answered(request.Portfolio, answers.Value);
        return classified switch
        {
            Outcome<IReadOnlyList<Classification>>.Done { Value: var results } => TypedResults.Json(
                new ClassifyAnswer(request.Portfolio, lease.Version, lease.Model.Contract.AiDisclosure, [.. results.Select(ClassifiedText.Of)]), Json.Options),
            Outcome<IReadOnlyList<Classification>>.Rejected rejected => new Problem(400, "The request cannot be answered.", rejected.Reasons),
            _ => throw new InvalidOperationException("An outcome is done or rejected."),
        };
    }

    /// <summary>What is answered for a portfolio without a live model.</summary>
    internal static async Task<IResult> UnknownAsync(ModelRegistry registry, string portfolio, CancellationToken cancel)
    {
        var live = new List<string>();
        await foreach (var model in registry.ListAsync(cancel))
            if (model is { Family: TextContract.FamilyName, Live: true }) live.Add($"'{model.Portfolio}'");
        var there = live.Count == 0 ? "no portfolio has one yet" : $"there is {string.Join(", ", live)}";
        return new Problem(404, $"Portfolio '{portfolio}' has no live text model ({there}): drop labelled texts as a CSV at drops/text/{portfolio}/.");
    }
}
