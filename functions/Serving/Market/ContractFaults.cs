namespace Serverless.Serving.Market;

/// <summary>What can be wrong with a market contract.</summary>
internal static class ContractFaults
{
    private static readonly string[] Floors = ["likelihoodScore"];

    /// <summary>Every fault, each with what to do.</summary>
    public static IReadOnlyList<string> Of(MarketContract contract) => [.. CommonFaults.Of(contract, MarketContract.FamilyName, Floors), .. OfColumns(contract.Columns), .. OfSymbols(contract), .. OfStrategy(contract.Strategy)];

    private static IEnumerable<string> OfColumns(PriceColumns columns)
    {
        foreach (var (member, column) in columns.Named().Where(c => string.IsNullOrWhiteSpace(c.Column)))
            yield return $"'columns.{member}' is empty: name the column, or leave it out.";
        foreach (var twice in columns.Named().GroupBy(c => c.Column).Where(g => g.Count() > 1))
            yield return $"{string.Join(" and ", twice.Select(c => $"'columns.{c.Member}'"))} name the same column: give each its own.";
        if (columns.High is null != columns.Low is null)
            yield return "'columns' has one of 'high' and 'low': name both, or neither.";
        if (columns.Adjusted is not null && (columns.Splits ?? columns.Dividends) is not null)
            yield return "'columns' has 'adjusted' beside 'splits' or 'dividends', which would adjust twice: keep one way.";
    }

    private static IEnumerable<string> OfSymbols(MarketContract contract)
    {
        if (contract.Columns.Symbol is null == contract.Symbol is null)
            yield return "Where a row's symbol stands must be told once: name its column as 'columns.symbol', or the only symbol as 'symbol'.";
        if (contract.Symbol is { } symbol && (symbol.Length == 0 || symbol.Trim() != symbol))
            yield return "'symbol' is empty or has spaces around it: write the symbol alone.";
        if (contract.Exogenous.Any(e => string.IsNullOrWhiteSpace(e) || e.Trim() != e))
            yield return "'exogenous' has a symbol that is empty or has spaces around it: write each as it stands in the rows.";
        if (contract.Exogenous.Distinct().Count() != contract.Exogenous.Count)
            yield return "'exogenous' names a symbol twice: name each once.";
        if (contract.Symbol is { } only && contract.Exogenous.Contains(only))
            yield return "'exogenous' names the only symbol: leave it out there, for nothing would be traded.";
    }

    private static IEnumerable<string> OfStrategy(StrategyRules strategy)
    {
        if (strategy.Search.Kinds.Count == 0) yield return "'strategy.search.kinds' is empty: name at least one kind, such as volatilityTarget.";
        if (strategy.Search.Kinds.Distinct().Count() != strategy.Search.Kinds.Count) yield return "'strategy.search.kinds' names a kind twice: name each once.";
        var search = strategy.Search;
        (string Member, IEnumerable<double> Values, double Above, double Most)[] lists =
        [
            ("targets", search.Targets, 0, 10), ("powers", search.Powers, 0, 4), ("trendDays", search.TrendDays.Select(d => (double)d), 1, 1000),
            ("averageDays", search.AverageDays.Select(d => (double)d), 1, 1000), ("floors", search.Floors, -1e-12, 1),
            ("reversalDays", search.ReversalDays.Select(d => (double)d), 0, 250), ("reversalEntries", search.ReversalEntries, 0, 10), ("kelly", search.Kelly, 0, 2),
        ];
        foreach (var (member, values, above, most) in lists)
        {
            if (values.Any(v => !(v > above && v <= most)) || values.Distinct().Count() != values.Count())
                yield return $"'strategy.search.{member}' has a value twice or beyond what it may be: see its description in the schema.";
        }

        if (strategy.Limits.NoTradeBand >= strategy.Limits.MaxLeverage)
            yield return "'strategy.limits.noTradeBand' is not below 'maxLeverage', so that nothing would ever be traded: make it smaller.";
    }
}
