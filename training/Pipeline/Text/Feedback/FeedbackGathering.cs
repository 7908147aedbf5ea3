using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training.Drops;

namespace Serverless.Training.Text;

/// <summary>Gathers what people said of texts into increment drops, which are trained on as any other.</summary>
public sealed partial class FeedbackGathering(FeedbackStore store, ContractStore contracts, DropUpload drops, PortfolioLease lease, TimeProvider time, ILogger<FeedbackGathering> log)
{
    /// <summary>What it does in the storage.</summary>
    public static IReadOnlyList<StorageNeed> Needs { get; } =
        [new("contracts", StorageAccess.Read), new(DropStore.Container, StorageAccess.Write), new(FeedbackStore.Container, StorageAccess.Write), new("runs", StorageAccess.Write)];

    /// <summary>Looks at every portfolio once, and gathers where it is due.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var portfolio in await store.PortfoliosAsync(cancel))
        {
            try
            {
                // A run of the portfolio may take long: the next look is soon enough.
                if (await lease.IsHeldAsync(TextContract.FamilyName, portfolio, cancel)) continue;
                if (await GatherAsync(portfolio, now: false, cancel) is Outcome<GatheredFeedback>.Rejected rejected) LogNotGathered(portfolio, rejected.Reasons[0]);
            }
            catch (Exception error) when (!cancel.IsCancellationRequested)
            {
                // Wide, because what keeps one portfolio from being gathered must not keep the others: all of it still waits for the next look.
                LogFailed(portfolio, error);
            }
        }
    }

    /// <summary>Gathers the feedback of a portfolio; rejected when it does not learn from feedback.</summary>
    /// <param name="portfolio">The portfolio.</param>
    /// <param name="now">Whether also what is not due yet.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">The active contract is missing or not valid.</exception>
    /// <remarks>
    /// The order: the drop, under a name that its rows give it, then the mark of each feedback. A crash before the drop leaves everything
    /// waiting; one between drop and marks gathers the same again: alone under the same name, which is there, or with what came since into
    /// another drop, whose rows have the same ids and replace their like. The portfolio's lease is held, so that one process gathers.
    /// </remarks>
    public Task<Outcome<GatheredFeedback>> GatherAsync(string portfolio, bool now, CancellationToken cancel) =>
        lease.HoldAsync(TextContract.FamilyName, portfolio, "feedback", held => UnderLeaseAsync(portfolio, now, held), cancel);

    /// <summary>What a look would find; rejected when the portfolio does not learn from feedback.</summary>
    public async Task<Outcome<FeedbackBatch>> LookAsync(string portfolio, CancellationToken cancel) =>
        (await FindAsync(portfolio, cancel)).Then<FeedbackBatch>(found => found.Batch);

    private async Task<Outcome<Found>> FindAsync(string portfolio, CancellationToken cancel)
    {
        var contract = await contracts.ActiveAsync(TextContract.FamilyName, portfolio, cancel) as TextContract;
        if (TextFeedback.WhyNotTaken(portfolio, contract) is { } why) return Outcome<Found>.Reject(why);

        // Waiting before gathered: what is marked in between is then in both, and not in neither.
        var waiting = await store.WaitingAsync(portfolio, cancel);
        var gathered = await store.GatheredAsync(portfolio, cancel);
        var marked = waiting.IntersectBy(gathered, r => r.Id).ToList();
        return new Found(contract!, marked, FeedbackBatch.Of([.. waiting.Except(marked)], gathered, contract!.Feedback, time.GetUtcNow()));
    }

    private async Task<Outcome<GatheredFeedback>> UnderLeaseAsync(string portfolio, bool now, CancellationToken cancel)
    {
        var looked = await FindAsync(portfolio, cancel);
        if (looked is not Outcome<Found>.Done { Value: var (contract, marked, batch) }) return looked.Pass<GatheredFeedback>();
        foreach (var record in marked) await store.DeleteWaitingAsync(portfolio, record.Id, cancel); // a process died before it did
        if (batch.Conflicts.Count > 0) LogConflicts(portfolio, batch.Conflicts.Count);
        if (batch.Rows.Count == 0 || !(batch.Due || now)) return new GatheredFeedback(null, 0, batch.Rows.Count, batch.Conflicts.Count, batch.TooFew.Count);
        var drop = FeedbackDrop.Of(contract, batch.Rows);
        await drops.StartOnceAsync(drop.Name, new MemoryStream(drop.Content), cancel);
        foreach (var record in batch.Rows) await store.MarkAsync(record with { Drop = drop.Name }, cancel);
        LogGathered(portfolio, batch.Rows.Count, drop.Name);
        return new GatheredFeedback(drop.Name, batch.Rows.Count, 0, batch.Conflicts.Count, batch.TooFew.Count);
    }

    private sealed record Found(TextContract Contract, IReadOnlyList<FeedbackRecord> Marked, FeedbackBatch Batch);

    [LoggerMessage(1, LogLevel.Information, "text/{Portfolio}: {Rows} feedbacks are in drop {Drop}")]
    private partial void LogGathered(string portfolio, int rows, string drop);

    [LoggerMessage(2, LogLevel.Warning, "text/{Portfolio}: {Conflicts} feedbacks contradict others of the same text and are not trained on: see 'serverless feedback list {Portfolio}', and discard what is wrong")]
    private partial void LogConflicts(string portfolio, int conflicts);

    [LoggerMessage(3, LogLevel.Warning, "text/{Portfolio}: feedback waits. {Why}")]
    private partial void LogNotGathered(string portfolio, string why);

    [LoggerMessage(4, LogLevel.Warning, "text/{Portfolio}: feedback could not be gathered; the next look tries again")]
    private partial void LogFailed(string portfolio, Exception error);
}

/// <summary>What became of the feedback of a portfolio.</summary>
/// <param name="Drop">Name of the drop; null when none was due.</param>
/// <param name="Gathered">Feedbacks in it.</param>
/// <param name="Waiting">Feedbacks that can be trained on and are not due yet.</param>
/// <param name="Conflicts">Feedbacks that contradict others of the same text.</param>
/// <param name="TooFew">Feedbacks of new intents that have too few texts yet.</param>
public sealed record GatheredFeedback(string? Drop, int Gathered, int Waiting, int Conflicts, int TooFew);
