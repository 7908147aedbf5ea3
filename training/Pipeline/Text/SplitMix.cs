namespace Serverless.Training.Text;

/// <summary>Numbers by chance from a key and a seed, without a state: SplitMix64 (Steele, Lea and Flood 2014).</summary>
internal static class SplitMix
{
    /// <summary>A number that depends on both; the same everywhere.</summary>
    /// <param name="key">What it is drawn for.</param>
    /// <param name="seed">Gives others.</param>
    public static ulong Of(ulong key, int seed)
    {
        var z = key + (unchecked((ulong)seed + 1) * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
