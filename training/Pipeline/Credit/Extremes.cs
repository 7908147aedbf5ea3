using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Training.Credit;

/// <summary>
/// The least and the greatest different numbers of a column with their rows, to find sentinel codes: repeated values
/// far from all others, such as -9 or 9999 for "no bureau file". Counts are exact, for a number that was pushed out never comes back.
/// </summary>
internal sealed partial class Extremes
{
    private const int Kept = 12;

    private readonly SortedList<double, Extreme> _low = [];
    private readonly SortedList<double, Extreme> _high = [];

    /// <summary>The least number; there must be one.</summary>
    public double Least => _low.Keys[0];

    /// <summary>The greatest number; there must be one.</summary>
    public double Greatest => _high.Keys[^1];

    /// <summary>Counts a number.</summary>
    public void Add(double number)
    {
        Add(_low, number, drop: Kept);
        Add(_high, number, drop: 0);
    }

    /// <summary>The numbers that are sentinel codes rather than quantities.</summary>
    /// <param name="numbers">Rows with a number.</param>
    public IReadOnlyList<string> Sentinels(int numbers)
    {
        var low = _low.Values.TakeWhile(e => e.Rows > 1 && Negative().IsMatch(Whole(e.Value))).ToList();
        var high = _high.Values.Reverse().TakeWhile(e => e.Rows > 1 && Nines().IsMatch(Whole(e.Value))).ToList();
        while (high.Count > 0 && !StandsAbove(high[^1].Value, Rest(low, high), 1)) high.RemoveAt(high.Count - 1);
        var rest = Rest(low, high);
        low = [.. low.TakeWhile(e => StandsBelow(e.Value, low, rest))];

        // A number of any form is a code when many rows hold it and it lies several times the range of all others away.
        var top = _high.Values.Last();
        if (high.Count == 0 && top.Rows >= numbers / 100.0 && _low.Count >= 10 && StandsAbove(top.Value, Rest(low, [top]), 5)) high = [top];
        return [.. low.Concat(high).Select(e => e.Value).Order().Select(v => v.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>Least and greatest number besides the codes.</summary>
    private (double Least, double Greatest)? Rest(List<Extreme> low, List<Extreme> high)
    {
        var least = _low.Values.Skip(low.Count).FirstOrDefault(e => !high.Contains(e));
        var greatest = _high.Values.Reverse().Skip(high.Count).FirstOrDefault(e => !low.Contains(e));
        return least is null || greatest is null ? null : (least.Value, greatest.Value);
    }

    private static bool StandsAbove(double value, (double Least, double Greatest)? rest, double ranges) =>
        rest is var (least, greatest) && value > 2 * greatest && value - greatest > ranges * Math.Max(greatest - least, 1);

    /// <summary>Negative codes stand out when all else is at or above zero, and one of them is of nines or all else of another size; or when they are nines far below.</summary>
    private static bool StandsBelow(double value, List<Extreme> low, (double Least, double Greatest)? rest)
    {
        if (rest is not var (least, greatest)) return false;
        return least >= 0
            ? greatest >= 10 * -value || low.Any(e => e.Value == -9 || Nines().IsMatch(Whole(-e.Value)))
            : Nines().IsMatch(Whole(-value)) && least - value > greatest - least;
    }

    private static string Whole(double value) => double.IsInteger(value) ? value.ToString("F0", CultureInfo.InvariantCulture) : "";

    private static void Add(SortedList<double, Extreme> list, double number, int drop)
    {
        if (list.TryGetValue(number, out var known))
        {
            known.Rows++;
            return;
        }

        if (list.Count == Kept && (drop == 0 ? number < list.Keys[0] : number > list.Keys[^1])) return;
        list.Add(number, new Extreme(number) { Rows = 1 });
        if (list.Count > Kept) list.RemoveAt(drop);
    }

    [GeneratedRegex("^-([1-9]|9[0-9]|9{2,}[0-9]?)$")]
    private static partial Regex Negative();

    [GeneratedRegex("^(9[4-9]|9{2,}[4-9]|9{3,})$")]
    private static partial Regex Nines();

    /// <summary>A number with its rows.</summary>
    private sealed class Extreme(double value)
    {
        public double Value { get; } = value;

        public int Rows { get; set; }
    }
}
