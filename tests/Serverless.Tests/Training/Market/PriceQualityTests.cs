using System.Globalization;
using System.Text;
using Serverless.Training;
using Serverless.Training.Market;
using Serverless.Training.Quality;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Market;

public class PriceQualityTests
{
    private const int Days = 700;

    private static readonly DateTimeOffset Now = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Good_drop_is_described_by_symbol()
    {
        var quality = (await ReadAsync(Lines()))!;
        Assert.True(quality.Accepted);
        Assert.Equal((2 * Days, 0), (quality.Rows, quality.RowsInError));
        Assert.Equal([("SIM", true, Days), ("SIMVIX", false, Days)], quality.Symbols.Select(s => (s.Symbol, s.Traded, s.Days)));
        var (bars, _) = MarketSample.Of(new(Days, 3));
        Assert.Equal((bars.Days[0], bars.Days[^1], 0), (quality.Symbols[0].From, quality.Symbols[0].To, quality.Symbols[0].WithoutVolume));
        var page = Encoding.UTF8.GetString(QualityReport.Files(quality)[QualityReport.Page]);
        Assert.Contains("Daily bars by symbol", page, StringComparison.Ordinal);
        Assert.Contains(quality.Symbols[0].DailyVolatility.ToString("P2", CultureInfo.InvariantCulture), page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_in_error_are_named_and_the_drop_is_described_though_it_is_rejected()
    {
        var lines = Lines();
        foreach (var row in Enumerable.Range(1, 20)) lines[row] = lines[row].Replace("SIM,", "SIM,no day ", StringComparison.Ordinal);
        var quality = (await ReadAsync(lines))!;
        Assert.False(quality.Accepted);
        Assert.Equal(20, quality.RowsInError);
        Assert.Equal(20, quality.FirstFaults.Count);
        Assert.StartsWith("20 of 1400 rows are in error", quality.Reasons[0], StringComparison.Ordinal);

        quality = (await ReadAsync(Lines().Where(l => !l.StartsWith("SIMVIX", StringComparison.Ordinal))))!;
        Assert.Equal(["No row is of 'SIMVIX', which the contract names in 'exogenous': add its rows, or take it out there."], quality.Reasons);
        Assert.Equal(["SIM"], quality.Symbols.Select(s => s.Symbol));
    }

    [Fact]
    public async Task What_is_no_table_has_no_quality() => Assert.Null(await ReadAsync([]));

    private static List<string> Lines()
    {
        using var csv = new MemoryStream();
        MarketSample.WriteAsync(csv, new(Days, 3), 1, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        return [.. Encoding.UTF8.GetString(csv.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static async Task<DropQuality?> ReadAsync(IEnumerable<string> lines)
    {
        await using var drop = await DropOf.Text(string.Join('\n', lines));
        return (await new MarketTrainer().ReadAsync(MarketSample.Contract, drop, new ReadingContext(Now), new Progress<TrainingProgress>(), TestContext.Current.CancellationToken)).Quality;
    }
}
