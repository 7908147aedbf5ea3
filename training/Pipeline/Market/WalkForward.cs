namespace Serverless.Training.Market;

/// <summary>What is learnt from and what it is then judged on; ends are exclusive, and no day of the one is a day of the other.</summary>
/// <param name="TrainFrom">First day to learn from.</param>
/// <param name="TrainTo">Day after the last one to learn from.</param>
/// <param name="TestFrom">First day to judge.</param>
/// <param name="TestTo">Day after the last one to judge.</param>
public readonly record struct WalkForwardFold(int TrainFrom, int TrainTo, int TestFrom, int TestTo);

/// <summary>Splits days so that whatever is judged was learnt from earlier days alone (López de Prado 2018, ch. 7).</summary>
public static class WalkForward
{
    /// <summary>Folds whose judged days lie one after the other and reach the last day.</summary>
    /// <param name="first">First day that can be used.</param>
    /// <param name="days">Number of days, counted from day 0.</param>
    /// <param name="minDays">Least number of days to learn from.</param>
    /// <param name="every">Days judged by a fold; the last has what is left.</param>
    /// <param name="purge">Days before the judged ones whose outcome reaches into them, such as the horizon of a forecast.</param>
    /// <param name="embargo">Further days left out.</param>
    /// <param name="rolling">Whether only the last <paramref name="minDays"/> are learnt from, instead of all.</param>
    /// <returns>None where there are too few days.</returns>
    public static IReadOnlyList<WalkForwardFold> Folds(int first, int days, int minDays, int every, int purge, int embargo, bool rolling = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(minDays, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(purge);
        ArgumentOutOfRangeException.ThrowIfNegative(embargo);
        var folds = new List<WalkForwardFold>();
        for (var test = first + minDays + purge + embargo; test < days; test += every)
        {
            var end = test - purge - embargo;
            folds.Add(new(rolling ? end - minDays : first, end, test, Math.Min(days, test + every)));
        }

        return folds;
    }
}
