using System.Reflection;
using System.Runtime.InteropServices;

namespace Serverless.Serving;

/// <summary>A native library that the app cannot do without.</summary>
/// <param name="Library">Its name, without prefix and ending.</param>
/// <param name="Caller">The assembly that calls it, which decides where it is looked for.</param>
/// <param name="Advice">What to do when it does not load.</param>
public sealed record NativeCode(string Library, Assembly Caller, string Advice)
{
    /// <summary>Why it does not load, with the name of the library that is missing, be it one that this one needs; null when it does.</summary>
    public string? Fault()
    {
        try
        {
            NativeLibrary.Load(Library, Caller, null); // stays loaded: it is about to be used
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            // The loader tries several names; the line about the file that is there says what that file lacks.
            var lines = error.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return $"Native library '{Library}' does not load ({lines.FirstOrDefault(l => !l.Contains("No such file", StringComparison.Ordinal) || !l.Contains(Library, StringComparison.Ordinal)) ?? lines[0]}): {Advice}";
        }
    }
}
