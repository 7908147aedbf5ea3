using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>Settings of the embedded development host: section <c>Embedded</c>, environment <c>Embedded__Port</c> and so on, or <c>--port</c>.</summary>
internal sealed record EmbeddedSettings
{
    /// <summary>Port on 127.0.0.1; when it is taken, a free one is used. 0 asks for a free one.</summary>
    public int Port { get; init; } = 7071;

    /// <summary>Where the emulator keeps its data; a path that is not rooted starts at the repository.</summary>
    public string Data { get; init; } = ".data";

    /// <summary>How long a message under way is invisible; renewed at half of it. After a crash it comes back when it ends.</summary>
    public TimeSpan InFlight { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often containers are scanned for new blobs.</summary>
    public TimeSpan BlobScan { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long work under way may go on after the sign to stop; then it is cancelled and its message given back.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Origins whose pages may call the API, such as that of a chatbot; in Azure, the platform's CORS has them.</summary>
    public string[] AllowedOrigins { get; init; } = [];

    /// <summary>Everything that is wrong, with what to do.</summary>
    public IEnumerable<string> Faults()
    {
        if (Port is < 0 or > 65535) yield return "Embedded:Port must be 0 to 65535.";
        if (InFlight < TimeSpan.FromSeconds(1) || InFlight > TimeSpan.FromDays(7)) yield return "Embedded:InFlight must be 1 second to 7 days, as 00:10:00.";
        if (BlobScan < TimeSpan.FromMilliseconds(50)) yield return "Embedded:BlobScan must be at least 00:00:00.05.";
        foreach (var origin in AllowedOrigins.Where(o => !Uri.TryCreate(o, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != o))
            yield return $"Embedded:AllowedOrigins has '{origin}': write scheme, host and port only, as http://localhost:3000.";
        if (StopGrace < TimeSpan.Zero || StopGrace > TimeSpan.FromMinutes(10)) yield return "Embedded:StopGrace must be 0 to 10 minutes.";
    }
}

/// <summary>Reads a section into its record, once at start.</summary>
internal static class Settings
{
    /// <exception cref="SettingsException">With every fault.</exception>
    public static T Read<T>(IConfiguration section, Func<T, IEnumerable<string>> faults)
        where T : new()
    {
        T settings;
        try
        {
            settings = section.Get<T>() ?? new T();
        }
        catch (InvalidOperationException error)
        {
            throw new SettingsException(error.Message);
        }

        return faults(settings).ToList() is { Count: > 0 } found ? throw new SettingsException(found) : settings;
    }
}
