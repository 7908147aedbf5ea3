using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Poison;
using Serverless.Serving.Text;
using Serverless.Training.Drops;

namespace Serverless.Training.Subjects;

/// <summary>The right to erasure (GDPR Art. 17) over everything that is known under an id: applications, refused messages, feedback, and the data that models are trained on.</summary>
public sealed class SubjectErasure(SubjectAccess access, DecisionErasure decisions, PoisonQueues queues, PoisonStore poison, FeedbackErasure feedback, ExportSearch exports, DatasetErasure datasets)
{
    /// <summary>Erases; rejected when nothing is known, or something is under way. Safe to repeat after a crash.</summary>
    /// <param name="id">Id of the application and of the rows.</param>
    /// <param name="portfolio">Portfolio, or null for all.</param>
    /// <param name="actor">Who asks for it; is recorded.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<Outcome<SubjectErased>> RunAsync(string id, string? portfolio, string actor, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        if (SubjectAccess.Fault(id, portfolio) is { } fault) return Outcome<SubjectErased>.Reject(fault);
        if (await exports.AmbiguityAsync(portfolio, cancel) is { } ambiguous) return Outcome<SubjectErased>.Reject(ambiguous);
        progress.Report(new("applications"));
        var (applications, refused, papers, left) = (0, 0, 0, new List<string>());
        foreach (var name in await PortfoliosAsync(id, portfolio, cancel))
        {
            var erased = await decisions.RunAsync(name, id, actor, cancel);
            if (erased is not Outcome<ErasedApplication>.Done { Value: var gone }) return erased.Pass<SubjectErased>();
            applications += gone.DecisionId is null ? 0 : 1;
            (refused, papers) = (refused + gone.Refused, papers + gone.Papers);
        }

        foreach (var record in await SubjectAccess.RefusedAsync(poison, id, portfolio, cancel))
            left.Add($"Refused message {record.Id} holds the id and cannot be read: look at it with 'serverless poison show {record.Id}', then 'serverless poison discard {record.Id}'.");
        var (rows, feedbacks) = (0, 0);
        foreach (var searched in await exports.PortfoliosAsync(portfolio, cancel))
        {
            // The rows go before the feedback that leads to them: a crash in between leaves it, and the same call again finds them.
            progress.Report(new($"datasets/{searched.Family}/{searched.Portfolio}"));
            var before = (rows, left.Count);
            var said = await feedback.BeginAsync(searched, id, cancel);
            var ids = SubjectAccess.RowsOf(id, said.Alone);
            rows += await datasets.RunAsync(searched, ids, left, cancel);
            foreach (var container in new[] { DropStore.Container, DropStore.Rejected })
            {
                progress.Report(new($"{container}/{searched.Family}/{searched.Portfolio}"));
                await foreach (var export in exports.SearchAsync(container, searched, ids, cancel)) left.AddRange(Left(export));
            }

            if (searched.ModelsKeepTexts && (rows, left.Count) != before)
                left.Add($"models/{searched.Family}/{searched.Portfolio}/ may hold texts of it, redacted, in {TrainingQuestion.FileName} of versions trained before: train again, then delete the folders of those versions, and what was exported or backed up of them.");
            feedbacks += await feedback.EndAsync(said, cancel);
        }

        await foreach (var file in exports.UnclaimedAsync(portfolio, cancel)) left.Add($"{file} belongs to no portfolio with a contract, so it could not be searched: look for the id in it, or delete the file.");
        return applications + refused + papers + rows + feedbacks + left.Count > 0
            ? new SubjectErased(applications, refused, rows, left) { Feedbacks = feedbacks, Papers = papers }
            : Outcome<SubjectErased>.Reject($"Nothing is known under '{id}'{(portfolio is null ? "" : $" in portfolio '{portfolio}'")}.");
    }

    /// <summary>Where the app itself knows the id.</summary>
    private async Task<IEnumerable<string>> PortfoliosAsync(string id, string? portfolio, CancellationToken cancel)
    {
        var records = await access.ApplicationsAsync(id, portfolio, cancel);
        await queues.CollectAsync(cancel).CountAsync(cancel);
        var messages = await SubjectAccess.RefusedAsync(poison, id, portfolio, cancel);
        var pictures = await access.PicturesAsync(id, portfolio, cancel);
        return records.Select(r => r.Portfolio).Concat(pictures.Select(p => p.Portfolio)).Concat(messages.Where(m => m.ApplicationId == id).Select(m => m.Portfolio).OfType<string>()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
    }

    private static IEnumerable<string> Left(SearchedExport export)
    {
        if (export.Rows.Count > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{export.Export} holds it in {(export.Rows.Count == 1 ? "row" : "rows")} {string.Join(", ", export.Rows.Select(r => r.Row))}: delete the file, or put one without the rows in its place.");
        if (export.Fault is not null) yield return $"{export.Export} could not be searched, {export.Fault}: look for the id in it, or delete the file.";
    }
}

/// <summary>What was erased.</summary>
/// <param name="Applications">Applications whose content went, and whose entries in the log stay.</param>
/// <param name="Refused">Messages that had been refused or given up.</param>
/// <param name="Rows">Rows of the accepted data: no later training sees them.</param>
/// <param name="Left">What remains for a person to do.</param>
public sealed record SubjectErased(int Applications, int Refused, int Rows, IReadOnlyList<string> Left)
{
    /// <summary>Pictures of papers; what was read of them went too.</summary>
    public int Papers { get; init; }

    /// <summary>What the person had said of texts.</summary>
    public int Feedbacks { get; init; }
}
