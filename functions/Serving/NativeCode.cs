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
            // Behind a general line there is one for each name that the loader tried; that of a file that is there says what that file lacks.
            var lines = error.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var telling = lines.Skip(1).FirstOrDefault(l => !l.Contains("No such file", StringComparison.Ordinal) || !l.Contains(Library, StringComparison.Ordinal));
            return $"Native library '{Library}' does not load ({telling ?? "there is no such file"}): {Advice}";
        }
    }
}
