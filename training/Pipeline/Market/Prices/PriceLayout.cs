using Serverless.Serving;
using Serverless.Serving.Market;

namespace Serverless.Training.Market.Prices;

/// <summary>Finds the columns of daily bars by the names that exports usually give them, in any case, with blanks or underscores.</summary>
public static class PriceLayout
{
    private static readonly (string Role, string[] Names)[] Usual =
    [
        ("symbol", ["symbol", "ticker", "name", "instrument", "code"]),
        ("date", ["date", "day", "tradingday", "tradedate", "datetime", "timestamp", "time"]),
        ("open", ["open", "openprice"]),
        ("high", ["high", "highprice"]),
        ("low", ["low", "lowprice"]),
        ("close", ["close", "closeprice", "closelast", "last", "price", "value"]),
        ("volume", ["volume", "vol", "sharevolume"]),
        ("adjusted", ["adjclose", "adjustedclose", "closeadj", "closeadjusted", "adjusted"]),
        ("splits", ["split", "splits", "stocksplits", "splitratio", "splitcoefficient", "splitfactor"]),
        ("dividends", ["dividend", "dividends", "dividendamount", "divcash", "exdividend"]),
    ];

    /// <summary>The columns of a header; rejected when date or close cannot be told.</summary>
    public static Outcome<PriceColumns> Of(IReadOnlyList<string> header)
    {
        string? Find(string role) => Usual.Single(u => u.Role == role).Names.Select(name => header.FirstOrDefault(c => Plain(c) == name)).FirstOrDefault(c => c is not null);
        var lacking = ((string[])["date", "close"]).Where(role => Find(role) is null).ToList();
        if (lacking.Count > 0)
            return Outcome<PriceColumns>.Reject([.. lacking.Select(role => $"No column of the header looks like the {role}: name it '{role}', or give a contract that names the columns (--contract).")]);
        var adjusted = Find("adjusted");
        return new PriceColumns
        {
            Symbol = Find("symbol"),
            Date = Find("date")!,
            Open = Find("open"),
            High = Find("low") is null ? null : Find("high"),
            Low = Find("high") is null ? null : Find("low"),
            Close = Find("close")!,
            Volume = Find("volume"),
            Adjusted = adjusted,
            Splits = adjusted is null ? Find("splits") : null,
            Dividends = adjusted is null ? Find("dividends") : null,
        };
    }

    private static string Plain(string column) => string.Concat(column.Where(char.IsAsciiLetter)).ToLowerInvariant();
}
