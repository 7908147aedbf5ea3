using Serverless.Serving.Documents;
using Serverless.Serving.Poison;

namespace Serverless.Serving.Decisions;

/// <summary>The right to erasure (GDPR Art. 17): what is known of an application goes, its review and its papers too; the log's chain stays whole.</summary>
public sealed class DecisionErasure(ApplicationStore applications, DocumentStore documents, ReviewStore reviews, DecisionLog log, PoisonQueues queues, PoisonStore poison, TimeProvider time)
{
    /// <summary>Removes inputs, decision and reasons of an application, and every message of it that was refused.</summary>
    /// <returns>What is left; rejected when nothing was known of the application.</returns>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    /// <remarks>
    /// The log entries are made sure of first, since they are computed from what goes: a delivery that crashed before it could not write its
    /// own any more. The review and the papers go behind the application: what opens or reads one at the same time looks at the application
    /// once more afterwards. A crash between any two steps leaves the rest, and the same call again completes it.
    /// </remarks>
    public async Task<Outcome<ErasedApplication>> RunAsync(string portfolio, string applicationId, string actor, CancellationToken cancel)
    {
        // What the host gave up is a record from then on; what another collector just received will be, and may be of this application.
        await queues.CollectAsync(cancel).CountAsync(cancel);
        if (await queues.AnyAsync(cancel))
            return Outcome<ErasedApplication>.Reject("Messages on the poison queue are being looked at, and one may be of this application: nothing was erased, repeat this in a minute.");
        var refused = await poison.EraseAsync(portfolio, applicationId, cancel);
        var record = await applications.FindAsync(portfolio, applicationId, cancel);
        if (record?.Case is { } made)
        {
            await log.EnsureAsync(made.Entry, record.Log, cancel);
            if (made.ReviewEntry is { } review) await log.EnsureAsync(review, made.Review!.Log, cancel);
        }

        var left = await applications.EraseAsync(portfolio, applicationId, new Erasure(time.GetUtcNow(), actor), cancel);
        await reviews.DeleteAsync(portfolio, applicationId, cancel);
        var papers = await documents.EraseAsync(portfolio, applicationId, cancel);
        return left is not null || refused + papers > 0
            ? new ErasedApplication(left?.DecisionId, refused) { Papers = papers }
            : Outcome<ErasedApplication>.Reject($"Nothing is known of application '{applicationId}' in portfolio '{portfolio}'.");
    }
}

/// <summary>What was erased.</summary>
/// <param name="DecisionId">The decision whose content went, and whose entry in the log stays; null when none was made.</param>
/// <param name="Refused">Messages of the application that had been refused or given up.</param>
public sealed record ErasedApplication(string? DecisionId, int Refused)
{
    /// <summary>Pictures of its papers; what was read of them went too.</summary>
    public int Papers { get; init; }
}
