using System.Globalization;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Functions.Triggers;

/// <summary>GET reviews/{portfolio}: a page of the queue of reviews.</summary>
internal sealed class ListReviews(ReviewStore reviews)
{
    private const int UsualPage = 50;

    public async Task<IResult> RunAsync(string portfolio, IQueryCollection query, CancellationToken cancel)
    {
        var (state, top) = ((string?)query["state"], (string?)query["top"]);
        var (of, most) = (ReviewState.Open, UsualPage);
        List<string> faults = [];
        if (!Names.Portfolio.Allows(portfolio)) faults.Add(Names.Portfolio.Fault);
        if (state is not (null or "all") && !(Enum.TryParse(state, ignoreCase: true, out of) && char.IsLetter(state[0]))) faults.Add("'state' must be open, taken, decided or all.");
        if (top is not null && !(int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is >= 1 and <= ReviewStore.LargestPage)) faults.Add($"'top' must be 1 to {ReviewStore.LargestPage}.");
        if (faults.Count > 0) return new Problem(400, "The list cannot be given: correct what the reasons name.", faults);
        try
        {
            return TypedResults.Json(await reviews.ListAsync(portfolio, state == "all" ? null : of, most, (string?)query["next"] is { Length: > 0 } next ? next : null, cancel), Json.Options);
        }
        catch (Azure.RequestFailedException error) when (error.Status == 400)
        {
            return new Problem(400, "'next' is not what a page before named: send it as it was, or leave it out to begin at the start.");
        }
    }
}
