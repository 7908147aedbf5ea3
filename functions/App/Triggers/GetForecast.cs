using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Market;

namespace Serverless.Functions.Triggers;

/// <summary>GET forecasts/{symbol}: the distribution of a symbol's return as the live model saw it at the last close that was dropped, and how old that is.</summary>
internal sealed class GetForecast(OutlookStore outlooks, TimeProvider time)
{
    public async Task<IResult> RunAsync(string symbol, string? portfolio, CancellationToken cancel)
    {
        if (!Names.Portfolio.Allows(portfolio)) return new Problem(400, "The request cannot be answered.", [Names.Portfolio.Fault]);
        if (await outlooks.FindAsync(portfolio!, cancel) is not { } outlook) return GetStrategy.None(portfolio!);
        return outlook.Of(symbol, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)) is { } forecast
            ? TypedResults.Json(new ForecastAnswer(outlook.Portfolio, outlook.MadeAt, forecast, MarketOutlook.Disclaimer), Json.Options)
            : new Problem(404, $"Portfolio '{outlook.Portfolio}' has forecasts of {string.Join(", ", outlook.Forecasts.Select(f => f.Symbol))}, and of no other symbol: ask for one of them, as it is written here.");
    }
}

/// <summary>The answer.</summary>
/// <param name="Portfolio">The portfolio.</param>
/// <param name="MadeAt">When the forecast was made.</param>
/// <param name="Forecast">The forecast.</param>
/// <param name="Disclaimer">What it is not.</param>
internal sealed record ForecastAnswer(string Portfolio, DateTimeOffset MadeAt, SymbolForecast Forecast, string Disclaimer);
