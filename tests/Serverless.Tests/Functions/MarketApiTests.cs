using System.Net.Http.Json;
using Azure.Storage.Blobs;
using Serverless.Functions.Triggers;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training;
using Serverless.Training.Market;
using Serverless.Training.Samples;

namespace Serverless.Tests.Functions;

/// <summary>From dropped bars to GET forecasts and GET strategies: made anew when model or bars change, and only then; every trial counts.</summary>
public class MarketApiTests(AzuriteFixture azurite)
{
    private const int Days = 900;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static MarketContract Contract { get; } = MarketSample.Contract with
    {
        Forecast = new() { Networks = 1, Epochs = 1, Window = 5, Units = 4 },
        Strategy = MarketSample.Contract.Strategy with { Search = MarketSample.Contract.Strategy.Search with { MinDays = 252 } },
    };

    [Fact]
    public async Task Dropped_bars_become_an_outlook_that_later_bars_make_anew()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await using var app = await TestApp.HandlerAsync(connection);
        var missing = (await (await app.Client.GetAsync("/api/forecasts/SIM?portfolio=sample-market", Cancel)).ProblemAsync(404)).Detail;
        Assert.Equal("Portfolio 'sample-market' has no outlook: drop its bars on drops/market/sample-market/, and it is made within an hour of their model going live.", missing);
        Assert.Equal(missing, (await (await app.Client.GetAsync("/api/strategies/sample-market", Cancel)).ProblemAsync(404)).Detail);

        await using var path = new RetrainPath(account);
        var refresh = path.Get<MarketRefresh>();
        Assert.Equal("No model of market/sample-market is live: drop bars first.", Assert.IsType<Outcome<MarketOutlook>.Rejected>(await refresh.RefreshAsync(MarketSample.Portfolio, Cancel)).Reasons[0]);
        Assert.IsType<Outcome<DataContract>.Done>(await path.Get<ContractStore>().ActivateAsync(Json.File(Contract), Cancel));
        await DropAsync(account, path, "first.csv", Days - 100);
        await refresh.RunAsync(Cancel);

        var forecast = await GetAsync<ForecastAnswer>(app, "forecasts/SIM?portfolio=sample-market");
        var (bars, _) = MarketSample.Of(new(Days, 3));
        Assert.Equal(("SIM", bars.Days[Days - 101]), (forecast.Forecast.Symbol, forecast.Forecast.AsOf));
        Assert.Equal(DateOnly.FromDateTime(DateTime.UtcNow).DayNumber - forecast.Forecast.AsOf.DayNumber, forecast.Forecast.DaysOld, 1.0);
        Assert.InRange(forecast.Forecast.Volatility, 0.001, 0.1);
        var strategy = Assert.Single((await GetAsync<StrategyAnswer>(app, "strategies/sample-market")).Strategies);
        Assert.Equal(("SIM", bars.Days[Days - 101]), (strategy.Symbol, strategy.AsOf));
        Assert.Equal(strategy.Promoted, strategy.Reasons.Count == 0);
        Assert.True(strategy.Promoted || strategy.TargetWeight == 1);
        var tried = await LinesAsync(account);
        Assert.Equal(strategy.Trials, tried.Count);

        // The same model and bars: nothing is made anew, and nothing is tried again.
        await refresh.RunAsync(Cancel);
        Assert.Equal(forecast.MadeAt, (await GetAsync<ForecastAnswer>(app, "forecasts/SIM?portfolio=sample-market")).MadeAt);
        Assert.Equal(tried, await LinesAsync(account));

        await DropAsync(account, path, "second.csv", Days);
        Assert.IsType<Outcome<MarketOutlook>.Done>(await refresh.RefreshAsync(MarketSample.Portfolio, Cancel));
        var later = await GetAsync<ForecastAnswer>(app, "forecasts/SIM?portfolio=sample-market");
        Assert.Equal(bars.Days[^1], later.Forecast.AsOf);
        strategy = Assert.Single((await GetAsync<StrategyAnswer>(app, "strategies/sample-market")).Strategies);
        Assert.Equal((tried.Count, 2 * tried.Count), (strategy.Trials, (await LinesAsync(account)).Count)); // the same ideas on newer bars

        Assert.Equal([Names.Portfolio.Fault], (await (await app.Client.GetAsync("/api/forecasts/SIM", Cancel)).ProblemAsync(400)).Reasons);
        Assert.Equal([Names.Portfolio.Fault], (await (await app.Client.GetAsync("/api/strategies/No%20Such", Cancel)).ProblemAsync(400)).Reasons);
        Assert.StartsWith("Portfolio 'sample-market' has forecasts of SIM, and of no other symbol", (await (await app.Client.GetAsync("/api/forecasts/SIMVIX?portfolio=sample-market", Cancel)).ProblemAsync(404)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_that_cannot_be_read_keeps_the_outlook_as_it_is_and_is_not_written_over()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        await using var path = new RetrainPath(account);
        Assert.IsType<Outcome<DataContract>.Done>(await path.Get<ContractStore>().ActivateAsync(Json.File(Contract), Cancel));
        await DropAsync(account, path, "first.csv", Days - 100);
        await Ledger(account).UploadAsync(BinaryData.FromString("no trial\n"), Cancel);
        await path.Get<MarketRefresh>().RunAsync(Cancel);
        Assert.Null(await path.Get<OutlookStore>().FindAsync(MarketSample.Portfolio, Cancel));
        Assert.Equal(["no trial"], await LinesAsync(account));
        Assert.Contains(path.Log.Lines, line => line.Message.Contains("its outlook failed", StringComparison.Ordinal));
    }

    private static async Task<T> GetAsync<T>(TestApp app, string route) => (await app.Client.GetFromJsonAsync<T>($"/api/{route}", Json.Options, Cancel))!;

    private static async Task DropAsync(StorageAccount account, RetrainPath path, string name, int days)
    {
        using var csv = new MemoryStream();
        await MarketSample.WriteAsync(csv, new(Days, 3), 1, Cancel);
        var lines = System.Text.Encoding.UTF8.GetString(csv.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var first = lines.Skip(1).Select(l => l.Split(',')[1]).Distinct().Order(StringComparer.Ordinal).Take(days).ToHashSet();
        var drop = $"market/{MarketSample.Portfolio}/{name}";
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(drop)
            .UploadAsync(BinaryData.FromString(string.Join('\n', lines.Where((l, i) => i == 0 || first.Contains(l.Split(',')[1])))), overwrite: true, Cancel);
        var outcome = await path.RunAsync(drop);
        Assert.True(outcome.Result is RetrainResult.Promoted or RetrainResult.Kept, $"{outcome.Result}: {string.Join(' ', outcome.Reasons)}");
    }

    private static BlobClient Ledger(StorageAccount account) => account.Blobs.GetBlobContainerClient(OutlookStore.Container).GetBlobClient($"{MarketSample.Portfolio}/trials.jsonl");

    private static async Task<IReadOnlyList<string>> LinesAsync(StorageAccount account) =>
        (await Ledger(account).DownloadContentAsync(Cancel)).Value.Content.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
