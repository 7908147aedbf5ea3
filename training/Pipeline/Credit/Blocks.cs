using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serverless.Training.Credit;

/// <summary>Arithmetic on blocks of numbers, four at a time whatever the processor, so that sums are the same on every one.</summary>
internal static class Blocks
{
    /// <summary>Adds a multiple of some numbers to others of the same length.</summary>
    public static void AddScaled(Span<double> to, ReadOnlySpan<double> numbers, double factor)
    {
        var wide = MemoryMarshal.Cast<double, Vector256<double>>(numbers);
        var wideTo = MemoryMarshal.Cast<double, Vector256<double>>(to);
        var four = Vector256.Create(factor);
        for (var i = 0; i < wide.Length && i < wideTo.Length; i++) wideTo[i] += wide[i] * four;
        for (var i = wide.Length * 4; i < numbers.Length; i++) to[i] += numbers[i] * factor;
    }

    /// <summary>The sum of the products of two lists of numbers of the same length.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var a = MemoryMarshal.Cast<double, Vector256<double>>(left);
        var b = MemoryMarshal.Cast<double, Vector256<double>>(right);
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i + 1 < a.Length && i + 1 < b.Length; i += 2)
        {
            even += a[i] * b[i];
            odd += a[i + 1] * b[i + 1];
        }

        for (; i < a.Length && i < b.Length; i++) even += a[i] * b[i];
        var sum = Vector256.Sum(even + odd);
        for (i *= 4; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    /// <summary>Writes the products of two lists of numbers of the same length.</summary>
    public static void Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> product)
    {
        var a = MemoryMarshal.Cast<double, Vector256<double>>(left);
        var b = MemoryMarshal.Cast<double, Vector256<double>>(right);
        var to = MemoryMarshal.Cast<double, Vector256<double>>(product);
        for (var i = 0; i < a.Length && i < b.Length && i < to.Length; i++) to[i] = a[i] * b[i];
        for (var i = a.Length * 4; i < left.Length; i++) product[i] = left[i] * right[i];
    }
}
