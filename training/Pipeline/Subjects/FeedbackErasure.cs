using Serverless.Serving.Text;

namespace Serverless.Training.Subjects;

/// <summary>Erases what a person said of texts, around the erasure of the rows that it became.</summary>
public sealed class FeedbackErasure(SubjectAccess access, FeedbackStore store, PortfolioLease lease)
{
    /// <summary>Deletes what waits, under the portfolio's lease, so that nothing of it is gathered meanwhile, and tells what was gathered.</summary>
    internal async Task<SaidByPerson> BeginAsync(SearchedPortfolio portfolio, string id, CancellationToken cancel)
    {
        if ((await access.SaidByAsync(portfolio, id, cancel)).Count == 0) return new([], [], 0);
        return await lease.HoldAsync(portfolio.Family, portfolio.Portfolio, "subject erase", async held =>
        {
            var said = await access.SaidByAsync(portfolio, id, held);
            var waiting = said.Where(s => s.Drop is null).ToList();
            foreach (var record in waiting) await store.DeleteWaitingAsync(record.Portfolio, record.Id, held);

            // What somebody else said too stays that person's.
            var gathered = said.Where(s => s.Drop is not null).ToList();
            var others = (await store.GatheredAsync(portfolio.Portfolio, held)).Where(g => g.Person != FeedbackRecord.PersonKey(id)).Select(g => g.Row).ToHashSet(StringComparer.Ordinal);
            return new SaidByPerson(gathered, [.. gathered.Where(g => !others.Contains(g.Id.Row))], waiting.Count);
        }, cancel);
    }

    /// <summary>Deletes what leads to the rows that are gone now.</summary>
    /// <returns>How many feedbacks went.</returns>
    internal async Task<int> EndAsync(SaidByPerson said, CancellationToken cancel)
    {
        foreach (var record in said.Gathered) await store.DeleteGatheredAsync(record.Portfolio, record.Id, cancel);
        return said.Waiting + said.Gathered.Count;
    }
}

/// <summary>What a person said of texts.</summary>
/// <param name="Gathered">What is in a drop.</param>
/// <param name="Alone">What of it nobody else said.</param>
/// <param name="Waiting">How many waited and are deleted.</param>
internal sealed record SaidByPerson(IReadOnlyList<FeedbackRecord> Gathered, IReadOnlyList<FeedbackRecord> Alone, int Waiting);
