using System.Runtime.InteropServices;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>How a row ended.</summary>
internal enum LoanOutcome
{
    /// <summary>Not known.</summary>
    None,

    /// <summary>Good.</summary>
    Good,

    /// <summary>Bad.</summary>
    Bad,
}

/// <summary>Counts the outcomes of an export by day, which is enough to tell at its end what was too young and how the rate moves.</summary>
internal sealed class OutcomeCalendar
{
    private const int Named = 20;
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
    private static readonly DateOnly Last = DateOnly.MaxValue.AddDays(-40);

    private readonly Dictionary<int, Day> _days = [];

    /// <summary>The latest day of a usable row, in days since 1970-01-01; null when there is none.</summary>
    public int? Latest { get; private set; }

    /// <summary>A day as a date.</summary>
    public static DateOnly DateOf(int day) => DateOnly.FromDayNumber(day + Epoch);

    /// <summary>A date as a day since 1970-01-01.</summary>
    public static int DayOf(DateOnly date) => date.DayNumber - Epoch;

    /// <summary>The last day whose rows are old enough on the day of observation: on it the window of the performance has ended.</summary>
    public static int LastMature(DateOnly observed, int months)
    {
        // Neither end of the calendar may be crossed by what a row says.
        if (observed.Year <= (months / 12) + 1) return -Epoch - 1;
        if (observed > Last) observed = Last;
        // Months differ in length: 28 and 31 January are both a month before 28 February.
        var day = observed.AddMonths(-months).DayNumber + 3;
        while (DateOnly.FromDayNumber(day).AddMonths(months) > observed) day--;
        return day - Epoch;
    }

    /// <summary>Counts a row.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="day">Its day since 1970-01-01; 0 where the contract has no date.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="usable">Whether it has no fault.</param>
    public void Add(int row, int day, LoanOutcome outcome, bool usable)
    {
        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_days, day, out _);
        counts.Rows++;
        if (!usable) return;
        if (Latest is null || day > Latest) Latest = day;
        counts.Usable++;
        if (outcome == LoanOutcome.Bad) counts.Bads++;
        if (outcome != LoanOutcome.None) return;
        counts.Open++;
        if (counts.FirstOpen is null or { Count: < Named }) (counts.FirstOpen ??= []).Add(row);
    }

    /// <summary>Usable rows after a day.</summary>
    public int After(int day) => _days.Where(d => d.Key > day).Sum(d => d.Value.Usable);

    /// <summary>Otherwise usable rows without an outcome up to a day, with the numbers of the first ones.</summary>
    public (int Rows, IEnumerable<int> First) OpenUntil(int day)
    {
        var open = _days.Where(d => d.Key <= day && d.Value.Open > 0).ToList();
        return (open.Sum(d => d.Value.Open), open.SelectMany(d => d.Value.FirstOpen!).Order().Take(Named));
    }

    /// <summary>Usable rows with an outcome up to a day.</summary>
    public EventRate? Rate(int until) => Rate(_days.Where(d => d.Key <= until).Select(d => d.Value));

    /// <summary>The months, in their order; rows after <paramref name="until"/> are immature.</summary>
    public IReadOnlyList<MonthQuality> Months(int until) =>
    [
        .. _days.GroupBy(d => (DateOf(d.Key).Year, DateOf(d.Key).Month)).OrderBy(m => m.Key).Select(month => new MonthQuality(
            $"{month.Key.Year:0000}-{month.Key.Month:00}",
            month.Sum(d => d.Value.Rows),
            month.Where(d => d.Key > until).Sum(d => d.Value.Usable),
            Rate(month.Where(d => d.Key <= until).Select(d => d.Value)))),
    ];

    /// <summary>The day with which the last fifth of the rows begins, at the boundary of two days that comes nearest; null when all have one day.</summary>
    public int? LastFifth(int until)
    {
        var days = _days.Where(d => d.Key <= until && d.Value.Usable > 0).OrderByDescending(d => d.Key).Select(d => (Day: d.Key, Rows: (long)d.Value.Usable)).ToList();
        var all = days.Sum(d => d.Rows);
        (int Day, double Distance)? best = null;
        long later = 0;
        foreach (var (day, rows) in days.SkipLast(1))
        {
            later += rows;
            var distance = Math.Abs(later - (all / 5.0));
            if (best is null || distance < best.Value.Distance) best = (day, distance);
        }

        return best?.Day;
    }

    /// <summary>Whether the outcomes move; null when a part has none.</summary>
    public OutcomeDrift? Drift(int until) => LastFifth(until) is { } from
        && Rate(_days.Where(d => d.Key < from).Select(d => d.Value)) is { } earlier
        && Rate(_days.Where(d => d.Key >= from && d.Key <= until).Select(d => d.Value)) is { } later
        ? OutcomeDrift.Of(DateOf(from), earlier, later)
        : null;

    private static EventRate? Rate(IEnumerable<Day> days)
    {
        var (rows, bads) = (0, 0);
        foreach (var day in days) (rows, bads) = (rows + day.Usable - day.Open, bads + day.Bads);
        return EventRate.Of(rows, bads);
    }

    private struct Day
    {
        public int Rows, Usable, Bads, Open;
        public List<int>? FirstOpen;
    }
}
