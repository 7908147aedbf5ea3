using System.Numerics;

namespace Serverless.Training.Quality;

/// <summary>
/// A set of 64-bit hashes: open addressing with linear probing in many small segments, each of which grows by itself and at its own time,
/// so that growing never needs the whole set twice. The upper 14 bits choose the segment, which holds the lower ones: with
/// <see cref="ulong"/> all of them, in 11 bytes a hash, where two of ten million different hashes are taken for one once in some hundred thousand
/// files; with <see cref="uint"/> 46 bits in all, in half the space, where that happens about once a file of that size.
/// </summary>
/// <typeparam name="T">What a hash is kept in.</typeparam>
internal sealed class SeenHashes<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const int SegmentBits = 14, First = 16;
    private const double Growth = 1.3, Load = 0.85;

    private readonly T[]?[] _segments = new T[]?[1 << SegmentBits];
    private readonly int[] _counts = new int[1 << SegmentBits];
    private readonly HashSet<ulong> _zeros = [];

    /// <summary>Hashes in the set.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a hash.</summary>
    /// <returns>False when it was there.</returns>
    public bool Add(ulong hash)
    {
        var at = hash >> (64 - SegmentBits);
        var kept = T.CreateTruncating(hash);
        // An empty place holds 0, so what is kept as 0 stands apart.
        var added = T.IsZero(kept) ? _zeros.Add(at) : Place(_segments[at] ??= new T[First + (at % 5)], kept);
        if (!added) return false;
        Count++;
        if (++_counts[at] > _segments[at]?.Length * Load) _segments[at] = Grown(_segments[at]!);
        return true;
    }

    private static T[] Grown(T[] segment)
    {
        var grown = new T[(int)(segment.Length * Growth)];
        foreach (var kept in segment)
        {
            if (!T.IsZero(kept)) Place(grown, kept);
        }

        return grown;
    }

    private static bool Place(T[] segment, T kept)
    {
        // Spread over the segment by the upper half of a product (Lemire 2019).
        var place = (int)Math.BigMul(ulong.CreateTruncating(kept) * 0x9E3779B97F4A7C15, (ulong)segment.Length, out _);
        while (!T.IsZero(segment[place]))
        {
            if (segment[place] == kept) return false;
            if (++place == segment.Length) place = 0;
        }

        segment[place] = kept;
        return true;
    }
}
