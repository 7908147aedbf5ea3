namespace Serverless.Training.Credit;

/// <summary>
/// Which rows every column keeps the number of: so many of the good and so many of the bad ones, each with the same chance (reservoir sampling, Vitter's
/// algorithm R), in bounded memory. That the classes are kept by themselves changes no area under the ROC curve.
/// </summary>
internal sealed class OutcomeSample
{
    private const int MostRows = 2000;
    private const int MostNumbers = 8_000_000; // of all columns: 64 MB

    private readonly Random _random = new(20261123);
    private readonly int _most;
    private readonly int[] _seen = new int[2];

    /// <summary>Starts one for a file of so many columns.</summary>
    public OutcomeSample(int columns) => _most = Math.Clamp(MostNumbers / 2 / columns, 100, MostRows);

    /// <summary>Rows kept of a class.</summary>
    public int Kept(int outcome) => Math.Min(_seen[outcome], _most);

    /// <summary>The place of the next row among those of its class, or -1 when it is not kept; a row with the place of an earlier one replaces it.</summary>
    public int Place(int outcome)
    {
        if (outcome < 0) return -1;
        var seen = _seen[outcome]++;
        var place = seen < _most ? seen : _random.Next(seen + 1);
        return place < _most ? place : -1;
    }
}
