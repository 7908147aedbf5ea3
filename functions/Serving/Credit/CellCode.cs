namespace Serverless.Serving.Credit;

/// <summary>
/// What a model sees of one column of an application, in one number: the bin in its low 32 bits and, of models that take values instead of bins
/// (<see cref="ScorecardColumn.Values"/>), the value as a float32 in its high ones, which are 0 for all others.
/// </summary>
internal static class CellCode
{
    /// <summary>The code of a bin and a value.</summary>
    public static long Of(int bin, float value) => ((long)BitConverter.SingleToInt32Bits(value) << 32) | (uint)bin;

    /// <summary>The bin of a code.</summary>
    public static int BinOf(long code) => unchecked((int)code);

    /// <summary>The value of a code; NaN where the graph gets missing values as such.</summary>
    public static float ValueOf(long code) => BitConverter.Int32BitsToSingle((int)(code >> 32));
}
