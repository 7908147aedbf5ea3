using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Cards;
using Serverless.Training.Cards;

namespace Serverless.Training.Quality;

/// <summary>The report of a drop's quality: JSON for programs, and one HTML page for people, the verdict first.</summary>
public static class QualityReport
{
    /// <summary>Name of the JSON file.</summary>
    public const string Data = "report.json";

    /// <summary>Name of the page.</summary>
    public const string Page = "report.html";

    private const int MostMonths = 36, MostValues = 10, MostIntents = 300, MostSymbols = 500;

    /// <summary>Both files by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(DropQuality quality) => new Dictionary<string, byte[]> { [Data] = Json.File(quality), [Page] = PageOf(quality) };

    private static byte[] PageOf(DropQuality q)
    {
        var page = new CardPage(
            $"{(q.Accepted ? "Accepted" : "Rejected")}: a drop for {q.Family}/{q.Portfolio}",
            q.Accepted
                ? $"{CardParts.Count(q.Rows - q.RowsInError - q.RowsImmature)} of {CardParts.Count(q.Rows)} rows can be used. {Looks(q)}"
                : $"The drop cannot be trained on, for {Plural(q.Reasons.Count, "reason")}. Mend what stands below and drop it again.");
        if (!q.Accepted) page.Heading("Why it was rejected").List(q.Reasons);
        page.Heading("What to look at");
        if (q.Findings.Count == 0) page.Text("Nothing was found.");
        else page.Table("Findings, the gravest first", ["Column", "How grave", "What it is"], q.Findings.Select(f => new CardCell[] { f.Column ?? "the drop", Word(f.Gravity), f.Text }));
        if (q.FirstFaults.Count > 0) page.Heading("First rows in error").Text("Row 1 is the first below the header. Values are not shown.").List(q.FirstFaults);
        page.Heading("The drop").Table("What was read", ["Fact", "Value"], Facts(q));
        Columns(page, q);
        Outcomes(page, q);
        Movements(page, q);
        if (q.Rules.Count > 0)
            page.Heading("Rules between columns").Table("Rules of the contract", ["Rule", "#Rows that break it", "Such rows"], q.Rules.Select(r => new CardCell[] { r.Name, CardParts.Count(r.Broken), r.Refuses ? "are in error" : "are counted only" }));
        Texts(page, q.Texts);
        Symbols(page, q.Symbols);
        return page.Html();
    }

    private static IEnumerable<CardCell[]> Facts(DropQuality q) =>
    [
        ["Rows", CardParts.Count(q.Rows)],
        ["Rows in error", $"{CardParts.Count(q.RowsInError)} ({Part(q.RowsInError, q.Rows)})"],
        .. q.ObservedOn is { } day ? [["Rows too young", string.Create(CultureInfo.InvariantCulture, $"{CardParts.Count(q.RowsImmature)}, by the outcomes of {day:yyyy-MM-dd}")]] : Array.Empty<CardCell[]>(),
        ["Rows that repeat an id", CardParts.Count(q.RepeatedIds)],
        .. q.Texts is null ? [["Rows that hold the same as another", CardParts.Count(q.DuplicateRows)]] : Array.Empty<CardCell[]>(),
        .. q.Outcomes is { } rate ? [["Bad outcomes", $"{CardParts.Count(rate.Events)} of {CardParts.Count(rate.Rows)}: {Interval(rate)}"]] : Array.Empty<CardCell[]>(),
        ["Compared with champion", q.ComparedWith ?? "none with a profile"],
        ["Contract version", q.ContractVersion],
        ["Data, SHA-256", q.DataSha256],
        ["Read at", q.ReadAt.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)],
    ];

    private static void Columns(CardPage page, DropQuality q)
    {
        if (q.Columns.Count == 0) return;
        page.Heading("Columns").Table("Every column of the contract that the file has; the small plots run from p1 to p99 of numbers, and over the twenty most frequent values of categories", ["Column", "Use", "#Missing", "#In error", "#Different values", "#p5", "#Median", "#p95", "#Spread"], q.Columns.Select(c => new CardCell[]
        {
            c.Name, $"{c.Role}, {c.Type}",
            CardCell.Filled(Part(c.Missing, c.Rows), (double)c.Missing / Math.Max(1, c.Rows)),
            CardParts.Count(c.Faults), $"{(c.DistinctExact ? "" : "about ")}{c.Distinct.ToString("N0", CultureInfo.InvariantCulture)}",
            Quantile(c, "p5"), Quantile(c, "p50"), Quantile(c, "p95"),
            new CardCell("") { Spark = c.Numbers?.Histogram ?? [.. c.Frequencies.Select(f => (double)f)] },
        }));
        if (q.Columns.Any(c => c.Numbers is not null))
        {
            page.Table("Numbers; dates count in days before the row's date", ["Column", "#Least", "#p1", "#p25", "#p75", "#p99", "#Greatest", "#Mean", "#Far out"], q.Columns.Where(c => c.Numbers is not null).Select(c => new CardCell[]
            {
                c.Name, Number(c.Numbers!.Minimum), Quantile(c, "p1"), Quantile(c, "p25"), Quantile(c, "p75"), Quantile(c, "p99"), Number(c.Numbers.Maximum), Number(c.Numbers.Mean),
                c.Numbers.OutlierShare is { } share ? CardParts.Share(share) : "",
            }));
        }

        var categories = q.Columns.Where(c => c.Values.Count > 0 || c.Special.Count > 0).ToList();
        if (categories.Count == 0) return;
        page.Table($"Values that the contract lists or the champion knows, the {MostValues} most frequent of each column; others are counted together", ["Column", "Value", "#Rows", "#Share"], categories.SelectMany(c =>
            c.Special.Concat(c.Values).OrderByDescending(v => v.Value).Take(MostValues).Append(new("all others", c.OtherValues)).Where(v => v.Value > 0).Select(v => new CardCell[]
            {
                c.Name, v.Key, CardParts.Count(v.Value), CardCell.Filled(Part(v.Value, c.Rows), (double)v.Value / Math.Max(1, c.Rows)),
            })));
    }

    private static void Outcomes(CardPage page, DropQuality q)
    {
        var months = q.Months.Where(m => m.Outcomes is not null).ToList();
        if (months.Count == 0) return;
        page.Heading("Outcomes by time");
        if (q.OutcomeDrift is { } drift)
            page.Text(string.Create(CultureInfo.InvariantCulture, $"{Interval(drift.Earlier)} of the rows before {drift.From:yyyy-MM-dd} were bad, and {Interval(drift.Later)} of the last fifth, from then on. {(drift.Drifted ? "That is beyond chance, and more than a fifth of the earlier share: the outcomes have drifted." : "That is within chance, or less than a fifth of the earlier share.")}"));
        var most = Math.Min(1, 1.1 * months.Max(m => m.Outcomes!.Rows < 20 ? m.Outcomes.Rate : m.Outcomes.High));
        if (months.Count > 1)
        {
            page.Charts(new CardChart(
                "Share of bad outcomes by month of the row's date, with 95 % intervals",
                string.Create(CultureInfo.InvariantCulture, $"Share of bad outcomes in {months.Count} months, from {months[0].Month} to {months[^1].Month}; the least is {months.Min(m => m.Outcomes!.Rate):P1} and the greatest {months.Max(m => m.Outcomes!.Rate):P1}."),
                new CardAxis("year", Year(months[0]), Year(months[^1])),
                CardAxis.Share("share of bad outcomes", Math.Max(0.01, most)),
                [new("", CardSeriesKind.Dots, [.. months.Select(m => (Year(m), m.Outcomes!.Rate, m.Outcomes.Low, m.Outcomes.High))])]));
        }

        var shown = q.Months.Count <= MostMonths ? q.Months : [.. q.Months.GroupBy(m => m.Month[..4]).Select(y => new MonthQuality(
            y.Key, y.Sum(m => m.Rows), y.Sum(m => m.Immature), EventRate.Of(y.Sum(m => m.Outcomes?.Rows ?? 0), y.Sum(m => m.Outcomes?.Events ?? 0))))];
        page.Table(q.Months.Count <= MostMonths ? "By month" : "By year; report.json has the months", ["When", "#Rows", "#Too young", "#Bad", "#Share, 95 % interval"], shown.Select(m => new CardCell[]
        {
            m.Month, CardParts.Count(m.Rows), CardParts.Count(m.Immature), m.Outcomes is { } o ? CardParts.Count(o.Events) : "", m.Outcomes is { } rate ? CardCell.Filled(Interval(rate), rate.Rate) : "",
        }));
    }

    private static void Movements(CardPage page, DropQuality q)
    {
        var moved = q.Columns.Where(c => c.AgainstChampion is not null || c.WithinDrop is not null).OrderByDescending(c => Math.Max(c.AgainstChampion?.Psi ?? 0, c.WithinDrop?.Psi ?? 0)).ToList();
        if (moved.Count == 0) return;
        page.Heading("Drift").Text("The population stability index of each column: from 0.1 on a movement is watched, from 0.25 on it is another population (Siddiqi 2006), where it is also beyond what chance does with so few rows.")
            .Table("Columns by how far they moved", ["Column", "#Against the champion's data", "Verdict", "#Last fifth against earlier rows", "Verdict"], moved.Select(c => new CardCell[]
            {
                c.Name, Psi(c.AgainstChampion), Verdict(c.AgainstChampion), Psi(c.WithinDrop), Verdict(c.WithinDrop),
            }));
    }

    private static void Texts(CardPage page, TextQuality? t)
    {
        if (t is null) return;
        page.Heading("Texts").Table("What the texts are", ["Fact", "Value"],
        [
            ["Rows without text", CardParts.Count(t.Empty)], ["Rows with too long a text", CardParts.Count(t.TooLong)],
            ["Repeated under the same label", CardParts.Count(t.Duplicates)], ["Repeated under another label", CardParts.Count(t.Contradictions)],
            ["Out of scope", CardParts.Count(t.OutOfScope)], ["Labels", CardParts.Count(t.Labels)], ["Rows with labels that are not named", CardParts.Count(t.OtherLabels)],
            .. t.Lengths.Select(l => new CardCell[] { $"Length in characters, {l.Key}", Number(l.Value) }),
            .. t.AgainstChampion is { } moved ? [["PSI of the labels against the champion's data", $"{Number(moved.Psi)}: {Verdict(moved).Text}"]] : Array.Empty<CardCell[]>(),
        ]);
        var all = Math.Max(1, t.Intents.Values.Sum() + t.OtherLabels);
        page.Table("Labels that the champion knows or that ten rows or more carry", ["Label", "#Rows", "#Share"], t.Intents.OrderByDescending(i => i.Value).Take(MostIntents).Select(i => new CardCell[]
        {
            i.Key, CardParts.Count(i.Value), CardCell.Filled(Part(i.Value, all), (double)i.Value / t.Intents.Values.Max()),
        }));
    }

    private static void Symbols(CardPage page, IReadOnlyList<SymbolQuality> symbols)
    {
        if (symbols.Count == 0) return;
        page.Heading("Symbols").Table("Daily bars by symbol", ["Symbol", "Use", "#Days", "From", "To", "#Daily volatility", "#Days without a move", "#Days without volume"], symbols.Take(MostSymbols).Select(s => new CardCell[]
        {
            s.Symbol, s.Traded ? "traded" : "looked at", CardParts.Count(s.Days), Day(s.From), Day(s.To), s.DailyVolatility.ToString("P2", CultureInfo.InvariantCulture), CardParts.Count(s.Unmoved), CardParts.Count(s.WithoutVolume),
        }));
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Looks(DropQuality q)
    {
        var (mend, watch) = (q.Findings.Count(f => f.Gravity == Gravity.Mend), q.Findings.Count(f => f.Gravity == Gravity.Watch));
        return mend + watch == 0 ? "Nothing stands out." : $"To mend or explain: {mend}. To watch: {watch}.";
    }

    private static string Plural(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Word(Gravity gravity) => gravity switch { Gravity.Mend => "mend or explain", Gravity.Watch => "watch", _ => "note" };

    private static string Interval(EventRate rate) => $"{CardParts.Share(rate.Rate)} ({CardParts.Share(rate.Low)} to {CardParts.Share(rate.High)})";

    private static string Part(int part, int all) => CardParts.Share((double)part / Math.Max(1, all));

    private static CardCell Psi(Movement? movement) => movement is null ? "" : CardCell.Filled(movement.Psi.ToString("0.000", CultureInfo.InvariantCulture), Math.Min(1, movement.Psi));

    private static CardCell Verdict(Movement? movement) => movement?.Band switch { null => "not compared", Drift.Drifted => "drifted", Drift.Watch => "watch", _ => "stable" };

    private static CardCell Quantile(ColumnQuality column, string name) => column.Numbers is { } numbers ? Number(numbers.Quantiles[name]) : "";

    private static double Year(MonthQuality month) => int.Parse(month.Month.AsSpan(0, 4), CultureInfo.InvariantCulture) + ((int.Parse(month.Month.AsSpan(5), CultureInfo.InvariantCulture) - 0.5) / 12);

    private static string Number(double number) => Math.Abs(number) switch
    {
        >= 1e12 => number.ToString("0.###E+0", CultureInfo.InvariantCulture),
        >= 1000 => number.ToString("N0", CultureInfo.InvariantCulture),
        >= 1 => number.ToString("0.##", CultureInfo.InvariantCulture),
        _ => number.ToString("0.####", CultureInfo.InvariantCulture),
    };
}
