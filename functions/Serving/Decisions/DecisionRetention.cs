using Serverless.Serving.Documents;
using Serverless.Serving.Poison;

namespace Serverless.Serving.Decisions;

/// <summary>Erases applications and refused messages that are older than their settings say; by <see cref="DecisionErasure"/>, so that the log's chain stays whole.</summary>
public sealed class DecisionRetention(ApplicationStore applications, DocumentStore documents, DecisionErasure erasure, PoisonStore poison, DecisionRetentionDays days, TimeProvider time)
{
    private const string Actor = "retention";

    /// <summary>What it does in the storage.</summary>
    public static IReadOnlyList<StorageNeed> Needs { get; } =
        [.. StorageNeeds.Poison, new(ApplicationStore.Container, StorageAccess.Write), new(ReviewStore.Container, StorageAccess.Write), new(DocumentStore.Container, StorageAccess.Write), new("decision-log", StorageAccess.Write)];

    /// <summary>Looks once. Safe to stop and to repeat: what is left is found by the next look.</summary>
    /// <returns>How many went, by container.</returns>
    public async Task<IReadOnlyDictionary<string, int>> RunAsync(CancellationToken cancel)
    {
        var gone = new Dictionary<string, int>();
        if (days.Applications is { } applicationDays)
        {
            gone[ApplicationStore.Container] = await EraseAsync(Before(applicationDays), cancel);
            gone[DocumentStore.Container] = await EraseLonelyAsync(Before(applicationDays), cancel);
        }

        if (days.Poison is { } poisonDays) gone[PoisonStore.Container] = await poison.ExpireAsync(Before(poisonDays), (record, _) => Task.FromResult(record.Container is null or DocumentStore.Container), cancel);
        foreach (var (container, count) in gone) RetentionTelemetry.Removed(container, count);
        return gone;
    }

    private async Task<int> EraseAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var erased = 0;
        await foreach (var (portfolio, id) in applications.DecidedBeforeAsync(before, cancel))
        {
            // Rejected while messages on the poison queue are looked at: the next look finds the rest.
            if (await erasure.RunAsync(portfolio, id, Actor, cancel) is not Outcome<ErasedApplication>.Done) break;
            erased++;
        }

        return erased;
    }

    // Papers whose application never came; those of others go with it.
    private async Task<int> EraseLonelyAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var erased = 0;
        await foreach (var (portfolio, id) in documents.BeforeAsync(before, cancel))
        {
            if (await applications.FindAsync(portfolio, id, cancel) is null) erased += await documents.EraseAsync(portfolio, id, cancel);
        }

        return erased;
    }

    private DateTimeOffset Before(int age) => time.GetUtcNow() - TimeSpan.FromDays(age);
}

/// <summary>Settings of <see cref="DecisionRetention"/>, section <c>Retention</c>: days after which content goes; absent: it is kept.</summary>
public sealed record DecisionRetentionDays
{
    /// <summary>Applications with their decisions, reviews and papers, from the decision on, which is a person's where one reviewed it: what is left is what erasure leaves.</summary>
    public int? Applications { get; init; }

    /// <summary>Refused messages, from the last failure on.</summary>
    public int? Poison { get; init; }

    /// <summary>Everything that is wrong, with what to do.</summary>
    public IEnumerable<string> Faults()
    {
        if (Applications < 1) yield return "Retention:Applications must be 1 or more days; leave it out to keep them.";
        if (Poison < 1) yield return "Retention:Poison must be 1 or more days; leave it out to keep them.";
    }
}
