using System.CommandLine;
using System.Globalization;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market;
using Serverless.Training.Market.TearSheets;

namespace Serverless.Cli;

internal static class BacktestRun
{
    public static Command Create(Terminal terminal)
    {
        var (data, exogenous, contract, ledger) = (MarketData.Data(), MarketData.Exogenous(), MarketData.Contract(), MarketStudies.Ledger());
        return new Command("backtest", "Search a strategy for each symbol walk-forward, after costs, and judge it on days that no choice saw. No order is sent.") { data, exogenous, contract, ledger }.Runs(terminal, async (parsed, cancel) =>
        {
            var at = MarketStudies.LedgerAt(terminal, parsed.GetValue(ledger));
            var read = await MarketData.ReadAsync(terminal, parsed.GetRequiredValue(data), parsed.GetValue(exogenous) ?? [], parsed.GetValue(contract), cancel);
            if (read is not Outcome<MarketRows>.Done { Value: var rows }) return read.Pass<Answer>();
            var judged = await MarketStudies.RunAsync(terminal, rows, at, cancel);
            return judged.Then<Answer>(studies =>
            {
                List<TearSheetFigures> figures = [.. studies.Select(TearSheetFigures.Of)];
                var portfolio = PortfolioFigures.Of(studies);
                return new Answer(MarketStudies.Describe(figures, portfolio, rows, at), Text(figures, portfolio, rows));
            });
        });
    }

    private static string Text(List<TearSheetFigures> figures, PortfolioFigures? portfolio, MarketRows rows)
    {
        var text = new StringBuilder();
        text.AppendLine("symbol    from        Sharpe  (holding)  greatest fall  (holding)  deflated  trials  weight  verdict");
        foreach (var f in figures)
        {
            foreach (var (period, last) in new[] { (f.Whole, false), (f.Last, true) })
                text.AppendLine(CultureInfo.InvariantCulture, $"{(last ? "" : f.Symbol),-8}  {period.From:yyyy-MM-dd}  {period.Net.Sharpe,6:0.00}  {period.Benchmark.Sharpe,9:0.00}  {100 * period.Net.MaxDrawdown,11:0.0} %  {100 * period.Benchmark.MaxDrawdown,7:0.0} %{(last ? "" : Verdict(f))}");
            foreach (var reason in f.Reasons) text.AppendLine(CultureInfo.InvariantCulture, $"          {reason}");
        }

        if (figures.Count > 1 && portfolio is { } p)
            text.AppendLine(CultureInfo.InvariantCulture, $"together  {p.From:yyyy-MM-dd}  {p.Net.Sharpe,6:0.00}  {p.Benchmark.Sharpe,9:0.00}  {100 * p.Net.MaxDrawdown,11:0.0} %  {100 * p.Benchmark.MaxDrawdown,7:0.0} %  next day: value at risk 95 % {100 * p.Next95:0.00} %, expected shortfall 97.5 % {100 * p.NextShortfall:0.00} %");
        foreach (var finding in rows.Findings) text.AppendLine(finding);
        return text.Append(MarketOutlook.Disclaimer).ToString();
    }

    private static string Verdict(TearSheetFigures f) =>
        string.Create(CultureInfo.InvariantCulture, $"  {f.Evidence.DeflatedSharpe,8:0.000}  {f.Evidence.Trials,6}  {f.TargetWeight,6:0.00}  {(f.Promoted ? "promoted" : "holding stays")}");
}
