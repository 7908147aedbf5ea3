using System.Globalization;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training;
using Serverless.Training.Drops;
using Serverless.Training.Market;
using Serverless.Training.Market.Prices;

namespace Serverless.Tests.Training.Market.Prices;

public sealed class MarketDropTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PriceColumns Plain = new() { Date = "date", Open = "open", High = "high", Low = "low", Close = "close", Volume = "volume" };
    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-prices-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("symbol,date,open,high,low,close,volume,adj_close", "symbol date open high low close volume adj_close")]
    [InlineData("DATE,OPEN,HIGH,LOW,CLOSE", "DATE OPEN HIGH LOW CLOSE")]
    [InlineData("Date,Open,High,Low,Close,Adj Close,Volume", "Date Open High Low Close Volume Adj Close")]
    [InlineData("Date,Open,High,Low,Close,Volume,Name", "Name Date Open High Low Close Volume")]
    [InlineData("Date,Open,High,Low,Close,Volume,Dividends,Stock Splits", "Date Open High Low Close Volume Stock Splits Dividends")]
    [InlineData("Timestamp,Close/Last,Adj_Close,Dividend", "Timestamp Close/Last Adj_Close")]
    [InlineData("day,price,high", "day price")]
    public void Columns_are_found_by_their_usual_names(string header, string found)
    {
        var columns = Assert.IsType<Outcome<PriceColumns>.Done>(PriceLayout.Of(header.Split(','))).Value;
        string?[] all = [columns.Symbol, columns.Date, columns.Open, columns.High, columns.Low, columns.Close, columns.Volume, columns.Adjusted, columns.Splits, columns.Dividends];
        Assert.Equal(found, string.Join(' ', all.OfType<string>()));
    }

    [Fact]
    public void Header_without_date_and_close_says_what_to_do() => Assert.Equal(
        ["No column of the header looks like the date: name it 'date', or give a contract that names the columns (--contract).", "No column of the header looks like the close: name it 'close', or give a contract that names the columns (--contract)."],
        Assert.IsType<Outcome<PriceColumns>.Rejected>(PriceLayout.Of(["a", "b"])).Reasons);

    [Fact]
    public async Task Adjusted_close_moves_every_price_of_the_day_from_the_first_on()
    {
        var rows = await ReadAsync(Plain with { Adjusted = "adj" }, "date,open,high,low,close,volume,adj\n2024-01-02,98,110,95,100,10,50\n2024-01-03,50,54,48,52,20,52\n");
        var bars = Assert.Single(rows.Symbols);
        Assert.Equal(("SPY", 2), (bars.Symbol, bars.Count));
        Assert.Equal([100, 104], bars.Close.ToArray()); // a split of two, and the factor of the first day is 1
        Assert.Equal((98, 110, 95, 100, 108, 96), (bars.Open[0], bars.High[0], bars.Low[0], bars.Open[1], bars.High[1], bars.Low[1]));
        Assert.Equal([1000, 1040], bars.Traded.ToArray()); // money as it was traded
    }

    [Fact]
    public async Task Splits_and_dividends_are_worked_in_and_change_no_earlier_day()
    {
        var columns = Plain with { Splits = "split", Dividends = "dividend" };
        const string First = "date,open,high,low,close,volume,split,dividend\n2024-01-02,100,100,100,100,1,,\n2024-01-03,50,50,50,50,1,2,0\n";
        var before = Assert.Single((await ReadAsync(columns, First)).Symbols);
        var after = Assert.Single((await ReadAsync(columns, First + "2024-01-04,45,45,45,45,1,0,5\n2024-01-05,90,90,90,90,1,0.5,\n")).Symbols);
        Assert.Equal([100, 100], before.Close.ToArray());
        Assert.Equal([100, 100, 100, 100], after.Close.ToArray()); // each fall or rise was a split or a dividend
    }

    [Fact]
    public async Task Days_are_sorted_and_dates_are_those_that_are_written()
    {
        var rows = await ReadAsync(Plain, "date,open,high,low,close,volume\n2024-01-03T21:00:00-05:00,1,1,1,1,1\n20240102,1,1,1,1,1\n2024-01-04 00:00:00,1,1,1,1,1\n");
        Assert.Equal(["2024-01-02", "2024-01-03", "2024-01-04"], rows.Symbols[0].Days.ToArray().Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("2024-01-03,0,2,1,1,5", "'open' is no price above 0")]
    [InlineData("2024-01-03,1,2,-1,1,5", "'low' is no price above 0")]
    [InlineData("2024-01-03,1,2,1,,5", "'close' is no price above 0")]
    [InlineData("2024-01-03,1,1,2,1,5", "'high' is below 'low'")]
    [InlineData("2024-01-03,1,2,1,3,5", "'high' is below the open or the close")]
    [InlineData("2024-01-03,1,3,2,2.5,5", "'low' is above the open or the close")]
    [InlineData("2024-01-03,1,1,1,1,-5", "'volume' is no number of shares")]
    [InlineData("2024-01-03,1,1,1,1,many", "'volume' is no number of shares")]
    [InlineData("2027-01-03,1,1,1,1,5", "'date' lies in the future")]
    [InlineData("03/01/2024,1,1,1,1,5", "'date' is no date: write it as yyyy-MM-dd.")]
    [InlineData("2024-01-02,1,1,1,1,5", "'date' repeats the day of an earlier row of its symbol")]
    [InlineData("2024-01-03,1", "has not as many fields as the header")]
    public async Task Bad_row_is_named_and_too_many_reject_the_drop(string row, string fault)
    {
        var outcome = await ReadOutcomeAsync(Plain, $"date,open,high,low,close,volume\n2024-01-02,1,1,1,1,5\n{row}\n");
        Assert.Equal(
            ["1 of 2 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.", $"row 2: {fault}"],
            Assert.IsType<Outcome<MarketRows>.Rejected>(outcome).Reasons);
    }

    [Fact]
    public async Task One_bad_row_of_many_is_left_out_and_reported()
    {
        var rows = await ReadAsync(Plain, Bars(400) + "2024-01-03,0,1,1,1,5\n");
        Assert.Equal((1, 400), (rows.RowsInError, rows.Symbols[0].Count));
        Assert.Contains("row 401: 'open' is no price above 0", rows.Findings);
    }

    [Fact]
    public async Task Later_drop_revises_and_the_revision_is_reported()
    {
        async Task<DropPart> PartAsync(int drop, string csv) => await DropPart.CopyAsync("bars.csv", new MemoryStream(Encoding.UTF8.GetBytes(csv)), Cancel, drop);
        await using var union = LocalDrop.Of(await PartAsync(0, "date,close\n2024-01-02,10\n2024-01-03,11\n"), await PartAsync(1, "date,close\n2024-01-03,12\n2024-01-04,13\n"));
        var rows = Done(await MarketDrop.ReadAsync(Contract(new() { Date = "date", Close = "close" }), union, Now, new Progress<TrainingProgress>(), Cancel));
        Assert.Equal([10, 12, 13], rows.Symbols[0].Close.ToArray());
        Assert.Contains("1 bars of earlier drops were revised, the first of SPY on 2024-01-03: figures of earlier versions stand as they were known then.", rows.Findings);
    }

    [Fact]
    public async Task Gaps_splits_stale_prices_and_unknown_volume_are_found()
    {
        const string Csv = "date,open,high,low,close,volume\n2024-01-02,100,100,100,100,1\n2024-01-03,50,50,50,50,1\n2024-01-22,50,50,50,50,1\n2024-01-23,50,50,50,50,1\n2024-01-24,50,50,50,50,1\n2024-01-25,50,50,50,50,1\n2024-01-26,50,50,50,50,0\n2024-01-29,50.2,50.1,50,50.1,1\n";
        var findings = (await ReadAsync(Plain, Csv)).Findings;
        Assert.Equal(
            [
                "SPY: 1 gaps of more than 10 days, the first before 2024-01-22: see whether days are missing.",
                "SPY: 60 % of the weekdays from first to last have no bar; holidays are about 4 %.",
                "SPY: on 1 days the high is below, or the low above, open or close by a rounding: they were moved there.",
                "SPY: 1 jumps look like splits that are not adjusted, the first on 2024-01-03: see whether the contract's 'columns' should name 'adjusted' or 'splits'.",
                "SPY: on 1 days the close has stood still for 5 days or more, the first on 2024-01-26: prices may be stale.",
                "SPY: on 1 of 8 days no volume is known: orders of these days are taken to move no price.",
            ],
            findings);
    }

    [Fact]
    public async Task Dates_moved_by_a_time_zone_are_refused()
    {
        var text = new StringBuilder("date,close\n");
        for (var (day, n) = (new DateOnly(2024, 1, 1), 0); n < 300; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Friday or DayOfWeek.Saturday) continue;
            text.Append(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd},{100 + (n++ % 7)}\n");
        }

        Assert.Contains("a time zone has moved its dates by a day", Assert.Single(Assert.IsType<Outcome<MarketRows>.Rejected>(await ReadOutcomeAsync(new() { Date = "date", Close = "close" }, text.ToString())).Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Series_to_look_at_need_a_close_only_and_must_be_there()
    {
        const string Csv = "symbol,date,open,high,low,close,volume\nSPY,2024-01-02,1,1,1,1,5\nVIX,2024-01-02,,,,13,\nSPY,2024-01-03,1,1,1,1,5\nVIX,2024-01-03,,,,14,\n";
        var contract = Contract(Plain with { Symbol = "symbol" }) with { Symbol = null, Exogenous = ["VIX"] };
        var rows = Done(await ReadAsync(contract, Csv));
        Assert.Equal(["SPY", "/", "VIX"], rows.Symbols.Select(b => b.Symbol).Append("/").Concat(rows.Exogenous.Select(b => b.Symbol)));
        Assert.Equal([13, 14], rows.Exogenous[0].Close.ToArray());
        Assert.Equal(4, rows.Count);
        Assert.Equal(
            ["No row is of 'OVX', which the contract names in 'exogenous': add its rows, or take it out there."],
            Assert.IsType<Outcome<MarketRows>.Rejected>(await ReadAsync(contract with { Exogenous = ["VIX", "OVX"] }, Csv)).Reasons);
        Assert.Equal(
            ["'SPY' has 2 days, fewer than the contract's 'minDays' of 504: drop more of its history, or leave the symbol out."],
            Assert.IsType<Outcome<MarketRows>.Rejected>(await ReadAsync(contract with { MinDays = 504 }, Csv)).Reasons);
    }

    [Fact]
    public async Task Missing_columns_are_named() => Assert.Equal(
        ["The header has no column 'volume', which the contract names as 'columns.volume': add it to the file or mend the contract."],
        Assert.IsType<Outcome<MarketRows>.Rejected>(await ReadOutcomeAsync(Plain, "date,open,high,low,close\n2024-01-02,1,1,1,1\n")).Reasons);

    [Fact]
    public async Task Files_written_each_in_its_own_way_make_one_set()
    {
        var spy = await WriteAsync("spy.csv", "symbol,date,open,high,low,close,volume\n" + string.Join('\n', Bars(510).Split('\n').Skip(1).SkipLast(1).Select(l => $"SPY,{l}")) + "\n");
        var (qqq, vix) = (await WriteAsync("qqq.csv", Bars(510)), await WriteAsync("vix-daily.csv", "DATE,OPEN,HIGH,LOW,CLOSE\n2020-01-01,1,1,1,13\n"));
        async Task<Outcome<MarketRows>> Read(params PriceFile[] files) => await PriceFiles.ReadAsync(files, null, "us", Now, new Progress<TrainingProgress>(), Cancel);
        var rows = Done(await Read(new(spy, null, false), new(qqq, null, false), new(vix, "VIX", true)));
        Assert.Equal(["SPY", "QQQ", "/", "VIX"], rows.Symbols.Select(b => b.Symbol).Append("/").Concat(rows.Exogenous.Select(b => b.Symbol)));
        Assert.Equal(rows.Symbols[0].Close.ToArray(), rows.Symbols[1].Close.ToArray());
        Assert.Contains(rows.Findings, f => f.StartsWith("VIX: ends on 2020-01-01, before the traded symbols do on", StringComparison.Ordinal));
        Assert.Equal(["'spy.csv' has its symbols in column 'symbol': leave out 'X=' before its name."], Assert.IsType<Outcome<MarketRows>.Rejected>(await Read(new PriceFile(spy, "X", false))).Reasons);
        Assert.Contains("'SPY' comes with two files: give its days in one, or name the symbols otherwise.", Assert.IsType<Outcome<MarketRows>.Rejected>(await Read(new(spy, null, false), new(qqq, "SPY", false))).Reasons);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Bars(int days)
    {
        var (text, day) = (new StringBuilder("date,open,high,low,close,volume\n"), new DateOnly(2020, 1, 1));
        for (var i = 0; i < days; i++, day = day.AddDays(day.DayOfWeek == DayOfWeek.Friday ? 3 : 1))
            text.Append(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd},{10 + (i % 5)},20,5,{10 + (i % 7)},100\n");
        return text.ToString();
    }

    private static MarketContract Contract(PriceColumns columns) => new() { Family = "market", Portfolio = "us", Version = "1", Columns = columns, Symbol = "SPY", MinDays = 1 };

    private static MarketRows Done(Outcome<MarketRows> outcome) => Assert.IsType<Outcome<MarketRows>.Done>(outcome).Value;

    private async Task<MarketRows> ReadAsync(PriceColumns columns, string csv) => Done(await ReadOutcomeAsync(columns, csv));

    private Task<Outcome<MarketRows>> ReadOutcomeAsync(PriceColumns columns, string csv) => ReadAsync(Contract(columns), csv);

    private async Task<Outcome<MarketRows>> ReadAsync(MarketContract contract, string csv)
    {
        await using var drop = await LocalDrop.OpenAsync(await WriteAsync("drop.csv", csv), Cancel);
        return await MarketDrop.ReadAsync(contract, drop, Now, new Progress<TrainingProgress>(), Cancel);
    }

    private async Task<string> WriteAsync(string name, string csv)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, name), csv, Cancel);
        return Path.Combine(_folder, name);
    }
}
