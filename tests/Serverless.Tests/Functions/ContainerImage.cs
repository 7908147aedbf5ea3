using System.Diagnostics;
using System.Text.RegularExpressions;
using Serverless.Tests.House;

namespace Serverless.Tests.Functions;

/// <summary>
/// The serving image, as far as it can be had without Docker: the build context that <c>.dockerignore</c> leaves, published by the
/// Dockerfile's own command, and run as its user in a root directory with nothing but what the base image has. Also the self-contained
/// output from the same context, which is what is deployed without a container.
/// </summary>
public sealed partial class ContainerImage : IAsyncLifetime
{
    private const string Wwwroot = "/home/site/wwwroot";
    private static readonly string[] Native = ["/usr/lib/x86_64-linux-gnu/libssl.so.3", "/usr/lib/x86_64-linux-gnu/libcrypto.so.3"]; // loaded by name, so no ldd shows them
    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-image-").FullName;

    /// <summary>The Dockerfile's lines; continued ones are joined.</summary>
    public static IReadOnlyList<string> Lines { get; } = [.. Repository.Read("Dockerfile").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(l => l.Length > 0 && l[0] != '#')];

    /// <summary>What the serving image gets as its script root: needs .NET's runtime beside it.</summary>
    public string Serving => Path.Combine(_folder, "serving");

    /// <summary>The same with the runtime inside, for a machine without .NET.</summary>
    public string SelfContained => Path.Combine(_folder, "self-contained");

    /// <summary>Whether this process may make a root directory for another; else the app runs in its folder, with an empty environment.</summary>
    public static bool CanIsolate { get; } = MayMount();

    private static string Runtime { get; } = Path.GetFullPath(Path.Combine(typeof(object).Assembly.Location, "../../../.."));

    public async ValueTask InitializeAsync()
    {
        var context = Path.Combine(_folder, "context");
        foreach (var file in Context())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(context, file))!);
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(context, file));
        }

        var publish = Publish("build-serving");
        await RunAsync(context, [.. publish.Select(w => w == "/app" ? Serving : w), "-v", "quiet"]);
        await RunAsync(context, [.. publish.Select(w => w == "/app" ? SelfContained : w == "false" ? "true" : w), "-v", "quiet"]);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The words of the <c>dotnet publish</c> that a stage runs.</summary>
    public static IReadOnlyList<string> Publish(string stage) =>
        Lines.SkipWhile(l => !l.EndsWith($" AS {stage}", StringComparison.Ordinal)).First(l => l.StartsWith("RUN dotnet publish ", StringComparison.Ordinal))["RUN ".Length..].Split(' ');

    /// <summary>What the Dockerfile sets for the host, which the app inherits.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Variables() =>
        from line in Lines
        where line.StartsWith("ENV ", StringComparison.Ordinal)
        from word in line["ENV ".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select KeyValuePair.Create(word.Split('=')[0], word.Split('=', 2)[1]);

    /// <summary>Starts a published app.</summary>
    /// <param name="published">Its folder.</param>
    /// <param name="dotnet">Whether the root directory has .NET's runtime.</param>
    /// <param name="environment">All its variables.</param>
    public AppProcess Start(string published, bool dotnet, IReadOnlyDictionary<string, string> environment)
    {
        var start = CanIsolate ? Isolated(published, dotnet) : new ProcessStartInfo(Path.Combine(published, "Serverless.Functions")) { WorkingDirectory = published };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        if (!CanIsolate) start.Environment["DOTNET_ROOT"] = Runtime; // which may lie elsewhere than in the image
        return AppProcess.Start(start);
    }

    /// <summary>Mounts that end with the process; what the app can see is what lies below the new root.</summary>
    private ProcessStartInfo Isolated(string published, bool dotnet)
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder, $"root-{Path.GetFileName(published)}")).FullName;
        foreach (var folder in new[] { "proc", "dev", "tmp", Wwwroot[1..], "usr/share/dotnet/host", "usr/share/dotnet/shared" }) Directory.CreateDirectory(Path.Combine(root, folder));
        foreach (var library in Libraries(published).Concat(Native).Where(File.Exists))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root + library)!);
            File.Copy(library, root + library, overwrite: true);
        }

        var mounts = $"mount -t proc proc {root}/proc && mount --rbind /dev {root}/dev && mount --bind -o ro {published} {root}{Wwwroot}"
            + (dotnet ? $" && mount --bind {Runtime}/host {root}/usr/share/dotnet/host && mount --bind {Runtime}/shared {root}/usr/share/dotnet/shared" : "");
        var user = Lines.Last(l => l.StartsWith("USER ", StringComparison.Ordinal))["USER ".Length..];
        return new ProcessStartInfo("unshare", ["--mount", "sh", "-c", $"chmod -R a+rX {published} && chmod 1777 {root}/tmp && {mounts} && exec chroot --userspec={user} {root} {Wwwroot}/Serverless.Functions"]);
    }

    private static bool MayMount()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/unshare")) return false;
        using var probe = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", "mount -t proc proc /proc"]) { RedirectStandardError = true })!;
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }

    private static HashSet<string> Libraries(string published)
    {
        using var ldd = Process.Start(new ProcessStartInfo("ldd", [Path.Combine(published, "Serverless.Functions"), .. Directory.EnumerateFiles(published, "*.so")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return [.. Library().Matches(ldd.StandardOutput.ReadToEnd()).Select(m => m.Groups[1].Value)];
    }

    /// <summary>The files that <c>.dockerignore</c> leaves: it refuses all, lets some through again, and of those refuses some folders.</summary>
    private static IEnumerable<string> Context()
    {
        var rules = Repository.Read(".dockerignore").Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToList();
        Assert.Equal("*", rules[0]);
        var folders = rules.Where(r => r.StartsWith("**/", StringComparison.Ordinal)).Select(r => r[3..]).ToHashSet();
        var refused = rules.Skip(1).Where(r => r[0] is not ('!' or '*')).ToList();
        return from rule in rules
               where rule[0] == '!'
               let path = Path.Combine(Repository.Root, rule[1..])
               from file in File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
               let name = Path.GetRelativePath(Repository.Root, file)
               where !name.Split('/').Any(folders.Contains) && !refused.Any(r => name.StartsWith($"{r}/", StringComparison.Ordinal))
               select name;
    }

    private static async Task RunAsync(string folder, IReadOnlyList<string> words)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardOutput = true, WorkingDirectory = folder })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"'{string.Join(' ', words)}' failed:\n{said}");
    }

    [GeneratedRegex("(/[^ ]+\\.so[^ ]*) \\(0x")]
    private static partial Regex Library();
}
