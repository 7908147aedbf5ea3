using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Drops;

namespace Serverless.Training.Market.Prices;

/// <summary>Reads the rows of a table of daily bars into the rows of each symbol; faults name row and column, never a value.</summary>
/// <param name="columns">Where bars stand.</param>
/// <param name="symbol">The symbol of a table without a column for it.</param>
/// <param name="exogenous">Symbols that need a close only.</param>
/// <param name="latest">What is dated behind it is an error.</param>
internal sealed class PriceReader(PriceColumns columns, string? symbol, IReadOnlySet<string> exogenous, DateTimeOffset latest)
{
    // Rounding of prices and of the adjusted close lets a high be a trifle below the close.
    private const double Rounding = 0.01;

    private readonly Dictionary<string, Dictionary<DateOnly, PriceRow>> _symbols = new(StringComparer.Ordinal);

    /// <summary>The rows of each symbol by day.</summary>
    public IReadOnlyDictionary<string, Dictionary<DateOnly, PriceRow>> Symbols => _symbols;

    /// <summary>Rows that could not be used.</summary>
    public RowFaults Faults { get; } = new();

    /// <summary>Rows that were read; -1 while no table could be.</summary>
    public int Rows { get; private set; } = -1;

    /// <summary>Days of earlier drops that a later one says otherwise, with their symbols; the first ones by day.</summary>
    public SortedSet<(DateOnly Day, string Symbol)> Revised { get; } = [];

    /// <summary>Reads a table to its end; rejected when columns are missing or too many rows are in error.</summary>
    public async Task<Outcome<int>> ReadAsync(LocalDrop drop, DropFormat format, DropLimits limits, TrainingRules rules, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var opened = await DropTable.OpenAsync(drop, format, limits, cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var table }) return opened.Pass<int>();
        await using var open = table;
        Faults.Of(table);
        Rows = 0;
        var missing = columns.Named().Where(c => table.IndexOf(c.Column) < 0).Select(c => $"The header has no column '{c.Column}', which the contract names as 'columns.{c.Member}': add it to the file or mend the contract.").ToList();
        if (missing.Count > 0) return Outcome<int>.Reject([.. missing, .. table.DelimiterAdvice is { Length: > 0 } advice ? [advice.Trim()] : Array.Empty<string>()]);
        var places = new Places(table, columns);
        try
        {
            while (await table.ReadAsync(cancel))
            {
                if (++Rows % 10_000 == 0) progress.Report(new("reading", table.Fraction));
                if (Fault(table, places) is { } fault) Faults.Add(table.Row, fault);
            }
        }
        catch (InvalidDataException unreadable)
        {
            return Outcome<int>.Reject(unreadable.Message);
        }

        return Faults.Judge(Rows, rules) is { Count: > 0 } reasons ? Outcome<int>.Reject(reasons) : Rows;
    }

    private string? Fault(DropTable table, Places at)
    {
        if (!table.Complete) return "has not as many fields as the header";
        var name = at.Symbol < 0 ? symbol! : table[at.Symbol].Trim().ToString();
        if (name.Length == 0) return $"'{columns.Symbol}' is empty";
        if (Day(table, at.Date) is not { } day) return $"'{columns.Date}' is no date: {table.Format?.DateAdvice ?? "write it as yyyy-MM-dd."}";
        if (day > DateOnly.FromDateTime(latest.UtcDateTime)) return $"'{columns.Date}' lies in the future";
        var closeOnly = exogenous.Contains(name);
        var (faulty, prices) = (default(string), new double[4]);
        (int Place, string? Column)[] four = [(at.Open, columns.Open), (at.High, columns.High), (at.Low, columns.Low), (at.Close, columns.Close)];
        for (var i = 0; i < 4; i++)
        {
            var optional = four[i].Place < 0 || (closeOnly && i < 3 && table[four[i].Place].IsWhiteSpace());
            prices[i] = optional ? double.NaN : Number(table, four[i].Place);
            if (!optional && !(prices[i] > 0)) faulty ??= four[i].Column;
        }

        if (faulty is not null) return $"'{faulty}' is no price above 0";
        var (open, high, low, close) = (prices[0], prices[1], prices[2], prices[3]);
        if (high < low) return $"'{columns.High}' is below '{columns.Low}'";
        if (high * (1 + Rounding) < close || high * (1 + Rounding) < open) return $"'{columns.High}' is below the open or the close";
        if (low * (1 - Rounding) > close || low * (1 - Rounding) > open) return $"'{columns.Low}' is above the open or the close";
        var volume = Optional(table, at.Volume, 0);
        if (!(volume >= 0)) return $"'{columns.Volume}' is no number of shares";
        var adjusted = at.Adjusted < 0 || (closeOnly && table[at.Adjusted].IsWhiteSpace()) ? double.NaN : Number(table, at.Adjusted);
        if (at.Adjusted >= 0 && !closeOnly && !(adjusted > 0)) return $"'{columns.Adjusted}' is no price above 0";
        var split = Optional(table, at.Splits, 1);
        if (!(split >= 0)) return $"'{columns.Splits}' is no number of shares";
        var dividend = Optional(table, at.Dividends, 0);
        if (!(dividend >= 0 && dividend < close)) return $"'{columns.Dividends}' is no dividend below the price";
        return Add(name, new(day, open, high, low, close, volume, adjusted, split == 0 ? 1 : split, dividend, table.Source));
    }

    private string? Add(string name, PriceRow row)
    {
        if (!_symbols.TryGetValue(name, out var days)) _symbols[name] = days = [];
        if (days.TryGetValue(row.Day, out var earlier))
        {
            if (earlier.Source == row.Source) return $"'{columns.Date}' repeats the day of an earlier row of its symbol";
            if (!earlier.Repeats(row)) Revised.Add((row.Day, name));
        }

        days[row.Day] = row;
        return null;
    }

    // The day as it is written: a time with an offset is that of its exchange.
    private static DateOnly? Day(DropTable table, int place)
    {
        var text = table[place].Trim();
        if (table.Format?.TryDate(text, out var date) == true) return DateOnly.FromDateTime(date);
        if (DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var compact)) return compact;
        return text.Length >= 10 && text[4] == '-' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? DateOnly.FromDateTime(time.DateTime) : null;
    }

    private static double Optional(DropTable table, int place, double absent) => place < 0 || table[place].IsWhiteSpace() ? absent : Number(table, place);

    private static double Number(DropTable table, int place)
    {
        var text = table[place].Trim();
        return table.Format?.Number(text) ?? ValueFormat.Plain(text);
    }

    private readonly record struct Places(int Symbol, int Date, int Open, int High, int Low, int Close, int Volume, int Adjusted, int Splits, int Dividends)
    {
        public Places(DropTable table, PriceColumns columns)
            : this(
                At(table, columns.Symbol), At(table, columns.Date), At(table, columns.Open), At(table, columns.High), At(table, columns.Low), At(table, columns.Close), At(table, columns.Volume),
                At(table, columns.Adjusted), At(table, columns.Splits), At(table, columns.Dividends))
        {
        }

        private static int At(DropTable table, string? column) => column is null ? -1 : table.IndexOf(column);
    }
}
