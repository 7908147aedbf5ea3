using System.Text;
using System.Text.Json.Nodes;
using Serverless.Tests.Training.Market.Strategies;
using Serverless.Training.Market.TearSheets;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Market.TearSheets;

public class TearSheetTests
{
    [Fact]
    public async Task Sheet_has_every_part_and_the_same_figures_in_both_files()
    {
        var study = await StrategyStudyTests.StudyAsync(new(2500, 5) { Drift = 0.1 }, MarketSample.Contract);
        var files = TearSheet.Files(study);
        var (html, json) = (Encoding.UTF8.GetString(files["tearsheet.html"]), JsonNode.Parse(files["tearsheet.json"])!);
        foreach (var part in new[] { "Deflated Sharpe ratio", "Break-even cost", "Trials in the ledger", "Net return by month", "Kupiec", "Storms of the past", "probability integral transform", "Fall from the earlier height", "No order is sent" })
            Assert.Contains(part, html, StringComparison.Ordinal);
        Assert.Equal(6, html.Split("<svg viewBox").Length - 1);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Equal(["calm", "usual", "stormy", "SIMVIX low", "SIMVIX middle", "SIMVIX high"], json["regimes"]!.AsArray().Select(r => (string?)r!["name"]));
        Assert.True((double)json["regimes"]![5]!["benchmark"]!["volatility"]! > (double)json["regimes"]![3]!["benchmark"]!["volatility"]!);
        Assert.Equal(9, (int)json["evidence"]!["trials"]!);
        Assert.Equal(study.Strategy(study.From).Sharpe, (double)json["whole"]!["net"]!["sharpe"]!);
        Assert.Equal((string?)json["asOf"], study.Bars.Days[^1].ToString("yyyy-MM-dd"));
        Assert.Equal(files["tearsheet.html"], TearSheet.Files(study)["tearsheet.html"]);
    }

    [Fact]
    public async Task Losses_of_a_known_market_are_as_often_beyond_the_value_at_risk_as_it_says()
    {
        var study = await StrategyStudyTests.StudyAsync(new(5800, 11), MarketSample.Contract);
        var risk = RiskForecasts.Of(study);
        Assert.True(risk.At95.PValue > 0.001 && risk.At99.PValue > 0.001, $"{risk}");
        Assert.InRange(risk.ShortfallRatio!.Value, 0.7, 1.3);
        Assert.All(risk.Pit, c => Assert.InRange((double)c / risk.Pit.Sum(), 0.06, 0.14));
        Assert.True(risk.Next95 > 0 && risk.NextShortfall > risk.Next95);
    }
}
