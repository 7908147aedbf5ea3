using Serverless.Functions.Http;
using Serverless.Training;

namespace Serverless.Functions.Triggers;

/// <summary>POST models/{family}/{portfolio}/rollback: makes an earlier version live again and pauses promotion, or proposes it.</summary>
internal sealed class RollbackModel(ModelChanges changes)
{
    public async Task<IResult> RunAsync(string family, string portfolio, string actor, BinaryData body)
    {
        var asked = RequestBody.Parse<RollbackRequest>(body);
        return PromoteModel.Answer(await changes.RollbackAsync(new(family, portfolio, actor, asked.Reason), asked.To, CancellationToken.None));
    }
}

/// <summary>The body of a rollback.</summary>
internal sealed record RollbackRequest(string Reason, string? To = null);
