using System.Globalization;
using System.Text.Json;
using NCrontab;
using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>What the Functions host reads too: <c>host.json</c> and a folder with a <c>function.json</c> for each function.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Host">The host's settings.</param>
/// <param name="Functions">The functions, by name.</param>
internal sealed record ScriptRoot(string Folder, HostFile Host, IReadOnlyList<FunctionFile> Functions)
{
    /// <summary>
    /// Reads the files; settings under <c>AzureFunctionsJobHost</c> override host.json, and functions that are switched off are left out, as
    /// in the Functions host.
    /// </summary>
    /// <param name="folder">Where host.json lies.</param>
    /// <param name="configuration">The app's settings.</param>
    /// <param name="functions">Folder of the functions' folders, below it.</param>
    /// <exception cref="SettingsException">A file is missing or has another form.</exception>
    public static ScriptRoot Read(string folder, IConfiguration configuration, string functions = "")
    {
        var hostFile = Path.Combine(folder, "host.json");
        if (!File.Exists(hostFile)) throw new SettingsException($"'{hostFile}' is missing: start the app from its build or publish folder.");
        var host = new ConfigurationBuilder().AddJsonFile(hostFile).AddConfiguration(configuration.GetSection("AzureFunctionsJobHost")).Build();
        var enabled = FunctionFiles(Path.Combine(folder, functions)).Where(f => !IsDisabled(f.Name, configuration));
        return new(folder, HostFile.Read(host), [.. enabled.OrderBy(f => f.Name, StringComparer.Ordinal)]);
    }

    /// <summary>As the Functions host switches a function off: by <c>AzureWebJobs.{name}.Disabled</c>, or with underscores on Linux.</summary>
    private static bool IsDisabled(string name, IConfiguration configuration)
    {
        return Says(configuration[$"AzureWebJobs.{name}.Disabled"]) || Says(configuration[$"AzureWebJobs_{name}_Disabled"]);
        static bool Says(string? value) => value == "1" || (bool.TryParse(value, out var off) && off);
    }

    private static IEnumerable<FunctionFile> FunctionFiles(string folder)
    {
        foreach (var path in Directory.EnumerateDirectories(folder).Select(d => Path.Combine(d, "function.json")).Where(File.Exists))
        {
            var name = Path.GetFileName(Path.GetDirectoryName(path)!);
            var bindings = JsonSerializer.Deserialize<Bindings>(File.ReadAllBytes(path), JsonSerializerOptions.Web)?.List ?? [];
            var trigger = bindings.SingleOrDefault(b => b.Type.EndsWith("Trigger", StringComparison.Ordinal))
                ?? throw new SettingsException($"'{path}' has no trigger.");
            yield return new(name, trigger);
        }
    }

    private sealed record Bindings([property: System.Text.Json.Serialization.JsonPropertyName("bindings")] IReadOnlyList<Binding> List);
}

/// <summary>A function: the name of its folder and its trigger.</summary>
internal sealed record FunctionFile(string Name, Binding Trigger);

/// <summary>A binding of <c>function.json</c>, as far as a trigger needs it.</summary>
internal sealed record Binding
{
    public string Type { get; init; } = "";

    public string Name { get; init; } = "";

    public string? QueueName { get; init; }

    public string? Path { get; init; }

    public string? Route { get; init; }

    /// <summary>When a timer trigger fires: six fields of cron, seconds first, UTC.</summary>
    public string? Schedule { get; init; }

    /// <summary>The schedule, read.</summary>
    /// <exception cref="SettingsException">It has another form.</exception>
    public CrontabSchedule Cron => CrontabSchedule.TryParse(Schedule ?? "", new() { IncludingSeconds = true })
        ?? throw new SettingsException(
            $"The schedule '{Schedule}' of timer trigger '{Name}' is not six fields of cron: write second, minute, hour, day, month and day of the week, as 0 30 2 * * * for 02:30 UTC every day.");

    public IReadOnlyList<string> Methods { get; init; } = [];

    public string? AuthLevel { get; init; }

    /// <summary>Container of a blob trigger; the pattern behind it is <c>{name}</c>.</summary>
    /// <exception cref="SettingsException">The path has another pattern.</exception>
    public string Container => Path?.Split('/', 2) is [var container, "{name}"]
        ? container
        : throw new SettingsException($"The path '{Path}' of a blob trigger is not of the form container/{{name}}.");
}

/// <summary>The part of <c>host.json</c> that the embedded host and the routes keep to.</summary>
/// <param name="RoutePrefix">What every route begins with.</param>
/// <param name="FunctionTimeout">How long an invocation may take; <see cref="Timeout.InfiniteTimeSpan"/> when it is unbounded.</param>
/// <param name="Queues">Of queue triggers.</param>
/// <param name="Blobs">Of blob triggers.</param>
internal sealed record HostFile(string RoutePrefix, TimeSpan FunctionTimeout, QueueRules Queues, BlobRules Blobs)
{
    public static HostFile Read(IConfiguration host) => new(
        host["extensions:http:routePrefix"] ?? "api",
        Limit(host["functionTimeout"] ?? "00:30:00"),
        Settings.Read<QueueRules>(host.GetSection("extensions:queues"), q => q.Faults()),
        Settings.Read<BlobRules>(host.GetSection("extensions:blobs"), b => b.Faults()));

    private static TimeSpan Limit(string text) => text == "-1" ? Timeout.InfiniteTimeSpan
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit > TimeSpan.Zero && limit <= TimeSpan.FromDays(24) ? limit
        : throw new SettingsException("host.json functionTimeout must be a time of up to 24 days, as 00:30:00, or -1 for none.");
}

/// <summary><c>extensions.queues</c>, with the Functions host's names and limits.</summary>
internal sealed record QueueRules
{
    public int BatchSize { get; init; } = 16;

    /// <summary>A new batch is fetched when this many or fewer are under way.</summary>
    public int NewBatchThreshold { get; init; } = 8;

    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a message that failed waits for its next attempt.</summary>
    public TimeSpan VisibilityTimeout { get; init; }

    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    public string MessageEncoding { get; init; } = "base64";

    public IEnumerable<string> Faults()
    {
        if (BatchSize is < 1 or > 32) yield return "host.json extensions.queues.batchSize must be 1 to 32.";
        if (NewBatchThreshold is < 0 or > 1000) yield return "host.json extensions.queues.newBatchThreshold must be 0 to 1000.";
        if (MaxDequeueCount < 1) yield return "host.json extensions.queues.maxDequeueCount must be at least 1.";
        if (VisibilityTimeout < TimeSpan.Zero) yield return "host.json extensions.queues.visibilityTimeout must not be negative.";
        if (MaxPollingInterval < TimeSpan.FromMilliseconds(100)) yield return "host.json extensions.queues.maxPollingInterval must be at least 00:00:00.1.";
        if (MessageEncoding != "base64") yield return "host.json extensions.queues.messageEncoding must be base64.";
    }
}

/// <summary><c>extensions.blobs</c>, with the Functions host's names.</summary>
internal sealed record BlobRules
{
    /// <summary>How many blobs are worked on at once; 1, since each is a retrain.</summary>
    public int MaxDegreeOfParallelism { get; init; } = 1;

    /// <summary>Attempts before a blob goes to <c>webjobs-blobtrigger-poison</c>.</summary>
    public int PoisonBlobThreshold { get; init; } = 5;

    public IEnumerable<string> Faults()
    {
        if (MaxDegreeOfParallelism is < 1 or > 32) yield return "host.json extensions.blobs.maxDegreeOfParallelism must be 1 to 32.";
        if (PoisonBlobThreshold < 1) yield return "host.json extensions.blobs.poisonBlobThreshold must be at least 1.";
    }
}
