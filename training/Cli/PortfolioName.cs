using System.Text.RegularExpressions;

namespace Serverless.Cli;

/// <summary>A portfolio's name from a file's: lower-case letters, digits and hyphens, at most 50.</summary>
internal static partial class PortfolioName
{
    public static string Of(string fileName)
    {
        var name = Other().Replace(Path.GetFileNameWithoutExtension(fileName).ToLowerInvariant(), "-").Trim('-');
        return name.Length == 0 ? "portfolio" : name[..Math.Min(name.Length, 50)].TrimEnd('-');
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Other();
}
