using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Serverless.Cli;
using Serverless.Serving;

namespace Serverless.Tests.Cli;

/// <summary>The program, run in-process on a folder of its own.</summary>
internal sealed class CliRun : IDisposable
{
    private readonly IConfiguration _settings;

    public CliRun(string? connection = null)
    {
        Folder = Directory.CreateTempSubdirectory("serverless-cli-").FullName;
        _settings = new ConfigurationBuilder().AddInMemoryCollection([new(StorageAccount.Setting, connection)]).Build();
    }

    public string Folder { get; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandTree.RunAsync(args, new Terminal(output, error, Interactive: false) { Folder = Folder, Settings = _settings });
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>Runs with <c>--json</c> and reads standard output, which must hold one object.</summary>
    public async Task<(int Exit, JsonObject Json)> JsonAsync(params string[] args)
    {
        var (exit, output, _) = await RunAsync([.. args, "--json"]);
        return (exit, JsonNode.Parse(output)!.AsObject());
    }

    /// <summary>The same for what must be done.</summary>
    public async Task<JsonObject> DoneAsync(params string[] args)
    {
        var (exit, json) = await JsonAsync(args);
        Assert.True(exit == 0, json.ToJsonString());
        Assert.Equal("done", (string?)json["outcome"]);
        return json;
    }

    public async Task<string> WriteAsync(string name, string content)
    {
        await File.WriteAllTextAsync(PathOf(name), content, TestContext.Current.CancellationToken);
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
