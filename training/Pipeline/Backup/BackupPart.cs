using System.Text.RegularExpressions;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Documents;
using Serverless.Serving.Market;
using Serverless.Serving.Text;
using Serverless.Training.Drops;
using Serverless.Training.Market;

namespace Serverless.Training.Backup;

/// <summary>
/// The parts of a backup, in the order in which they are restored: what is referred to comes before what refers to it, and what makes
/// the app act comes last. A restore that crashes therefore leaves nothing served: no model answers before the whole log and every
/// version are there, and no drop is trained before the champions and the runs, which it is compared with, are.
/// </summary>
internal enum BackupPart
{
    /// <summary>Applications with their decisions, or what erasure left of them. Before the log: without its application, an entry would be written a second time.</summary>
    Applications,

    /// <summary>Cases of reviews. Before the log too, and behind the applications, which say what was decided in the end.</summary>
    Reviews,

    /// <summary>What was read of papers of applications.</summary>
    Readings,

    /// <summary>Segments of the decision log.</summary>
    Log,

    /// <summary>The log's daily anchors.</summary>
    Anchors,

    /// <summary>Files of model versions.</summary>
    Models,

    /// <summary>Manifests of model versions; a version with its manifest is complete.</summary>
    Manifests,

    /// <summary>Versions of contracts.</summary>
    Contracts,

    /// <summary>What the pointers to the live models and the active contracts said before.</summary>
    History,

    /// <summary>The content of increments, as big as the drops were.</summary>
    DatasetParts,

    /// <summary>The lists of what models were trained on.</summary>
    Datasets,

    /// <summary>The pointers to the datasets that the next increments add to. Without them, an increment would be trained alone.</summary>
    CurrentDatasets,

    /// <summary>What people said of texts. Before the contracts are active, by which it is gathered.</summary>
    Feedback,

    /// <summary>The ledgers of tried strategies, without which luck would count as evidence.</summary>
    Ledgers,

    /// <summary>The outlooks of market portfolios.</summary>
    Outlooks,

    /// <summary>The pointers to the live models.</summary>
    Champions,

    /// <summary>The runs that ended: the same data is not trained again.</summary>
    Runs,

    /// <summary>The pointers to the active contracts, without which no drop is trained.</summary>
    ActiveContracts,

    /// <summary>Pictures of papers of applications. The last, since each is read anew: its ETag is another one then.</summary>
    Papers,
}

/// <summary>Which blobs of an account belong to a backup.</summary>
/// <remarks>
/// Not: <c>drops</c> and <c>rejected</c>, which come again from their source; <c>outcomes</c>, which names ETags of the drops that it
/// leaves behind; <c>poison</c> and the queues, which hold work under way; of <c>runs</c> the leases and the checkpoints, which do too.
/// </remarks>
internal static partial class BackupParts
{
    /// <summary>Container of the log.</summary>
    public const string Log = "decision-log";

    /// <summary>Container of the models.</summary>
    public const string Models = "models";

    /// <summary>Container of the data that models were trained on.</summary>
    public const string Datasets = DatasetStore.Container;

    /// <summary>The containers that are backed up, each wholly.</summary>
    public static IReadOnlyList<string> Containers { get; } = [ApplicationStore.Container, ReviewStore.Container, DocumentStore.Container, Log, DecisionAnchors.Container, Models, "contracts", Datasets, FeedbackStore.Container, OutlookStore.Container, "runs"];

    /// <summary>The part that a blob belongs to; null when it is none of the app's. Whatever passes is a path that leads nowhere else.</summary>
    public static BackupPart? Of(string container, string name) => (container, name.Split('/')) switch
    {
        (ApplicationStore.Container, [var portfolio, var file]) when Names.Portfolio.Allows(portfolio) && Names.ApplicationId.Allows(Stem(file)) => BackupPart.Applications,
        (ApplicationStore.Container, [var portfolio, var id, "documents", var file]) when Names.Portfolio.Allows(portfolio) && Names.ApplicationId.Allows(id) && Names.File.Allows(Stem(file)) => BackupPart.Readings,
        (DocumentStore.Container, _) when DocumentName.Read(name) is Outcome<DocumentName>.Done => BackupPart.Papers,
        (ReviewStore.Container, [var portfolio, var file]) when Names.Portfolio.Allows(portfolio) && Names.ApplicationId.Allows(Stem(file)) => BackupPart.Reviews,
        (FeedbackStore.Container, [var portfolio, "waiting" or "gathered", var file]) when Names.Portfolio.Allows(portfolio) && Names.FeedbackId.Allows(Stem(file)) => BackupPart.Feedback,
        (OutlookStore.Container, [var portfolio, LedgerStore.FileName]) when Names.Portfolio.Allows(portfolio) => BackupPart.Ledgers,
        (OutlookStore.Container, [var portfolio, "outlook.json"]) when Names.Portfolio.Allows(portfolio) => BackupPart.Outlooks,
        (Log, _) when Segment().IsMatch(name) => BackupPart.Log,
        (DecisionAnchors.Container, _) when Anchor().IsMatch(name) => BackupPart.Anchors,
        (Models or "contracts" or Datasets or "runs", [var family, var portfolio, .. var rest]) when Names.Family.Allows(family) && Names.Portfolio.Allows(portfolio) => OfPortfolio(container, rest),
        _ => null,
    };

    /// <summary>Whether blobs of a part are append blobs, which what runs goes on adding to.</summary>
    public static bool IsAppended(BackupPart? part) => part is BackupPart.Log or BackupPart.Ledgers;

    /// <summary>Whether a blob is in no backup, and may be where one is restored: it belongs to work under way, and goes when that has ended.</summary>
    public static bool IsUnderWay(string container, string name) => container == "runs" && (name.EndsWith("/lease.json", StringComparison.Ordinal) || RunCheckpoints.Is(name));

    private static BackupPart? OfPortfolio(string container, string[] rest) => (container, rest) switch
    {
        (Models, ["champion.json"]) => BackupPart.Champions,
        (Models, ["history", var file]) when Names.File.Allows(file) => BackupPart.History,
        (Models, [var version, var file]) when Names.ModelVersion.Allows(version) && Names.File.Allows(file) => file == ModelBundle.ManifestFile ? BackupPart.Manifests : BackupPart.Models,
        (Datasets, ["current.json"]) => BackupPart.CurrentDatasets,
        (Datasets, ["parts", var file]) when Content().IsMatch(file) => BackupPart.DatasetParts,
        (Datasets, [var file]) when Content().IsMatch(Stem(file) ?? "") => BackupPart.Datasets,
        ("contracts", ["history", var file]) when Names.File.Allows(file) => BackupPart.History,
        ("contracts", ["active.json"]) => BackupPart.ActiveContracts,
        ("contracts", [var file]) when Names.ContractVersion.Allows(Stem(file)) => BackupPart.Contracts,
        ("runs", [var file]) when Run().IsMatch(file) => BackupPart.Runs,
        _ => null,
    };

    private static string? Stem(string file) => file.EndsWith(".json", StringComparison.Ordinal) ? file[..^5] : null;

    [GeneratedRegex("^[0-9]{2}/[0-9]{6}\\.jsonl\\z")]
    private static partial Regex Segment();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}\\.json\\z")]
    private static partial Regex Anchor();

    [GeneratedRegex("^[0-9a-f]{64}\\z")]
    private static partial Regex Content();

    [GeneratedRegex("^[0-9a-f]{32}\\.json\\z")]
    private static partial Regex Run();
}
