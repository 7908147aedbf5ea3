using System.Diagnostics;
using Serverless.Functions.Embedded;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Tests.Serving.Decisions;

namespace Serverless.Tests.Functions;

/// <summary>Alone on the machine: its processes need all of it.</summary>
[CollectionDefinition(nameof(KilledProcesses), DisableParallelization = true)]
public sealed class KilledProcesses;

/// <summary>
/// A thousand applications, three processes that share them, and a SIGKILL for one of the three every few hundred milliseconds until the
/// last application is decided. Each is decided once all the same, and the log is whole.
/// </summary>
[Collection(nameof(KilledProcesses))]
public class KilledProcessesTests
{
    private const int Applications = 1_000;
    private const int Processes = 3;
    private const int BetweenKills = 25; // applications
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(150);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thousand_applications_over_three_processes_that_are_killed_at_random_are_each_decided_once()
    {
        await using var azurite = await AzuriteProcess.StartAsync(AzuriteInstall.FindRepository(), data: null, [], _ => { }, Cancel);
        var account = StorageAccount.Open(azurite.ConnectionString());
        await account.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(account);
        var queue = account.Queues.GetQueueClient("loan-applications");
        await Parallel.ForEachAsync(Enumerable.Range(1, Applications), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel },
            async (i, cancel) => await queue.SendMessageAsync(ScoringInstance.Message($"A-{i:0000}"), cancellationToken: cancel));

        var clock = Stopwatch.StartNew();
        var kills = await KillUntilDoneAsync(azurite.ConnectionString(), async () => clock.Elapsed > Limit ? 0 : (await queue.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount);
        var took = clock.Elapsed;

        TestContext.Current.TestOutputHelper!.WriteLine($"{Applications} applications, {Processes} processes, {kills} kills, {took.TotalSeconds:0.0} s");
        Assert.Equal(0, (await queue.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount);
        Assert.InRange(kills, 20, int.MaxValue);
        Assert.Empty(await account.Blobs.GetBlobContainerClient("poison").GetBlobsAsync(cancellationToken: Cancel).ToListAsync(Cancel));
        Assert.Equal(0, (await account.Queues.GetQueueClient("loan-applications-poison").GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount);

        var report = await new LogVerification(LogCopy.Of(account), TimeProvider.System).RunAsync(new Progress<string>(), Cancel);
        Assert.Empty(report.Faults);
        Assert.Equal((Applications, Applications), (report.Decisions, report.Applications));
        var sent = await SentAsync(account);
        Assert.Equal(Applications, sent.Select(d => d.ApplicationId).Distinct().Count());
        Assert.Equal(Applications, sent.Select(d => d.DecisionId).Distinct().Count());
    }

    /// <summary>
    /// Keeps the processes running, kills one after the other, and gives the number of kills. Only when enough was decided since the last kill: on a
    /// slow machine they would die before they have started.
    /// </summary>
    private static async Task<int> KillUntilDoneAsync(string connection, Func<Task<int>> left)
    {
        var random = new Random(20261124);
        Process[] running = [.. Enumerable.Range(0, Processes).Select(_ => Start(connection))];
        var (kills, before) = (0, int.MaxValue);
        try
        {
            while (await left() is > 0 and var now)
            {
                await Task.Delay(random.Next(200, 600), Cancel);
                if (before - now < BetweenKills) continue;
                before = now;
                var victim = random.Next(Processes);
                await KillAsync(running[victim]);
                running[victim] = Start(connection);
                kills++;
            }
        }
        finally
        {
            foreach (var process in running) await KillAsync(process);
        }

        return kills;
    }

    private static Process Start(string connection)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Serverless.Functions.dll"), "--port", "0"]) { RedirectStandardOutput = true };
        start.Environment["AzureWebJobsStorage"] = connection;
        start.Environment["Embedded__InFlight"] = "00:00:02"; // what a killed process had under way comes back then
        start.Environment["AzureFunctionsJobHost__extensions__queues__maxDequeueCount"] = "1000"; // being killed is no fault of the message
        start.Environment["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.2";
        start.Environment["Logging__LogLevel__Default"] = "Critical";
        start.Environment["Logging__LogLevel__Serverless"] = "Critical";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill(); // SIGKILL: no handler runs, nothing is given back
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private static async Task<List<Decision>> SentAsync(StorageAccount account)
    {
        var decisions = account.Queues.GetQueueClient("loan-decisions");
        List<Decision> sent = [];
        while ((await decisions.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(10), Cancel)).Value is { Length: > 0 } messages)
            sent.AddRange(messages.Select(m => m.Body.ToObjectFromJson<Decision>(Json.Options)!));
        return sent;
    }
}
