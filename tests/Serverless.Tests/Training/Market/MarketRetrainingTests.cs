using System.Text;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Market;

public class MarketRetrainingTests(AzuriteFixture azurite)
{
    private const int Days = 900, First = 600;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drop_goes_live_and_one_with_later_days_is_compared_on_those_alone()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        await using var path = new RetrainPath(account);
        var contract = MarketSample.Contract with { Forecast = new() { Networks = 1, Epochs = 1, Window = 5, Units = 4 }, Training = MarketSample.Contract.Training with { Holdout = 0.2 } };
        Assert.IsType<Outcome<DataContract>.Done>(await path.Get<ContractStore>().ActivateAsync(Json.File(contract), Cancel));
        var lines = await LinesAsync();
        var days = lines.Skip(1).Select(DayOf).Distinct().Order(StringComparer.Ordinal).Take(First).ToHashSet();

        var first = await DropAsync("first.csv", lines.Where((l, i) => i == 0 || days.Contains(DayOf(l))));
        Assert.Equal((RetrainResult.Promoted, 2 * First), (first.Result, first.Rows));
        var registry = path.Get<ModelRegistry>();
        using var live = (MarketForecaster)new MarketFamily().Load(await registry.OpenAsync("market", MarketSample.Portfolio, first.Version!, Cancel));
        var (bars, volatility) = MarketSample.Of(new(Days, 3));
        var forecast = Assert.IsType<Outcome<SymbolForecast>.Done>(live.Forecast(bars, [volatility], bars.Days[^1].AddDays(2))).Value;
        Assert.Equal(("SIM", bars.Days[^1], 2, first.Version), (forecast.Symbol, forecast.AsOf, forecast.DaysOld, forecast.Version));
        Assert.StartsWith("Version ", Assert.IsType<Outcome<SymbolForecast>.Rejected>(live.Forecast(MarketSample.Of(new(Days, 4), "OTHER").Symbol, [volatility], bars.Days[^1])).Reasons[0], StringComparison.Ordinal);
        Assert.StartsWith("The model looks at 'SIMVIX' besides", Assert.IsType<Outcome<SymbolForecast>.Rejected>(live.Forecast(bars, [], bars.Days[^1])).Reasons[0], StringComparison.Ordinal);
        Assert.StartsWith("'SIM' has 60 days", Assert.IsType<Outcome<SymbolForecast>.Rejected>(live.Forecast(bars.Until(60), [volatility], bars.Days[^1])).Reasons[0], StringComparison.Ordinal);

        var second = await DropAsync("second.csv", lines);
        Assert.True(second.Result is RetrainResult.Promoted or RetrainResult.Kept, $"{second.Result}");
        var checks = (await registry.OpenAsync("market", MarketSample.Portfolio, second.Version!, Cancel)).Manifest.Gate!.Checks;
        Assert.Equal(Days / 5, Assert.Single(checks, c => c.Name == "fresh rows").Figure);
        Assert.NotNull(Assert.Single(checks, c => c.Name == "likelihoodScore against the champion").Figure);

        async Task<RetrainOutcome> DropAsync(string name, IEnumerable<string> rows)
        {
            var drop = $"market/{MarketSample.Portfolio}/{name}";
            await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(drop).UploadAsync(BinaryData.FromString(string.Join('\n', rows)), overwrite: true, Cancel);
            return await path.RunAsync(drop);
        }
    }

    private static async Task<string[]> LinesAsync()
    {
        using var csv = new MemoryStream();
        await MarketSample.WriteAsync(csv, new(Days, 3), 1, Cancel);
        return Encoding.UTF8.GetString(csv.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string DayOf(string line) => line.Split(',')[1];
}
