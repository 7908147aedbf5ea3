using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Market;

namespace Serverless.Functions.Triggers;

/// <summary>GET strategies/{portfolio}: the weights that its strategies would hold, with the evidence for them. No order is sent.</summary>
internal sealed class GetStrategy(OutlookStore outlooks)
{
    public async Task<IResult> RunAsync(string portfolio, CancellationToken cancel)
    {
        if (!Names.Portfolio.Allows(portfolio)) return new Problem(400, "The request cannot be answered.", [Names.Portfolio.Fault]);
        return await outlooks.FindAsync(portfolio, cancel) is { } outlook
            ? TypedResults.Json(new StrategyAnswer(outlook.Portfolio, outlook.MadeAt, outlook.Strategies, outlook.Left, MarketOutlook.Disclaimer), Json.Options)
            : None(portfolio);
    }

    public static Problem None(string portfolio) =>
        new(404, $"Portfolio '{portfolio}' has no outlook: drop its bars on drops/market/{portfolio}/, and it is made within an hour of their model going live.");
}

/// <summary>The answer.</summary>
/// <param name="Portfolio">The portfolio.</param>
/// <param name="MadeAt">When the weights were decided.</param>
/// <param name="Strategies">One a symbol.</param>
/// <param name="Left">What was left out, and why.</param>
/// <param name="Disclaimer">What it is not.</param>
internal sealed record StrategyAnswer(string Portfolio, DateTimeOffset MadeAt, IReadOnlyList<StrategyOutlook> Strategies, IReadOnlyList<string> Left, string Disclaimer);
