namespace Serverless.Training.Quality;

/// <summary>
/// A set of 64-bit hashes: open addressing with linear probing in many small segments, each of which grows by itself, so that growing
/// never needs the whole set twice. About 11 bytes a hash. Two of ten million hashes collide once in some hundred thousand files.
/// </summary>
internal sealed class SeenHashes
{
    private const int Segments = 2048, First = 8;
    private const double Growth = 1.3, Load = 0.85;

    private readonly ulong[][] _segments = new ulong[Segments][];
    private readonly int[] _counts = new int[Segments];
    private bool _zero;

    /// <summary>Hashes in the set.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a hash.</summary>
    /// <returns>False when it was there.</returns>
    public bool Add(ulong hash)
    {
        // An empty place holds 0, so the hash 0 is kept apart.
        if (hash == 0)
        {
            if (_zero) return false;
            Count++;
            return _zero = true;
        }

        var at = hash >> 53;
        var segment = _segments[at] ??= new ulong[First];
        if (!Place(segment, hash)) return false;
        Count++;
        if (++_counts[at] > segment.Length * Load) _segments[at] = Grown(segment);
        return true;
    }

    private static ulong[] Grown(ulong[] segment)
    {
        var grown = new ulong[(int)(segment.Length * Growth) + First];
        foreach (var hash in segment)
        {
            if (hash != 0) Place(grown, hash);
        }

        return grown;
    }

    private static bool Place(ulong[] segment, ulong hash)
    {
        // The upper bits chose the segment; the rest, spread over it, choose the place (Lemire 2019).
        var place = (int)Math.BigMul(hash << 11, (ulong)segment.Length, out _);
        while (segment[place] != 0)
        {
            if (segment[place] == hash) return false;
            if (++place == segment.Length) place = 0;
        }

        segment[place] = hash;
        return true;
    }
}
