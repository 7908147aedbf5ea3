namespace Serverless.Serving;

/// <summary>What is done to a container or a queue.</summary>
public enum StorageAccess
{
    /// <summary>Blobs are read.</summary>
    Read,

    /// <summary>Blobs are read, written and deleted.</summary>
    Write,

    /// <summary>As <see cref="Write"/>; a blob trigger asks for ownership.</summary>
    Own,

    /// <summary>Messages are received and deleted.</summary>
    Process,

    /// <summary>Messages are sent.</summary>
    Send,

    /// <summary>Messages are sent, changed, received and deleted.</summary>
    Exchange,
}

/// <summary>A container or a queue, and what is done to it: what a role must allow.</summary>
/// <param name="Name">Of the container or queue.</param>
/// <param name="Access">What is done.</param>
public sealed record StorageNeed(string Name, StorageAccess Access)
{
    /// <summary>Whether it is a queue.</summary>
    public bool IsQueue => Access is StorageAccess.Process or StorageAccess.Send or StorageAccess.Exchange;

    /// <summary>The built-in Azure roles that allow it, at the scope of the container or queue.</summary>
    public IReadOnlyList<string> Roles => Access switch
    {
        StorageAccess.Read => ["Storage Blob Data Reader"],
        StorageAccess.Write => ["Storage Blob Data Contributor"],
        StorageAccess.Own => ["Storage Blob Data Owner"],
        StorageAccess.Process => ["Storage Queue Data Reader", "Storage Queue Data Message Processor"],
        StorageAccess.Send => ["Storage Queue Data Reader", "Storage Queue Data Message Sender"],
        _ => ["Storage Queue Data Contributor"],
    };

    /// <summary>The needs of several together: one for each container and queue, which allows what all of them do.</summary>
    public static IReadOnlyList<StorageNeed> Union(IEnumerable<StorageNeed> needs) =>
        [.. needs.GroupBy(n => n.Name).Select(g => new StorageNeed(g.Key, Together([.. g.Select(n => n.Access)]))).OrderBy(n => n.Name, StringComparer.Ordinal)];

    private static StorageAccess Together(IReadOnlyCollection<StorageAccess> all) =>
        all.Contains(StorageAccess.Process) && all.Contains(StorageAccess.Send) ? StorageAccess.Exchange : all.Max();
}

/// <summary>What the functions that answer need of the storage; each function names its group.</summary>
public static class StorageNeeds
{
    /// <summary>To answer with models.</summary>
    public static IReadOnlyList<StorageNeed> Models { get; } = [new("models", StorageAccess.Read)];

    /// <summary>To take feedback on texts, by the active contract and the live model.</summary>
    public static IReadOnlyList<StorageNeed> Feedback { get; } = [.. Models, new("contracts", StorageAccess.Read), new("feedback", StorageAccess.Write)];

    /// <summary>To read the outlooks of market portfolios.</summary>
    public static IReadOnlyList<StorageNeed> Outlooks { get; } = [new(Market.OutlookStore.Container, StorageAccess.Read)];

    /// <summary>To look decisions up and explain them.</summary>
    public static IReadOnlyList<StorageNeed> Decisions { get; } = [.. Models, new("applications", StorageAccess.Read)];

    /// <summary>To look decisions up with the papers of their applications.</summary>
    public static IReadOnlyList<StorageNeed> DecisionsWithPapers { get; } = [.. Decisions, new(Documents.DocumentStore.Container, StorageAccess.Read)];

    /// <summary>To look reviews up, with the decisions that they are of.</summary>
    public static IReadOnlyList<StorageNeed> Reviews { get; } = [.. Decisions, new("reviews", StorageAccess.Read)];

    /// <summary>To contest a decision and to take its review.</summary>
    public static IReadOnlyList<StorageNeed> Reviewing { get; } = [.. Decisions, new("reviews", StorageAccess.Write)];

    /// <summary>To write notices of decisions, by the active contract.</summary>
    public static IReadOnlyList<StorageNeed> Notices { get; } = [.. Decisions, new("contracts", StorageAccess.Read)];

    /// <summary>To note failures.</summary>
    public static IReadOnlyList<StorageNeed> Failures { get; } = [new("poison", StorageAccess.Write)];

    /// <summary>To read papers of applications. The host puts on the poison queue what it gives up.</summary>
    public static IReadOnlyList<StorageNeed> ReadingDocuments { get; } =
        [.. Models, .. Failures, new(Documents.DocumentStore.Container, StorageAccess.Own), new("applications", StorageAccess.Write), new("reviews", StorageAccess.Write), new("webjobs-blobtrigger-poison", StorageAccess.Send)];

    /// <summary>To decide, by program or by a person who reviews.</summary>
    public static IReadOnlyList<StorageNeed> Deciding { get; } =
        [.. Models, new("applications", StorageAccess.Write), new("reviews", StorageAccess.Write), new("decision-log", StorageAccess.Write), new("loan-decisions", StorageAccess.Send)];

    /// <summary>
    /// To decide on what comes by queue. The host puts on the poison queue what it gives up, and writes to a message to give it back or to
    /// keep it longer, which processing alone does not allow.
    /// </summary>
    public static IReadOnlyList<StorageNeed> DecidingByQueue { get; } =
        [.. Deciding, .. Failures, new("loan-applications", StorageAccess.Exchange), new("loan-applications-poison", StorageAccess.Exchange)];

    /// <summary>To anchor the decision log.</summary>
    public static IReadOnlyList<StorageNeed> Anchoring { get; } = [new("decision-anchors", StorageAccess.Write), new("decision-log", StorageAccess.Read)];

    /// <summary>To make records of what the host gave up.</summary>
    public static IReadOnlyList<StorageNeed> Poison { get; } =
        [.. Failures, new("loan-applications-poison", StorageAccess.Process), new("webjobs-blobtrigger-poison", StorageAccess.Process)];
}
