using System.Security.Cryptography;
using Serverless.Serving;

namespace Serverless.Functions.Http;

/// <summary>
/// The function key of the development host, where no Functions host asks for one: made at the first start, kept beside the data.
/// It keeps the pages of other sites that a browser on this machine shows from using the API.
/// </summary>
/// <param name="Value">The key.</param>
internal sealed record DevelopmentKey(string Value)
{
    /// <summary>Name of its file in the data folder, readable by its owner only.</summary>
    public const string File = "functions.key";

    private const int Bytes = 32, Looks = 20;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    /// <summary>Reads the key of a folder, or makes one.</summary>
    public static DevelopmentKey Of(string folder)
    {
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, File);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var writer = new StreamWriter(path, options);
            writer.Write(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));
        }
        catch (IOException) when (System.IO.File.Exists(path))
        {
            // Of an earlier start, or of one that is writing it just now.
        }

        for (var look = 0; look < Looks; look++, Thread.Sleep(Look))
            if (System.IO.File.ReadAllText(path).Trim() is { Length: 2 * Bytes } key) return new(key);
        throw new SettingsException($"'{path}' is no key: delete it, and the next start makes a new one.");
    }
}
