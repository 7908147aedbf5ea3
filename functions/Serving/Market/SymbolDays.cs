namespace Serverless.Serving.Market;

/// <summary>One symbol as it is forecast: its days, what its variance is forecast from, and its features.</summary>
/// <param name="Symbol">Its name.</param>
/// <param name="Days">Its trading days, oldest first.</param>
/// <param name="Past">What its variance is forecast from.</param>
/// <param name="Features">A row of features a day.</param>
public sealed record SymbolDays(string Symbol, DateOnly[] Days, PastDays Past, FeatureTable Features)
{
    /// <summary>Describes bars.</summary>
    /// <param name="bars">The symbol.</param>
    /// <param name="exogenous">Series to look at besides.</param>
    public static SymbolDays Of(Bars bars, IReadOnlyList<Bars> exogenous) =>
        new(bars.Symbol, bars.Days.ToArray(), PastDays.Of(bars, exogenous), MarketFeatures.Of(bars, exogenous));

    /// <summary>The logarithmic return over the days behind one.</summary>
    /// <param name="day">The day after which it begins.</param>
    /// <param name="horizon">Days, 1 or more; as many must follow.</param>
    public double ReturnAfter(int day, int horizon)
    {
        var sum = 0.0;
        for (var t = day + 1; t <= day + horizon; t++) sum += Past.Returns[t];
        return sum;
    }

    /// <summary>Mean of the squared returns of the days behind one: what came of the variance of a day.</summary>
    /// <param name="day">The day after which they begin.</param>
    /// <param name="horizon">Days, 1 or more; as many must follow.</param>
    public double SquareAfter(int day, int horizon)
    {
        var sum = 0.0;
        for (var t = day + 1; t <= day + horizon; t++) sum += Past.Returns[t] * Past.Returns[t];
        return sum / horizon;
    }

    /// <summary>How many days there are up to and including a date.</summary>
    public int Known(DateOnly date)
    {
        var place = Array.BinarySearch(Days, date);
        return place >= 0 ? place + 1 : ~place;
    }
}
