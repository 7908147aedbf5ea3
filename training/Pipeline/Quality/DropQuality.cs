namespace Serverless.Training.Quality;

/// <summary>
/// What was seen of a drop's quality, whether it was accepted or not; written as <c>report.json</c>. It holds counts, shares and figures,
/// texts that the contract lists or the champion knows, names of columns and numbers of rows, and no other value of a row.
/// </summary>
public sealed record DropQuality
{
    /// <summary>Version of the form that reports are written in.</summary>
    public const int Form = 1;

    /// <summary>Version of the form that this report is written in.</summary>
    public int Format { get; init; } = Form;

    /// <summary>Family of the contract.</summary>
    public required string Family { get; init; }

    /// <summary>Portfolio of the contract.</summary>
    public required string Portfolio { get; init; }

    /// <summary>Version of the contract that it was read under.</summary>
    public required string ContractVersion { get; init; }

    /// <summary>SHA-256 (hex) of the drop's content.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>When it was read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Whether it can be trained on.</summary>
    public bool Accepted => Reasons.Count == 0;

    /// <summary>Why it was rejected; empty when it was accepted.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Rows that were read.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows that cannot be used.</summary>
    public required int RowsInError { get; init; }

    /// <summary>Rows that were left out because they are younger than the contract's performance window.</summary>
    public int RowsImmature { get; init; }

    /// <summary>The day on which the outcomes were looked up, where the contract has a performance window.</summary>
    public DateOnly? ObservedOn { get; init; }

    /// <summary>Rows that repeat the id of an earlier one.</summary>
    public int RepeatedIds { get; init; }

    /// <summary>Rows whose content, without the id, is that of an earlier one.</summary>
    public int DuplicateRows { get; init; }

    /// <summary>Columns of the file that the contract does not name; they are not read.</summary>
    public int ColumnsOutsideContract { get; init; }

    /// <summary>The first rows in error, by number and column.</summary>
    public IReadOnlyList<string> FirstFaults { get; init; } = [];

    /// <summary>What a person should look at, the gravest first; empty when there is nothing.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Version of the champion that the columns were compared with; absent when there is none, or it has no profile.</summary>
    public string? ComparedWith { get; init; }

    /// <summary>The outcomes of the rows that can be used.</summary>
    public EventRate? Outcomes { get; init; }

    /// <summary>The same by month, where the contract has a date.</summary>
    public IReadOnlyList<MonthQuality> Months { get; init; } = [];

    /// <summary>Whether the outcomes move with time, where the contract has a date.</summary>
    public OutcomeDrift? OutcomeDrift { get; init; }

    /// <summary>Every column of the contract that the file has, in the contract's order.</summary>
    public IReadOnlyList<ColumnQuality> Columns { get; init; } = [];

    /// <summary>The contract's rules between columns.</summary>
    public IReadOnlyList<RuleQuality> Rules { get; init; } = [];

    /// <summary>What a text drop holds.</summary>
    public TextQuality? Texts { get; init; }

    /// <summary>The symbols of a market drop.</summary>
    public IReadOnlyList<SymbolQuality> Symbols { get; init; } = [];
}

/// <summary>The bars of a symbol.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Traded">Whether it is traded, not only looked at.</param>
/// <param name="Days">Days with a bar.</param>
/// <param name="From">The first of them.</param>
/// <param name="To">The last of them.</param>
/// <param name="DailyVolatility">Standard deviation of the logarithm of a day's close over that of the day before.</param>
/// <param name="Unmoved">Days whose close is that of the day before.</param>
/// <param name="WithoutVolume">Days of which no volume is known.</param>
public sealed record SymbolQuality(string Symbol, bool Traded, int Days, DateOnly From, DateOnly To, double DailyVolatility, int Unmoved, int WithoutVolume);

/// <summary>Something that a person should look at.</summary>
/// <param name="Gravity">How grave it is.</param>
/// <param name="Text">What it is and what to do.</param>
/// <param name="Column">The column that it is about; absent when it is about the whole drop.</param>
public sealed record Finding(Gravity Gravity, string Text, string? Column = null);

/// <summary>How grave a finding is.</summary>
public enum Gravity
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>To be watched.</summary>
    Watch,

    /// <summary>To be mended or explained.</summary>
    Mend,
}

/// <summary>A share of rows with its 95 % interval (Wilson 1927).</summary>
/// <param name="Rows">Rows with an outcome.</param>
/// <param name="Events">Bad ones among them.</param>
/// <param name="Rate">Their share.</param>
/// <param name="Low">Where the interval begins.</param>
/// <param name="High">Where it ends.</param>
public sealed record EventRate(int Rows, int Events, double Rate, double Low, double High)
{
    /// <summary>The rate of some rows; null when there are none.</summary>
    public static EventRate? Of(int rows, int events)
    {
        if (rows == 0) return null;
        var (low, high) = Proportion.Interval(events, rows);
        return new(rows, events, (double)events / rows, low, high);
    }
}

/// <summary>The rows of a month.</summary>
/// <param name="Month">The month, such as 2026-03.</param>
/// <param name="Rows">Rows with a date in it.</param>
/// <param name="Immature">Those among them that are too young to have an outcome.</param>
/// <param name="Outcomes">Outcomes of those that can be used; absent when there are none.</param>
public sealed record MonthQuality(string Month, int Rows, int Immature, EventRate? Outcomes = null);

/// <summary>Outcomes of the last fifth of the usable rows by date against those before.</summary>
/// <param name="From">First day of the last part.</param>
/// <param name="Earlier">Outcomes before it.</param>
/// <param name="Later">Outcomes from it on.</param>
/// <param name="Distance">By how many standard errors the later rate lies above the earlier one.</param>
/// <param name="Drifted">Whether they differ beyond chance and by enough to matter.</param>
public sealed record OutcomeDrift(DateOnly From, EventRate Earlier, EventRate Later, double Distance, bool Drifted)
{
    /// <summary>Standard errors from which on a difference is beyond chance: 99.9 % two-sided.</summary>
    public const double BeyondChance = 3.290526731491926;

    /// <summary>Difference that matters: as a share of the earlier rate.</summary>
    public const double Matters = 0.2;

    /// <summary>Compares two parts.</summary>
    public static OutcomeDrift Of(DateOnly from, EventRate earlier, EventRate later)
    {
        var distance = Proportion.Distance(earlier.Events, earlier.Rows, later.Events, later.Rows);
        return new(from, earlier, later, distance, Math.Abs(distance) >= BeyondChance && Math.Abs(later.Rate - earlier.Rate) >= Matters * earlier.Rate);
    }
}

/// <summary>How a rule of the contract was kept.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Refuses">Whether rows that break it are in error.</param>
/// <param name="Broken">Rows that break it.</param>
/// <param name="Unread">Columns that the rule reads and the file lacks, so that every row keeps it.</param>
public sealed record RuleQuality(string Name, bool Refuses, int Broken, IReadOnlyList<string> Unread);
