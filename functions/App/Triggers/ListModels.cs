using Serverless.Serving;

namespace Serverless.Functions.Triggers;

/// <summary>GET models: every version of every portfolio, and which is live.</summary>
internal sealed class ListModels(ModelRegistry registry)
{
    public async Task<IResult> RunAsync(CancellationToken cancel)
    {
        var models = new List<ModelListing>();
        await foreach (var model in registry.ListAsync(cancel)) models.Add(model);
        return TypedResults.Json(new ModelList(models), Json.Options);
    }
}

/// <summary>The answer.</summary>
internal sealed record ModelList(IReadOnlyList<ModelListing> Models);
