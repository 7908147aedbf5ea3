using System.Runtime.InteropServices;
using Serverless.Serving;

namespace Serverless.Training.Credit;

/// <summary>
/// What the rows show of one column, counted in one pass. Memory is bounded: at most <see cref="MaxDistinct"/> numbers and as many
/// other texts are kept, hashes of at most four million rows while the column is unique, and the numbers of a sample of the rows.
/// </summary>
/// <param name="name">Name in the header.</param>
/// <param name="format">How its fields are written; null where they are written as in applications.</param>
internal sealed class ColumnProfile(string name, ValueFormat? format = null)
{
    /// <summary>Most different values that are kept of numbers and of texts.</summary>
    public const int MaxDistinct = 1000;

    private const int MaxUnique = 1 << 22;

    private readonly List<double>?[] _sample = new List<double>?[2];
    private HashSet<ulong>? _unique = [];
    private double _last = double.NegativeInfinity;

    /// <summary>Name in the header.</summary>
    public string Name { get; } = name;

    /// <summary>Rows seen.</summary>
    public int Rows { get; private set; }

    /// <summary>Empty cells.</summary>
    public Tally Empty { get; private set; }

    /// <summary>Finite numbers, by text.</summary>
    public Values Numbers { get; } = new();

    /// <summary>Everything else that is not empty, by text.</summary>
    public Values Texts { get; } = new();

    /// <summary>The least and the greatest numbers.</summary>
    public Extremes Extremes { get; } = new();

    /// <summary>Least and greatest number of the good and of the bad rows.</summary>
    public (double Least, double Greatest)[] Ranges { get; } = [(double.PositiveInfinity, double.NegativeInfinity), (double.PositiveInfinity, double.NegativeInfinity)];

    /// <summary>Numbers that are whole.</summary>
    public int Whole { get; private set; }

    /// <summary>Whole numbers written with a leading zero.</summary>
    public int LeadingZeros { get; private set; }

    /// <summary>Whether each number is greater than the one before.</summary>
    public bool Ascending { get; private set; } = true;

    /// <summary>Length of the shortest and longest text of a number.</summary>
    public (int Shortest, int Longest) Width { get; private set; } = (int.MaxValue, 0);

    /// <summary>ISO 8601 dates.</summary>
    public int IsoDates { get; private set; }

    /// <summary>Dates written otherwise.</summary>
    public int OtherDates { get; private set; }

    /// <summary>Whether no value came twice and none is empty.</summary>
    public bool Unique => _unique is not null && Empty.Rows == 0;

    /// <summary>Counts a cell.</summary>
    /// <param name="cell">The cell's text.</param>
    /// <param name="outcome">0 good, 1 bad, -1 when the row's target is missing.</param>
    /// <param name="place">The row's place in the <see cref="OutcomeSample"/>, or -1.</param>
    public void Add(ReadOnlySpan<char> cell, int outcome, int place)
    {
        Rows++;
        cell = cell.Trim();
        if (cell.IsEmpty)
        {
            Empty = Empty.Plus(outcome);
            Keep(outcome, place, double.NaN);
            return;
        }

        if (_unique is not null && _unique.Count < MaxUnique && !_unique.Add(Hash(cell))) _unique = null;
        var number = Number(cell);
        if (!double.IsNaN(number)) AddNumber(cell, number, outcome);
        else number = AddText(cell, outcome);
        Keep(outcome, place, number);
    }

    /// <summary>Reads a number; NaN where a text is none.</summary>
    public double Number(ReadOnlySpan<char> text) => format?.Number(text) ?? ValueFormat.Plain(text);

    /// <summary>Reads a date as days; NaN where a text is none.</summary>
    public double Days(ReadOnlySpan<char> text) =>
        DateText.Days(text) is var days && double.IsNaN(days) && format?.TryDate(text, out var date) == true ? (date - DateTime.UnixEpoch).TotalDays : days;

    /// <summary>The numbers, or days of the dates, in the sampled rows of a class; NaN where a row has none.</summary>
    /// <param name="outcome">0 or 1.</param>
    /// <param name="rows">Rows sampled.</param>
    public IEnumerable<double> Sample(int outcome, int rows) =>
        (_sample[outcome] ?? []).Concat(Enumerable.Repeat(double.NaN, rows - (_sample[outcome]?.Count ?? 0)));

    private void Keep(int outcome, int place, double number)
    {
        if (place < 0 || (double.IsNaN(number) && _sample[outcome] is null)) return; // a column of texts keeps nothing
        var kept = _sample[outcome] ??= [];
        while (kept.Count <= place) kept.Add(double.NaN);
        kept[place] = number;
    }

    private void AddNumber(ReadOnlySpan<char> cell, double number, int outcome)
    {
        Numbers.Add(cell, outcome);
        Extremes.Add(number);
        if (double.IsInteger(number)) Whole++;
        if (cell.Length > 1 && cell[0] == '0' && !cell.ContainsAnyExceptInRange('0', '9')) LeadingZeros++;
        Ascending &= number > _last;
        _last = number;
        Width = (Math.Min(Width.Shortest, cell.Length), Math.Max(Width.Longest, cell.Length));
        if (outcome < 0) return;
        ref var range = ref Ranges[outcome];
        range = (Math.Min(range.Least, number), Math.Max(range.Greatest, number));
    }

    private double AddText(ReadOnlySpan<char> cell, int outcome)
    {
        Texts.Add(cell, outcome);
        var days = Days(cell);
        if (!double.IsNaN(days)) IsoDates++;
        else if (DateText.IsOther(cell)) OtherDates++;
        return days;
    }

    /// <summary>FNV-1a, 64 bits.</summary>
    private static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in MemoryMarshal.AsBytes(text)) hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }
}

/// <summary>Rows, and how many of them are good and bad.</summary>
internal readonly record struct Tally(int Rows, int Good, int Bad)
{
    /// <summary>With one more row.</summary>
    public Tally Plus(int outcome) => new(Rows + 1, Good + (outcome == 0 ? 1 : 0), Bad + (outcome == 1 ? 1 : 0));

    /// <summary>The rows of one that are not the other's.</summary>
    public static Tally operator -(Tally one, Tally other) => new(one.Rows - other.Rows, one.Good - other.Good, one.Bad - other.Bad);

    /// <summary>The rows of both.</summary>
    public static Tally operator +(Tally one, Tally other) => new(one.Rows + other.Rows, one.Good + other.Good, one.Bad + other.Bad);
}

/// <summary>Different texts with their rows, up to <see cref="ColumnProfile.MaxDistinct"/> of them.</summary>
internal sealed class Values
{
    private readonly Dictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    /// <summary>Rows of each text that is kept.</summary>
    public IReadOnlyDictionary<string, Tally> Tallies => _tallies;

    /// <summary>All rows.</summary>
    public Tally All { get; private set; }

    /// <summary>Whether there are more different texts than are kept.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Counts a row.</summary>
    public void Add(ReadOnlySpan<char> text, int outcome)
    {
        All = All.Plus(outcome);
        var lookup = _tallies.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var tally)) lookup[text] = tally.Plus(outcome);
        else if (_tallies.Count < ColumnProfile.MaxDistinct) lookup[text] = default(Tally).Plus(outcome);
        else Overflowed = true;
    }
}
