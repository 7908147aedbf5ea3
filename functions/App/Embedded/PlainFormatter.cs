using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Serverless.Functions.Embedded;

/// <summary>Log lines for a person at the terminal: the time and the words; what is no information also says its level.</summary>
internal sealed class PlainFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var level = logEntry.LogLevel == LogLevel.Information ? "" : $"{logEntry.LogLevel.ToString().ToLowerInvariant()}: ";
        textWriter.WriteLine($"{time.GetLocalNow():HH:mm:ss} {level}{logEntry.Formatter(logEntry.State, logEntry.Exception)}");
        if (logEntry.Exception is { } error) textWriter.WriteLine(error);
    }
}
