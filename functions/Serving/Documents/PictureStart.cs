namespace Serverless.Serving.Documents;

/// <summary>What the first bytes of a file say, before it is read as anything.</summary>
public static class PictureStart
{
    /// <summary>Whether a file begins as some kind of picture or document does, one that is decoded here or another.</summary>
    /// <param name="first">Its first 12 bytes, or all of fewer.</param>
    public static bool Is(ReadOnlySpan<byte> first) => PictureKind.Of(first) is not null;
}
