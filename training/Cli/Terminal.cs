using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Serverless.Training;
using Spectre.Console;

namespace Serverless.Cli;

/// <summary>Results go to standard output, everything else to standard error.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Interactive">Whether a person watches standard error: bars instead of lines.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, bool Interactive)
{
    /// <summary>Folder that the program was started in.</summary>
    public string Folder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Settings; absent: environment variables, user secrets and the folder's appsettings.json.</summary>
    public IConfiguration? Settings { get; init; }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Prints what was done; exit code 0.</summary>
    public int Print(Answer answer, bool json)
    {
        Output.WriteLine(json ? answer.Json.ToJsonString(Serving.Json.Options) : answer.Text);
        return 0;
    }

    /// <summary>Tells why the input was refused; exit code 2.</summary>
    public int Reject(IReadOnlyList<string> reasons, bool json)
    {
        foreach (var reason in reasons) Error.WriteLine(reason);
        if (json) Output.WriteLine(JsonSerializer.Serialize(new { outcome = "rejected", reasons }, Serving.Json.Options));
        return 2;
    }

    /// <summary>Tells what failed; exit code 1.</summary>
    /// <param name="error">In a sentence.</param>
    /// <param name="json">Whether standard output gets it as JSON.</param>
    /// <param name="trace">What standard error gets instead, if it is more.</param>
    public int Fail(string error, bool json, string? trace = null)
    {
        Error.WriteLine(trace ?? error);
        if (json) Output.WriteLine(JsonSerializer.Serialize(new { outcome = "failed", reasons = new[] { error } }, Serving.Json.Options));
        return 1;
    }

    /// <summary>Runs long work; from the third second on its stages are shown.</summary>
    public async Task<T> WatchAsync<T>(Func<IProgress<TrainingProgress>, Task<T>> work, CancellationToken cancel)
    {
        var latest = new Latest();
        var running = Task.Run(() => work(latest), cancel);
        if (await Task.WhenAny(running, Task.Delay(Patience, cancel)) == running) return await running;
        if (Interactive) await BarsAsync(running, latest);
        else await LinesAsync(running, latest);
        return await running;
    }

    /// <summary>Runs long work that has no result.</summary>
    public Task WatchAsync(Func<IProgress<TrainingProgress>, Task> work, CancellationToken cancel) => WatchAsync(
        async progress =>
        {
            await work(progress);
            return true;
        },
        cancel);

    private async Task LinesAsync(Task running, Latest latest)
    {
        for (string? shown = null; !running.IsCompleted; await Task.WhenAny(running, Task.Delay(200, CancellationToken.None)))
        {
            if (latest.Value.Stage is not { } stage || stage == shown) continue;
            await Error.WriteLineAsync($"{stage} ...");
            shown = stage;
        }
    }

    private async Task BarsAsync(Task running, Latest latest)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Error) });
        await console.Progress().AutoClear(true).StartAsync(async shown =>
        {
            var bar = shown.AddTask("working", maxValue: 1);
            for (; !running.IsCompleted; await Task.WhenAny(running, Task.Delay(100, CancellationToken.None)))
            {
                var (stage, fraction) = latest.Value;
                bar.Description = Markup.Escape(stage ?? "working");
                bar.IsIndeterminate = fraction is null;
                bar.Value = fraction ?? 0;
            }
        });
    }

    /// <summary>The last report, for the display to look at when it likes; a report costs the work nothing.</summary>
    private sealed class Latest : IProgress<TrainingProgress>
    {
        private readonly Lock _gate = new();
        private TrainingProgress _value;

        public TrainingProgress Value
        {
            get
            {
                lock (_gate) return _value;
            }
        }

        public void Report(TrainingProgress value)
        {
            lock (_gate) _value = value;
        }
    }
}

/// <summary>What a verb has to say: the same as JSON and as text.</summary>
internal sealed record Answer(JsonObject Json, string Text);
