using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Serverless.Training.Quality;

/// <summary>64-bit hashes of what rows hold, for counting only: what identifies rows to people or models is <see cref="RowKeys"/>.</summary>
internal static class RowHash
{
    /// <summary>Hash of a text.</summary>
    public static ulong Of(ReadOnlySpan<char> text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text));

    /// <summary>Hash of a number; 0 and -0 are one.</summary>
    public static ulong Of(double number) => Mix(BitConverter.DoubleToUInt64Bits(number + 0.0));

    /// <summary>Hash of a code.</summary>
    public static ulong Of(int code) => Mix(~(ulong)(uint)code);

    /// <summary>Hash of a row, from that of its fields so far and that of the next one.</summary>
    public static ulong Then(this ulong row, ulong field) => Mix(row ^ field) + field;

    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
