using System.CommandLine;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues.Models;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Training.Drops;

namespace Serverless.Cli;

/// <summary>What every verb has in common: <c>--json</c>, and the way from an outcome or an exception to output and exit code.</summary>
internal static class Verb
{
    /// <summary>One JSON object instead of text.</summary>
    public static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object on standard output, and nothing else there.", Recursive = true };

    /// <summary>Makes a command run a verb.</summary>
    public static Command Runs(this Command command, Terminal terminal, Func<ParseResult, CancellationToken, Task<Outcome<Answer>>> verb)
    {
        command.SetAction(async (parsed, cancel) =>
        {
            var json = parsed.GetValue(Json);
            try
            {
                return await verb(parsed, cancel) switch
                {
                    Outcome<Answer>.Done done => terminal.Print(done.Value, json),
                    Outcome<Answer>.Rejected rejected => terminal.Reject(rejected.Reasons, json),
                    _ => throw new InvalidOperationException("An outcome is done or rejected."),
                };
            }
            catch (Exception error) when (error is SettingsException or InvalidModelException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
            {
                return terminal.Reject([error.Message], json); // what was given cannot be used
            }
            catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.ContainerNotFound || error.ErrorCode == QueueErrorCode.QueueNotFound)
            {
                return terminal.Reject(["The storage account holds nothing of this program yet: start the app on it, or activate a contract ('serverless contract activate FILE')."], json);
            }
            catch (RequestFailedException error)
            {
                return terminal.Fail($"The storage account refused: {error.Message.Split('\n')[0]} ({error.Status} {error.ErrorCode})", json);
            }
            catch (AggregateException error) when (error.InnerExceptions.All(e => e is RequestFailedException)) // what the SDK throws when retries end
            {
                return terminal.Fail($"The storage account does not answer: is the app that runs it still up? {error.InnerExceptions[0].Message.Split('\n')[0]}", json);
            }
            catch (Exception error) when (error is IOException or DllNotFoundException or UnsentDecisionException)
            {
                return terminal.Fail(error.Message, json); // the machine or the queue failed: the message says enough
            }
            catch (OperationCanceledException)
            {
                return terminal.Fail("Cancelled.", json);
            }
            catch (Exception error) // the last fence before the exit code: a defect of ours, so with its trace
            {
                return terminal.Fail(error.Message, json, error.ToString());
            }
        });
        return command;
    }

    /// <summary>An option that must be given.</summary>
    public static Option<string> Required(string name, string description) => new(name) { Description = description, Required = true };

    /// <summary>An option that may be left out.</summary>
    public static Option<string?> Optional(string name, string description) => new(name) { Description = description };

    /// <summary>A file that must exist and be given.</summary>
    public static Option<FileInfo> ExistingFile(string name, string description) => new Option<FileInfo>(name) { Description = description, Required = true }.AcceptExistingOnly();

    /// <summary>The files of a drop, which must exist; one or more.</summary>
    public static Option<FileInfo[]> Drop(string rows) => new Option<FileInfo[]>("--data")
    {
        Description = $"{rows}, with a header: CSV, gzip of CSV, or Parquet, told apart by content. Several files with the same columns are read one after the other.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    }.AcceptExistingOnly();

    /// <summary>Opens the files of a drop.</summary>
    public static Task<LocalDrop> OpenAsync(IEnumerable<FileInfo> files, CancellationToken cancel) => LocalDrop.OpenAsync([.. files.Select(f => f.FullName)], cancel);

    /// <summary>A folder that must exist and be given.</summary>
    public static Option<DirectoryInfo> ExistingFolder(string name, string description) => new Option<DirectoryInfo>(name) { Description = description, Required = true }.AcceptExistingOnly();

    /// <summary>Where a file or folder is written; its folder is created.</summary>
    public static Option<string> Out(string description) => new("--out", "-o") { Description = description, Required = true };

    /// <summary>Creates the file with the folders above it.</summary>
    public static FileStream CreateFile(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 1 << 16 });
    }
}
