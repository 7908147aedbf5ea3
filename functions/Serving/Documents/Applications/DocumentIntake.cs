using Microsoft.Extensions.Logging;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;

namespace Serverless.Serving.Documents;

/// <summary>From a picture that came in to what it says, beside the application that it belongs to; it may come before the application or behind it.</summary>
public sealed partial class DocumentIntake(DocumentStore documents, LiveModels models, ApplicationStore applications, ReviewStore reviews, TimeProvider time, ILogger<DocumentIntake> log)
{
    /// <summary>The reader of portfolios that have none of their own name.</summary>
    public const string DefaultReader = "default";

    /// <summary>
    /// Reads a picture and compares it with its application, where that was decided: a contradiction then opens a review. Safe to repeat: a picture is read once,
    /// whatever is delivered. A picture that cannot be read leaves a reading with the reasons, and is not tried again; rejected when its name is none, or it is of an
    /// application that was erased, with which it goes.
    /// </summary>
    /// <param name="blob">Name of the blob in container <c>documents</c>.</param>
    /// <param name="etag">The picture that is meant, or null for the present one.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>What was read; null when the blob is gone.</returns>
    /// <exception cref="InvalidOperationException">No reader is live: the host tries again, and then keeps the picture as poison until somebody registers one.</exception>
    /// <remarks>
    /// The order of writes, and what a crash behind each of them leaves:
    /// 1. The reading. The delivery that comes again finds it and goes on.
    /// 2. The review, where the application was decided before. Whoever decides on the application looks for readings once more behind its own write, so
    ///    whichever of the two comes later sees the other.
    /// 3. Where the application was erased meanwhile, everything goes: erasure removes the application first and its papers behind it.
    /// </remarks>
    public async Task<Outcome<DocumentReading>?> RunAsync(string blob, string? etag, CancellationToken cancel)
    {
        var named = DocumentName.Read(blob);
        if (named is not Outcome<DocumentName>.Done { Value: var name }) return named.Pass<DocumentReading>();
        if (await EraseAsync(name, cancel)) return Erased(name);
        if (await documents.FindAsync(name, etag, cancel) is not { } picture) return null;
        var reading = await documents.ReadingAsync(name, cancel) is { } earlier && earlier.ETag == picture.ETag ? earlier : null;
        if (reading is null)
        {
            reading = await ReadAsync(name, picture, cancel);
            await documents.WriteAsync(reading, cancel);
        }

        if (await CompareAsync(name.Portfolio, name.ApplicationId, cancel) is > 0 and var contradictions) LogContradicted(name.Portfolio, name.ApplicationId, contradictions);
        return await EraseAsync(name, cancel) ? Erased(name) : reading;
    }

    /// <summary>Opens a review of a decided application whose papers contradict it, or adds what is new to the one there is.</summary>
    /// <returns>How many contradictions its decision did not know.</returns>
    public async Task<int> CompareAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        var rules = await RulesAsync(portfolio, cancel);
        if (rules.Count == 0 || await applications.FindAsync(portfolio, applicationId, cancel) is not { Case: { } made }) return 0;
        var papers = await documents.ReadingsAsync(portfolio, applicationId, cancel);
        var found = DocumentChecks.Of(rules, made.Inputs.Fields, papers).Except(made.Inputs.Documents ?? []).ToList();
        if (found.Count == 0) return 0;
        while (true)
        {
            if (await reviews.ChangeAsync(portfolio, applicationId, open => open.Contradict(found), cancel) is not null) break;
            if (await reviews.OpenAsync(ReviewCase.OfDocuments(made.Decision, found, time.GetUtcNow()), cancel)) break;
        }

        // Erasure removes the application first and its review behind it: whichever comes later sees the other.
        if (await applications.FindAsync(portfolio, applicationId, cancel) is not { Case: not null }) await reviews.DeleteAsync(portfolio, applicationId, cancel);
        return found.Count;
    }

    /// <summary>What papers must agree with, by the live model's contract.</summary>
    private async Task<IReadOnlyList<DocumentRule>> RulesAsync(string portfolio, CancellationToken cancel)
    {
        using var credit = await models.RentAsync<CreditScorer>(CreditContract.FamilyName, portfolio, cancel);
        return credit?.Model.Contract.Documents ?? [];
    }

    private async Task<DocumentReading> ReadAsync(DocumentName name, IncomingPicture picture, CancellationToken cancel)
    {
        using var reader = await models.RentAsync<PageReader>(ReadingContract.FamilyName, name.Portfolio, cancel)
            ?? await models.RentAsync<PageReader>(ReadingContract.FamilyName, DefaultReader, cancel)
            ?? throw new InvalidOperationException($"No reader of pages is live, neither '{name.Portfolio}' nor '{DefaultReader}': register one with 'serverless documents register', then 'serverless poison requeue'.");
        var reading = new DocumentReading(name.Portfolio, name.ApplicationId, name.File, picture.ETag, time.GetUtcNow(), reader.Version);
        if (picture.Content is not { } content)
            return reading with { Reasons = [FormattableString.Invariant($"The file has {picture.Bytes} bytes and may have {DocumentStore.LargestPicture}: send the picture smaller, or as JPEG.")] };
        return await reader.Model.ReadAsync(content.ToMemory(), cancel) switch
        {
            Outcome<ReadPaper>.Done { Value: var read } => reading with { Page = read.Page, Fields = read.Fields },
            var rejected => reading with { Reasons = ((Outcome<ReadPaper>.Rejected)rejected).Reasons },
        };
    }

    private async Task<bool> EraseAsync(DocumentName name, CancellationToken cancel)
    {
        if (await applications.FindAsync(name.Portfolio, name.ApplicationId, cancel) is not { Erased: not null }) return false;
        await documents.EraseAsync(name.Portfolio, name.ApplicationId, cancel);
        return true;
    }

    private static Outcome<DocumentReading> Erased(DocumentName name) =>
        Outcome<DocumentReading>.Reject(Rejection.Erased, $"Application '{name.ApplicationId}' of portfolio '{name.Portfolio}' was erased, and this paper with it: send it with a new application.");

    [LoggerMessage(1, LogLevel.Warning, "Application {ApplicationId} of {Portfolio}: its papers say otherwise in {Contradictions} places; a person reviews it")]
    private partial void LogContradicted(string portfolio, string applicationId, int contradictions);
}
