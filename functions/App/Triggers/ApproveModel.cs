using Serverless.Functions.Http;
using Serverless.Training;

namespace Serverless.Functions.Triggers;

/// <summary>POST models/{family}/{portfolio}/approve: lets a version that waits go live.</summary>
internal sealed class ApproveModel(ModelChanges changes)
{
    public async Task<IResult> RunAsync(string family, string portfolio, string actor, BinaryData body)
    {
        var asked = RequestBody.Parse<PromoteRequest>(body);
        return PromoteModel.Answer(await changes.ApproveAsync(new(family, portfolio, actor, asked.Reason), asked.Version, CancellationToken.None));
    }
}
