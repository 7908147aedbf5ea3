using System.Text;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Tests.Serving.Contracts;

namespace Serverless.Tests.Serving.Market;

public class ContractTests
{
    private const string Good = """
        {
          "family": "market", "portfolio": "us-stocks", "version": "1", "exogenous": ["VIX"],
          "columns": { "symbol": "symbol", "date": "date", "open": "open", "high": "high", "low": "low", "close": "close", "volume": "volume", "adjusted": "adj_close" }
        }
        """;

    [Fact]
    public void Contract_that_names_its_columns_is_read_with_the_usual_rules()
    {
        var contract = Assert.IsType<MarketContract>(Assert.IsType<Outcome<DataContract>.Done>(MarketContract.Read(Encoding.UTF8.GetBytes(Good))).Value);
        Assert.Equal((0.3, 0, 1, "date"), (contract.Training.Holdout, contract.Gate.MinRare, contract.Horizon, contract.RowDate));
        Assert.Equal(0.0002, contract.Strategy.Costs.Proportional, 12);
        Assert.True(contract.Strategy.Limits is { LongOnly: true, MaxLeverage: 1 });
    }

    [Fact]
    public void Contract_is_written_as_it_is_read()
    {
        var contract = (MarketContract)Assert.IsType<Outcome<DataContract>.Done>(MarketContract.Read(Encoding.UTF8.GetBytes(Good))).Value;
        var again = Assert.IsType<Outcome<DataContract>.Done>(MarketContract.Read(Json.File(contract))).Value;
        Assert.Equal(Json.File(contract), Json.File((MarketContract)again));
    }

    [Theory]
    [InlineData("family", "\"text\"", "The contract is of another family: write \"family\": \"market\".")]
    [InlineData("columns/close", "\" \"", "'columns.close' is empty: name the column, or leave it out.")]
    [InlineData("columns/high", "\"open\"", "'columns.open' and 'columns.high' name the same column: give each its own.")]
    [InlineData("columns/low", "null", "'columns' has one of 'high' and 'low': name both, or neither.")]
    [InlineData("columns/splits", "\"split\"", "'columns' has 'adjusted' beside 'splits' or 'dividends', which would adjust twice: keep one way.")]
    [InlineData("symbol", "\"SPY\"", "Where a row's symbol stands must be told once: name its column as 'columns.symbol', or the only symbol as 'symbol'.")]
    [InlineData("exogenous", "[\"VIX\", \"VIX\"]", "'exogenous' names a symbol twice: name each once.")]
    [InlineData("exogenous", "[\" VIX\"]", "'exogenous' has a symbol that is empty or has spaces around it: write each as it stands in the rows.")]
    [InlineData("horizon", "0", "'horizon' must lie between 1 and 63: 1 forecasts the next day, 21 the next month.")]
    [InlineData("minDays", "100", "'minDays' must lie between 300 and 100000: two years of days are 504, and estimates from fewer say little.")]
    [InlineData("strategy/costs/capital", "0", "'strategy.costs.capital' must lie above 0 and be at most 1000000000000: 1000000 is a million of the currency that prices are in.")]
    [InlineData("strategy/search/kinds", "[]", "'strategy.search.kinds' is empty: name at least one kind, such as volatilityTarget.")]
    [InlineData("strategy/search/kinds", "[\"trend\", \"trend\"]", "'strategy.search.kinds' names a kind twice: name each once.")]
    [InlineData("strategy/search/targets", "[0.5, 0.5]", "'strategy.search.targets' has a value twice or beyond what it may be: see its description in the schema.")]
    [InlineData("strategy/search/floors", "[0, 1.1]", "'strategy.search.floors' has a value twice or beyond what it may be: see its description in the schema.")]
    [InlineData("strategy/search/trendDays", "[1]", "'strategy.search.trendDays' has a value twice or beyond what it may be: see its description in the schema.")]
    [InlineData("strategy/limits/maxLeverage", "0.1", "'strategy.limits.noTradeBand' is not below 'maxLeverage', so that nothing would ever be traded: make it smaller.")]
    [InlineData("strategy/evidence/minDeflatedSharpe", "0.4", "'strategy.evidence.minDeflatedSharpe' must lie between 0.5 and 1: 0.95 lets luck explain it in one of twenty.")]
    public void Contract_with_a_fault_is_refused_with_what_to_do(string path, string value, string fault)
    {
        var changed = ContractCase.Changed(JsonNode.Parse(Good)!, new JsonObject { [path] = JsonNode.Parse(value) });
        Assert.Equal([fault], Assert.IsType<Outcome<DataContract>.Rejected>(MarketContract.Read(Encoding.UTF8.GetBytes(changed))).Reasons);
    }

    [Fact]
    public void Exogenous_symbols_may_come_with_files_of_their_own_but_not_be_the_only_symbol()
    {
        string Only(string symbol) => ContractCase.Changed(JsonNode.Parse(Good)!, new JsonObject { ["columns/symbol"] = null, ["symbol"] = symbol });
        Assert.IsType<Outcome<DataContract>.Done>(MarketContract.Read(Encoding.UTF8.GetBytes(Only("SPY"))));
        Assert.Equal(
            ["'exogenous' names the only symbol: leave it out there, for nothing would be traded."],
            Assert.IsType<Outcome<DataContract>.Rejected>(MarketContract.Read(Encoding.UTF8.GetBytes(Only("VIX")))).Reasons);
    }
}
