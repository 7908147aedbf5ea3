using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>What becomes of the feedback that waits: a pure function of it, of what was gathered before, and of the contract's rules.</summary>
/// <param name="Rows">What can be trained on, oldest first.</param>
/// <param name="Conflicts">Texts of which different intents were said, now or before: a person has to say which is right.</param>
/// <param name="TooFew">New intents of which there are not enough texts yet.</param>
/// <param name="Due">Whether the rows are enough, or wait for long.</param>
public sealed record FeedbackBatch(IReadOnlyList<FeedbackRecord> Rows, IReadOnlyList<FeedbackRecord> Conflicts, IReadOnlyList<FeedbackRecord> TooFew, bool Due)
{
    /// <summary>What is in a drop and contradicts what waits.</summary>
    public IReadOnlyList<FeedbackId> Against { get; init; } = [];

    /// <summary>Most records in one drop, so that it stays below 64 MB however long the texts are; the rest comes with the next look.</summary>
    public const int MostRows = 1500;

    /// <summary>Looks.</summary>
    /// <param name="waiting">What waits, oldest first.</param>
    /// <param name="gathered">What is in a drop.</param>
    /// <param name="rules">The contract's rules.</param>
    /// <param name="now">The time.</param>
    public static FeedbackBatch Of(IReadOnlyList<FeedbackRecord> waiting, IReadOnlyList<FeedbackId> gathered, FeedbackRules rules, DateTimeOffset now)
    {
        var said = waiting.Select(r => r.Id).Concat(gathered).Select(id => (id.Text, id.Intent)).Distinct().ToList();
        var contradicted = said.CountBy(s => s.Text).Where(t => t.Value > 1).Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        var texts = said.Where(s => !contradicted.Contains(s.Text)).CountBy(s => s.Intent).ToDictionary();
        var (rows, conflicts, few) = (new List<FeedbackRecord>(), new List<FeedbackRecord>(), new List<FeedbackRecord>());
        foreach (var record in waiting)
        {
            if (contradicted.Contains(record.Id.Text)) conflicts.Add(record);
            else if (record.NewIntent && texts[record.Id.Intent] < rules.MinPerIntent) few.Add(record);
            else rows.Add(record);
        }

        var due = rows.Count > 0 && (rows.DistinctBy(r => r.Id.Text).Count() >= rules.Rows || rows.Min(r => r.At) <= now - TimeSpan.FromDays(rules.Days));
        return new([.. rows.Take(MostRows)], conflicts, few, due) { Against = [.. gathered.Where(g => contradicted.Contains(g.Text))] };
    }
}
