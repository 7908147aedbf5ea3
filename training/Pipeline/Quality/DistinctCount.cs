using System.Numerics;

namespace Serverless.Training.Quality;

/// <summary>
/// Counts different values by their 64-bit hashes: exactly up to <see cref="Exactly"/>, beyond by HyperLogLog (Flajolet, Fusy, Gandouet and
/// Meunier 2007) with 2^14 registers, whose standard error is 0.8 %. With 64-bit hashes its correction for large counts is not needed (Heule,
/// Nunkesser and Hall 2013), and below 2.5 times the registers it counts empty ones.
/// </summary>
internal sealed class DistinctCount
{
    /// <summary>Up to here the count is exact.</summary>
    public const int Exactly = 4096;

    private const int Bits = 14, Registers = 1 << Bits;
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
        double sum = 0;
        var empty = 0;
        foreach (var rank in _registers!)
        {
            sum += Math.ScaleB(1, -rank);
            if (rank == 0) empty++;
        }

        const double alpha = 0.7213 / (1 + (1.079 / Registers));
        var estimate = alpha * Registers * Registers / sum;
        if (estimate <= 2.5 * Registers && empty > 0) estimate = Registers * Math.Log((double)Registers / empty);
        return (long)Math.Round(estimate);
    }

    private void Register(ulong hash)
    {
        ref var register = ref _registers![hash >> (64 - Bits)];
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Bits) | (1UL << (Bits - 1))) + 1);
        if (rank > register) register = rank;
    }
}
