using Serverless.Functions.Http;
using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>A function by the name of its folder, with what runs it. Every host reaches the triggers through these.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Needs">What it does in the storage.</param>
internal abstract record Function(string Name, IReadOnlyList<StorageNeed> Needs)
{
    /// <summary>Runs on the text of a queue message.</summary>
    public sealed record OnQueue(string Name, IReadOnlyList<StorageNeed> Needs, Func<BinaryData, CancellationToken, Task> RunAsync) : Function(Name, Needs);

    /// <summary>Runs on a blob, by its name within the container and its ETag; it reads the content itself.</summary>
    public sealed record OnBlob(string Name, IReadOnlyList<StorageNeed> Needs, Func<string, string, CancellationToken, Task> RunAsync) : Function(Name, Needs);

    /// <summary>Runs on a schedule. What it does when it comes late it tells from the storage, not from the host.</summary>
    public sealed record OnTimer(string Name, IReadOnlyList<StorageNeed> Needs, Func<CancellationToken, Task> RunAsync) : Function(Name, Needs);

    /// <summary>Answers a request that <see cref="Admission"/> lets in.</summary>
    public sealed record OnHttp(string Name, IReadOnlyList<StorageNeed> Needs, RouteRules Rules, Func<HttpContext, Task<IResult>> RunAsync) : Function(Name, Needs);
}

/// <summary>Finds the function that a host wants to run.</summary>
internal sealed class Dispatcher(IEnumerable<Function> functions)
{
    private readonly Dictionary<string, Function> _functions = functions.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>Finds the function of a <c>function.json</c>.</summary>
    /// <exception cref="SettingsException">There is none of that name and kind.</exception>
    public T Find<T>(string name)
        where T : Function =>
        _functions.GetValueOrDefault(name) as T
            ?? throw new SettingsException($"The folder '{name}' has a function.json, but the app has no such function: remove the folder or publish the app again.");

    /// <summary>What the functions of a script root do in the storage.</summary>
    public IReadOnlyList<StorageNeed> Needs(ScriptRoot root) => StorageNeed.Union(root.Functions.SelectMany(f => Find<Function>(f.Name).Needs));
}
