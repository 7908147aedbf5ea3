using System.Text;

namespace Serverless.Serving;

/// <summary>The encodings that files can be written in: those of .NET, and the code pages.</summary>
public static class Encodings
{
    /// <summary>Whether there is an encoding of this name.</summary>
    public static bool IsKnown(string name) => TryFind(name) is not null;

    /// <summary>The encoding of a name; bytes that are none of its characters throw <see cref="DecoderFallbackException"/> when they are read.</summary>
    /// <exception cref="ArgumentException">There is no encoding of this name.</exception>
    public static Encoding Find(string name) => TryFind(name) ?? throw new ArgumentException($"There is no encoding '{name}'.", nameof(name));

    private static Encoding? TryFind(string name)
    {
        try
        {
            var found = CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            return found.CodePage == 65000 ? null : found; // UTF-7, which .NET refuses to read
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
