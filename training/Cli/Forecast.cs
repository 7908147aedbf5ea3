using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market;

namespace Serverless.Cli;

internal static class Forecast
{
    public static Command Create(Terminal terminal)
    {
        var folder = Verb.ExistingFolder("--model", "Folder with a forecast.");
        var (data, exogenous, contract) = (MarketData.Data(), MarketData.Exogenous(), MarketData.Contract());
        return new Command("forecast", "Forecast the return and the volatility from the last day of bars.") { folder, data, exogenous, contract }.Runs(terminal, async (parsed, cancel) =>
        {
            using var model = await Offline.LoadAsync(parsed.GetRequiredValue(folder).FullName, cancel);
            if (model is not MarketForecaster forecaster) return Outcome<Answer>.Reject("The model is no forecast: give the folder that 'serverless train market' wrote.");
            var read = await MarketData.ReadAsync(terminal, parsed.GetRequiredValue(data), parsed.GetValue(exogenous) ?? [], parsed.GetValue(contract), cancel);
            if (read is not Outcome<MarketRows>.Done { Value: var rows }) return read.Pass<Answer>();
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            var asked = rows.Symbols.Select(bars => forecaster.Forecast(bars, rows.Exogenous, today)).ToList();
            List<string> refused = [.. asked.OfType<Outcome<SymbolForecast>.Rejected>().SelectMany(r => r.Reasons)];
            return refused.Count > 0 ? Outcome<Answer>.Reject(refused) : Describe([.. asked.Select(a => ((Outcome<SymbolForecast>.Done)a).Value)], forecaster.Bundle.Version);
        });
    }

    private static Answer Describe(IReadOnlyList<SymbolForecast> forecasts, string version) => new(
        new JsonObject { ["outcome"] = "done", ["version"] = version, ["forecasts"] = JsonSerializer.SerializeToNode(forecasts, Json.Options) },
        string.Join('\n', forecasts.Select(f => string.Create(CultureInfo.InvariantCulture,
            $"{f.Symbol} as of {f.AsOf:yyyy-MM-dd} ({f.DaysOld} days ago): volatility {f.Volatility:P2} a day ({f.Volatility * Math.Sqrt(252):P1} a year); return over {f.Horizon} trading days {f.Mean:P2} on average, between {f.Quantiles[1].Return:P2} and {f.Quantiles[^2].Return:P2} with a probability of 90 %. By {f.Kind}."))));
}
