namespace Serverless.Training.Market.Prices;

/// <summary>One row of a drop as written, before anything is adjusted.</summary>
/// <param name="Day">The trading day.</param>
/// <param name="Open">Opening price; NaN where there is none.</param>
/// <param name="High">Highest price; NaN where there is none.</param>
/// <param name="Low">Lowest price; NaN where there is none.</param>
/// <param name="Close">Closing price.</param>
/// <param name="Volume">Shares traded; 0 where it is not known.</param>
/// <param name="Adjusted">Adjusted close; NaN where there is none.</param>
/// <param name="Split">Shares that one share became; 1 where there was no split.</param>
/// <param name="Dividend">Dividend of a share; 0 where there was none.</param>
/// <param name="Source">Place of the drop that it came with.</param>
internal readonly record struct PriceRow(DateOnly Day, double Open, double High, double Low, double Close, double Volume, double Adjusted, double Split, double Dividend, int Source)
{
    /// <summary>Whether it says the same, whichever drop it came with.</summary>
    public bool Repeats(PriceRow other) => (this with { Source = 0 }).Equals(other with { Source = 0 });
}
