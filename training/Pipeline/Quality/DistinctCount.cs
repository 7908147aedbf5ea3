using System.Numerics;

namespace Serverless.Training.Quality;

/// <summary>
/// Counts different values by their 64-bit hashes: exactly up to <see cref="Exactly"/>, beyond by HyperLogLog (Flajolet, Fusy, Gandouet and
/// Meunier 2007) with 2^14 registers, whose standard error is 0.8 %, read by the improved estimator of Ertl (2017), "New cardinality
/// estimation algorithms for HyperLogLog sketches", which needs no corrections for small or large counts.
/// </summary>
internal sealed class DistinctCount
{
    /// <summary>Up to here the count is exact.</summary>
    public const int Exactly = 4096;

    private const int Bits = 14, Registers = 1 << Bits, Ranks = 64 - Bits;
    private HashSet<ulong>? _exact = [];
    private byte[]? _registers;

    /// <summary>Whether <see cref="Count"/> is exact.</summary>
    public bool Exact => _exact is not null;

    /// <summary>Adds a value's hash; it must be well mixed.</summary>
    public void Add(ulong hash)
    {
        if (_registers is not null)
        {
            Register(hash);
            return;
        }

        if (!_exact!.Add(hash) || _exact.Count <= Exactly) return;
        _registers = new byte[Registers];
        foreach (var earlier in _exact) Register(earlier);
        _exact = null;
    }

    /// <summary>How many different values there were.</summary>
    public long Count()
    {
        if (_exact is not null) return _exact.Count;
        var counts = new int[Ranks + 2];
        foreach (var rank in _registers!) counts[rank]++;
        var sum = Registers * Tau(1 - ((double)counts[Ranks + 1] / Registers));
        for (var rank = Ranks; rank > 0; rank--) sum = (sum + counts[rank]) / 2;
        sum += Registers * Sigma((double)counts[0] / Registers);
        return (long)Math.Round(Registers / (2 * Math.Log(2)) * Registers / sum);
    }

    // What the empty registers add: x + x^2 + 2 x^4 + 4 x^8 and so on.
    private static double Sigma(double x)
    {
        var (sum, factor) = (x, 1.0);
        for (var before = double.NaN; sum != before; factor *= 2)
        {
            before = sum;
            x *= x;
            sum += x * factor;
        }

        return sum;
    }

    // What the full registers add.
    private static double Tau(double x)
    {
        if (x is 0 or 1) return 0;
        var (sum, factor) = (1 - x, 1.0);
        for (var before = double.NaN; sum != before;)
        {
            before = sum;
            x = Math.Sqrt(x);
            factor /= 2;
            sum -= (1 - x) * (1 - x) * factor;
        }

        return sum / 3;
    }

    private void Register(ulong hash)
    {
        ref var register = ref _registers![hash >> (64 - Bits)];
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Bits) | (1UL << (Bits - 1))) + 1);
        if (rank > register) register = rank;
    }
}
