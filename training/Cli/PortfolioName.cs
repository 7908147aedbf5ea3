using System.Text.RegularExpressions;

namespace Serverless.Cli;

/// <summary>A portfolio's name from a file's, without its extensions: lower-case letters, digits and hyphens, at most 50.</summary>
internal static partial class PortfolioName
{
    public static string Of(string fileName)
    {
        var whole = fileName.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? fileName[..^3] : fileName;
        var name = Other().Replace(Path.GetFileNameWithoutExtension(whole).ToLowerInvariant(), "-").Trim('-');
        return name.Length == 0 ? "portfolio" : name[..Math.Min(name.Length, 50)].TrimEnd('-');
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Other();
}
