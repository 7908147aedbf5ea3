namespace Serverless.Training.Quality;

/// <summary>
/// Chooses a uniform sample of rows whose number is not known beforehand: algorithm L of Li (1994), "Reservoir-sampling algorithms of time
/// complexity O(n(1 + log(N/n)))", which after the first rows draws only how many to skip. The same seed and rows give the same sample.
/// </summary>
internal sealed class Reservoir
{
    private readonly int _capacity;
    private readonly Random _random;
    private long _seen;
    private long _next;
    private double _weight;

    public Reservoir(int capacity, int seed)
    {
        (_capacity, _random, _next, _weight) = (capacity, new Random(seed), capacity - 1, 1);
        Skip();
    }

    /// <summary>Rows in the sample.</summary>
    public int Count => (int)Math.Min(_seen, _capacity);

    /// <summary>Tells of the next row.</summary>
    /// <returns>The place in the sample that it takes; -1 for none.</returns>
    public int Take()
    {
        var row = _seen++;
        if (row < _capacity) return (int)row;
        if (row < _next) return -1;
        Skip();
        return _random.Next(_capacity);
    }

    private void Skip()
    {
        // 1 - NextDouble lies above 0, which the logarithm needs.
        _weight *= Math.Exp(Math.Log(1 - _random.NextDouble()) / _capacity);
        _next += (long)Math.Min(Math.Floor(Math.Log(1 - _random.NextDouble()) / Math.Log(1 - _weight)), long.MaxValue >> 2) + 1;
    }
}
