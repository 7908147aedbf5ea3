using Serverless.Serving;

namespace Serverless.Tests.Faults;

/// <summary>Work whose every call to the storage is made to go wrong. All cases share an account, so each works on names of its own.</summary>
/// <typeparam name="T">What a case works on.</typeparam>
internal sealed record FaultScenario<T>
{
    /// <summary>Makes what the case of this number works on, over healthy storage.</summary>
    public required Func<StorageAccount, int, Task<T>> Prepare { get; init; }

    /// <summary>The work. Only a crash may make it throw: all else the SDK or the work itself must get over.</summary>
    public required Func<StorageAccount, T, Task> Run { get; init; }

    /// <summary>What happens after it, crashed or not, in another process over healthy storage: the message is delivered again.</summary>
    public required Func<StorageAccount, T, Task> Recover { get; init; }

    /// <summary>What must then be so.</summary>
    public required Func<StorageAccount, T, Task> Check { get; init; }
}

/// <summary>Runs a scenario once for each of its calls and each kind of fault.</summary>
internal static class FaultMatrix
{
    /// <summary>Every kind of fault.</summary>
    public static readonly Fault[] All = [.. Enum.GetValues<Fault>().Where(f => f != Fault.Forbid)];

    /// <summary>
    /// What a run of all tests uses: one of each group that leaves the same behind. The SDK tries a refused, a failed and a broken call again
    /// alike, and of a cut and of a repeated one the second answer counts (<see cref="StorageFaultsTests"/>); a process that dies before a call
    /// leaves what one leaves that dies behind the call before it. All eight where SERVERLESS_FAULTS is "all".
    /// </summary>
    public static readonly Fault[] Kinds = Environment.GetEnvironmentVariable("SERVERLESS_FAULTS") == "all" ? All : [Fault.Refuse, Fault.Cut, Fault.CrashAfter];

    /// <summary>Runs it without faults to learn its calls, then once for each call and fault.</summary>
    /// <returns>How many cases ran, the one without faults left out.</returns>
    public static async Task<int> RunAsync<T>(string connection, FaultScenario<T> scenario, params IReadOnlyList<Fault> kinds)
    {
        var healthy = new StorageFaults().Open(connection);
        await healthy.PrepareAsync(TestContext.Current.CancellationToken);
        var calls = await CaseAsync(connection, healthy, scenario, 0, null, null);
        var cases = 0;
        foreach (var call in calls)
        {
            foreach (var kind in kinds)
            {
                cases++;
                await CaseAsync(connection, healthy, scenario, cases, call, kind);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} cases: {calls.Count} calls, {kinds.Count} kinds of fault");
        return cases;
    }

    private static async Task<IReadOnlyList<StorageCall>> CaseAsync<T>(
        string connection, StorageAccount healthy, FaultScenario<T> scenario, int number, StorageCall? call, Fault? kind)
    {
        var faults = new StorageFaults();
        if (kind is { } fault) faults.Inject(fault, call!.Number);
        try
        {
            var given = await scenario.Prepare(healthy, number);
            try
            {
                await scenario.Run(faults.Open(connection), given);
            }
            catch (Exception) when (kind is Fault.CrashBefore or Fault.CrashAfter)
            {
                // Wide, because nobody is left to see what a dead process threw.
            }

            if (kind is not null) Assert.Equal(1, faults.Hits);
            await scenario.Recover(healthy, given);
            await scenario.Check(healthy, given);
            return faults.Calls;
        }
        catch (Exception error)
        {
            // Wide, to tell which case failed.
            throw new InvalidOperationException($"Case {number}: {(kind is null ? "no fault" : $"{kind} at {call}")}. {error.Message}", error);
        }
    }
}
