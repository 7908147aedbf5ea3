using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Documents;
using Serverless.Serving.Poison;
using Serverless.Serving.Text;
using Serverless.Training.Drops;

namespace Serverless.Training.Subjects;

/// <summary>Everything that is known under an id (GDPR Art. 15 and 20): applications with inputs, decision and reasons, refused messages, feedback, and rows of exports.</summary>
public sealed class SubjectAccess(StorageAccount account, ApplicationStore applications, ReviewStore reviews, DocumentStore documents, PoisonQueues queues, PoisonStore poison, FeedbackStore feedback, ExportSearch exports, TimeProvider time)
{
    /// <summary>The containers with exports.</summary>
    internal static IReadOnlyList<string> Exports { get; } = [DropStore.Container, DropStore.Rejected, DatasetStore.Container];

    /// <summary>Collects it; rejected when nothing is known.</summary>
    /// <param name="id">Id of the application and of the rows.</param>
    /// <param name="portfolio">Portfolio, or null for all.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<Outcome<SubjectData>> RunAsync(string id, string? portfolio, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        if (Fault(id, portfolio) is { } fault) return Outcome<SubjectData>.Reject(fault);
        if (await exports.AmbiguityAsync(portfolio, cancel) is { } ambiguous) return Outcome<SubjectData>.Reject(ambiguous);
        progress.Report(new("applications"));
        var records = await ApplicationsAsync(id, portfolio, cancel);
        var reviewed = new List<ReviewCase>();
        foreach (var record in records)
        {
            if (await reviews.FindAsync(record.Portfolio, record.ApplicationId, cancel) is { } review) reviewed.Add(review with { Outcome = review.Outcome ?? record.Case?.Review });
        }

        var papers = new List<DocumentReading>();
        var pictures = await PicturesAsync(id, portfolio, cancel);
        foreach (var name in pictures)
        {
            if (await documents.ReadingAsync(name, cancel) is { } reading) papers.Add(reading);
        }

        await queues.CollectAsync(cancel).CountAsync(cancel);
        var refused = await RefusedAsync(poison, id, portfolio, cancel);
        var (rows, unsearched, feedbacks) = (new List<FoundRow>(), new List<string>(), new List<FeedbackRecord>());
        foreach (var searched in await exports.PortfoliosAsync(portfolio, cancel))
        {
            var said = await SaidByAsync(searched, id, cancel);
            feedbacks.AddRange(said);
            foreach (var container in Exports)
            {
                progress.Report(new($"{container}/{searched.Family}/{searched.Portfolio}"));
                await foreach (var export in exports.SearchAsync(container, searched, RowsOf(id, said), cancel))
                {
                    rows.AddRange(export.Rows);
                    if (export.Fault is not null) unsearched.Add($"{export.Export}: {export.Fault}");
                }
            }
        }

        await foreach (var file in exports.UnclaimedAsync(portfolio, cancel)) unsearched.Add($"{file}: it belongs to no portfolio with a contract");
        var data = new SubjectData(id, time.GetUtcNow(), [.. records.Select(ExportedApplication.Of)], refused, rows, unsearched) { Reviews = reviewed, Feedback = feedbacks, Pictures = [.. pictures.Select(p => $"{DocumentStore.Container}/{p.Incoming}")], Papers = papers };
        return records.Count + pictures.Count + refused.Count + rows.Count + feedbacks.Count > 0
            ? data
            : Outcome<SubjectData>.Reject([$"Nothing is known under '{id}'{(portfolio is null ? "" : $" in portfolio '{portfolio}'")}.", .. unsearched.Select(u => $"Could not be searched: {u}")]);
    }

    /// <summary>What the person said of texts, which is kept by family and portfolio as exports are.</summary>
    internal async Task<IReadOnlyList<FeedbackRecord>> SaidByAsync(SearchedPortfolio portfolio, string id, CancellationToken cancel) =>
        portfolio.Family == TextContract.FamilyName ? await feedback.SaidByAsync(portfolio.Portfolio, id, cancel) : [];

    /// <summary>Ids of the rows of exports that are a person's: those under the person's own id, and those of what the person said.</summary>
    internal static HashSet<string> RowsOf(string id, IEnumerable<FeedbackRecord> said) => [id, .. said.Select(s => s.Id.Row)];

    /// <summary>What is wrong with what was asked for.</summary>
    internal static string? Fault(string id, string? portfolio) =>
        string.IsNullOrWhiteSpace(id) || id.Trim() != id ? "--id must be an id without blanks around it." : portfolio is not null && !Names.Portfolio.Allows(portfolio) ? Names.Portfolio.Fault : null;

    /// <summary>The applications of an id.</summary>
    internal async Task<IReadOnlyList<ApplicationRecord>> ApplicationsAsync(string id, string? portfolio, CancellationToken cancel)
    {
        if (!Names.ApplicationId.Allows(id)) return []; // no application can have it; exports name ids as they like
        var folders = account.Blobs.GetBlobContainerClient(ApplicationStore.Container).GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/" }, cancel);
        var portfolios = portfolio is not null ? [portfolio] : await folders.Where(f => f.IsPrefix).Select(f => f.Prefix.TrimEnd('/')).Where(Names.Portfolio.Allows).ToListAsync(cancel);
        var found = new List<ApplicationRecord>();
        foreach (var name in portfolios)
        {
            if (await applications.FindAsync(name, id, cancel) is { } record) found.Add(record);
        }

        return found;
    }

    /// <summary>Pictures of papers that came in for an id, whether or not its application did.</summary>
    internal async Task<IReadOnlyList<DocumentName>> PicturesAsync(string id, string? portfolio, CancellationToken cancel) =>
        Names.ApplicationId.Allows(id) ? await documents.OfAsync(portfolio, id, cancel) : [];

    /// <summary>Refused messages of an id; of one that cannot be read, its text decides.</summary>
    internal static async Task<IReadOnlyList<PoisonRecord>> RefusedAsync(PoisonStore poison, string id, string? portfolio, CancellationToken cancel) =>
        await poison.ListAsync(cancel).Where(r => r.ApplicationId is null
            ? r.Message?.Contains($"\"{id}\"", StringComparison.Ordinal) == true
            : r.ApplicationId == id && (portfolio is null || r.Portfolio is null || r.Portfolio == portfolio)).ToListAsync(cancel);
}

/// <summary>Everything that is known under an id.</summary>
/// <param name="Id">The id.</param>
/// <param name="CollectedAt">When, UTC.</param>
/// <param name="Applications">Applications with their decisions.</param>
/// <param name="Refused">Messages that were refused or given up.</param>
/// <param name="Rows">Rows of exports.</param>
/// <param name="NotSearched">Exports that could not be searched, and why.</param>
public sealed record SubjectData(
    string Id, DateTimeOffset CollectedAt, IReadOnlyList<ExportedApplication> Applications, IReadOnlyList<PoisonRecord> Refused, IReadOnlyList<FoundRow> Rows, IReadOnlyList<string> NotSearched)
{
    /// <summary>Reviews of the decisions, with what the applicant said and what a person decided.</summary>
    public IReadOnlyList<ReviewCase> Reviews { get; init; } = [];

    /// <summary>Where pictures of papers lie.</summary>
    public IReadOnlyList<string> Pictures { get; init; } = [];

    /// <summary>What was read of them.</summary>
    public IReadOnlyList<DocumentReading> Papers { get; init; } = [];

    /// <summary>What the person said of texts.</summary>
    public IReadOnlyList<FeedbackRecord> Feedback { get; init; } = [];
}

/// <summary>An application as its applicant may have it.</summary>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="ApplicationId">Its id.</param>
/// <param name="DecisionId">Id of its decision, and of its entry in the decision log.</param>
/// <param name="Log">Where in the log the entry stands, or behind it.</param>
/// <param name="Inputs">What it said; null when it was erased.</param>
/// <param name="Decision">The decision, with its reasons; null when it was erased.</param>
/// <param name="Erased">When and by whom it was erased; null when it was not.</param>
public sealed record ExportedApplication(string Portfolio, string ApplicationId, string DecisionId, LogPlace Log, ApplicationInputs? Inputs, Decision? Decision, Erasure? Erased)
{
    internal static ExportedApplication Of(ApplicationRecord record) =>
        new(record.Portfolio, record.ApplicationId, record.DecisionId, record.Log, record.Case?.Inputs, record.Case?.Decision, record.Erased);
}
