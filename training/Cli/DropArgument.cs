using System.CommandLine;

namespace Serverless.Cli;

/// <summary>The argument that names a drop.</summary>
internal static class DropArgument
{
    public static Argument<string> Create() => new("NAME") { Description = "Name of the drop, as 'serverless drops list' prints it." };

    /// <summary>The name within its container, which may stand before it.</summary>
    public static string Read(ParseResult parsed, Argument<string> name)
    {
        var given = parsed.GetRequiredValue(name);
        return given.StartsWith("drops/", StringComparison.Ordinal) ? given["drops/".Length..] : given;
    }
}
