namespace Serverless.Tests.Cli;

public sealed class MarketVerbsTests : IDisposable
{
    private readonly CliRun _cli = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Noise_is_backtested_and_nothing_promoted_and_every_trial_is_kept_once()
    {
        var (data, contract) = (_cli.PathOf("market.csv"), _cli.PathOf("contract.json"));
        Assert.Equal(4500, (int)(await _cli.DoneAsync("sample", "market", "--out", data, "--days", "1500", "--symbols", "2", "--contract", contract))["rows"]!);
        var first = await _cli.DoneAsync("backtest", "--data", data, "--contract", contract);
        Assert.Equal(["SIM1", "SIM2"], first["symbols"]!.AsArray().Select(s => (string?)s!["symbol"]));
        Assert.All(first["symbols"]!.AsArray(), s => Assert.False((bool)s!["promoted"]!));
        Assert.Equal(first["symbols"]!.AsArray().Average(s => (double)s!["last"]!["net"]!["sharpe"]!), (double)first["average"]!["last"]!["sharpe"]!, 12);
        Assert.InRange((double)first["portfolio"]!["benchmark"]!["volatility"]!, 0.02, first["symbols"]!.AsArray().Max(s => (double)s!["whole"]!["benchmark"]!["volatility"]!)); // spread over two
        Assert.True((double)first["portfolio"]!["nextShortfall"]! > (double)first["portfolio"]!["next95"]!);
        Assert.Equal(_cli.PathOf(".data/trials.jsonl"), (string?)first["ledger"]);

        var again = await _cli.DoneAsync("backtest", "--data", data, "--contract", contract);
        Assert.Equal(first["symbols"]!.ToJsonString(), again["symbols"]!.ToJsonString());
        Assert.Equal(18, (int)(await _cli.DoneAsync("trials"))["trials"]!);
        Assert.Equal(9, (int)(await _cli.DoneAsync("trials", "--symbol", "SIM2"))["trials"]!);
        var (exit, _, error) = await _cli.RunAsync("trials", "--symbol", "SPY");
        Assert.Equal((2, $"The ledger '{_cli.PathOf(".data/trials.jsonl")}' has no trial of 'SPY': it has SIM1, SIM2."), (exit, error.Trim()));
    }

    [Fact]
    public async Task Tear_sheet_is_written_for_files_whose_columns_have_usual_names()
    {
        var data = _cli.PathOf("market.csv");
        await _cli.DoneAsync("sample", "market", "--out", data, "--days", "1400", "--signal", "1");
        var lines = (await File.ReadAllLinesAsync(data, Cancel)).Where(l => !l.StartsWith("SIMVIX", StringComparison.Ordinal));
        var plain = await _cli.WriteAsync("abc.csv", string.Join('\n', lines.Select(l => l[(l.IndexOf(',', StringComparison.Ordinal) + 1)..])) + "\n");
        await _cli.DoneAsync("tearsheet", "--data", plain, "--out", _cli.PathOf("sheet"), "--ledger", _cli.PathOf("own.jsonl"));
        Assert.Contains("Tear sheet: ABC", await File.ReadAllTextAsync(_cli.PathOf("sheet/tearsheet.html"), Cancel), StringComparison.Ordinal);
        Assert.True(File.Exists(_cli.PathOf("sheet/tearsheet.json")) && File.Exists(_cli.PathOf("own.jsonl")) && !File.Exists(_cli.PathOf(".data/trials.jsonl")));
        Assert.Equal("No trial yet in", (await _cli.RunAsync("trials")).Output[..15]);

        var vix = await _cli.WriteAsync("fear.csv", "DATE,CLOSE\n" + string.Join('\n', (await File.ReadAllLinesAsync(data, Cancel)).Where(l => l.StartsWith("SIMVIX", StringComparison.Ordinal)).Select(l => l.Split(',')).Select(f => $"{f[1]},{f[5]}")) + "\n");
        var seen = await _cli.DoneAsync("backtest", "--data", plain, "--exogenous", $"VIX={vix}");
        Assert.Equal("VIX high", (string?)seen["symbols"]![0]!["regimes"]![5]!["name"]);

        var (exit, output, _) = await _cli.RunAsync("backtest", "--data", $"XYZ={plain}");
        Assert.Equal(0, exit);
        Assert.Contains("XYZ", output, StringComparison.Ordinal);
        Assert.Contains("No order is sent.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contract_is_inferred_from_bars_and_backtests_them()
    {
        var (data, contract) = (_cli.PathOf("market.csv"), _cli.PathOf("inferred.json"));
        await _cli.DoneAsync("sample", "market", "--out", data, "--days", "1400");
        var inferred = await _cli.DoneAsync("contract", "infer", data, "--family", "market", "--exogenous", "SIMVIX", "--portfolio", "sims", "--out", contract);
        Assert.Equal(("sims", "SIM"), ((string?)inferred["portfolio"], (string?)inferred["symbols"]![0]));
        Assert.Equal("SIM", (string?)(await _cli.DoneAsync("backtest", "--data", data, "--contract", contract))["symbols"]![0]!["symbol"]);
        var (exit, _, error) = await _cli.RunAsync("contract", "infer", data, "--family", "weather", "--out", contract);
        Assert.Equal((2, "--family must be 'credit', 'market' or 'documents'."), (exit, error.Trim()));
        (exit, _, error) = await _cli.RunAsync("contract", "infer", data, "--family", "market", "--out", contract);
        Assert.Equal(2, exit);
        Assert.Contains("'open' is no price above 0", error, StringComparison.Ordinal); // SIMVIX has a close only
    }

    [Fact]
    public async Task Bad_input_says_what_to_do()
    {
        async Task<string> RejectedAsync(params string[] args)
        {
            var (exit, _, error) = await _cli.RunAsync(args);
            Assert.Equal(2, exit);
            return error.Trim();
        }

        var short_ = await _cli.WriteAsync("short.csv", "date,close\n2024-01-02,1\n");
        Assert.Equal($"File does not exist: '{_cli.PathOf("absent.csv")}'.", await RejectedAsync("backtest", "--data", $"A={_cli.PathOf("absent.csv")}"));
        Assert.Equal("'SHORT' has 1 days, fewer than the contract's 'minDays' of 504: drop more of its history, or leave the symbol out.", await RejectedAsync("backtest", "--data", short_));
        Assert.Contains("No column of the header looks like the close", await RejectedAsync("backtest", "--data", await _cli.WriteAsync("odd.csv", "date,a\n2024-01-02,1\n")), StringComparison.Ordinal);
        Assert.Equal("The contract is of another family: write \"family\": \"market\".", (await RejectedAsync("tearsheet", "--data", short_, "--out", _cli.PathOf("x"), "--contract", await _cli.WriteAsync("c.json", """{"family":"credit","portfolio":"p","version":"1","symbol":"A","columns":{"date":"date","close":"close"}}"""))));
        Assert.StartsWith($"Line 1 of the ledger '{await _cli.WriteAsync("bad.jsonl", "nonsense\n")}' is no trial", await RejectedAsync("trials", "--ledger", _cli.PathOf("bad.jsonl")), StringComparison.Ordinal);
        Assert.Contains("--days must lie between 10 and 100000.", await RejectedAsync("sample", "market", "--out", "x", "--days", "1"), StringComparison.Ordinal);
        Assert.Equal("--signal must lie between -10 and 10, and --drift between -1 and 1.", await RejectedAsync("sample", "market", "--out", _cli.PathOf("y.csv"), "--signal", "11"));
    }

    public void Dispose() => _cli.Dispose();
}
