using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Serverless.Serving.Decisions;

/// <summary>
/// Proves the decision log against itself (the chain), against its anchors (nothing from before one was rewritten or cut) and against
/// the applications (every decision is logged once, as it was made, and none was deleted otherwise than by erasure).
/// </summary>
public sealed class LogVerification(LogCopy copy, TimeProvider time)
{
    private const int Looks = 6; // at a live log, for entries that are being written
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<int, ShardVerification> _shards = [];
    private readonly Dictionary<UInt128, Logged> _logged = [];
    private readonly Dictionary<(int Shard, long Line), (string Hash, string Anchor)> _anchored = [];
    private readonly List<string> _faults = [];
    private readonly Dictionary<UInt128, Reviewed> _reviewed = [];
    private long _decisions, _reviews;

    /// <summary>Verifies everything that is there.</summary>
    /// <param name="progress">Told which part is read.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<LogReport> RunAsync(IProgress<string> progress, CancellationToken cancel)
    {
        progress.Report("anchors");
        var anchors = await AnchorsAsync(cancel);
        progress.Report("log");
        await LogAsync(cancel);
        var (applications, erased) = (0, 0);
        if (copy.Holds(ApplicationStore.Container))
        {
            progress.Report("applications");
            (applications, erased) = await ApplicationsAsync(cancel);
        }

        List<string> faults = [.. _shards.Values.Select(s => s.Fault).OfType<string>(), .. CutBehindAnchors(), .. _faults];
        return new(_shards.Count, _decisions, anchors, applications, erased, faults) { Reviews = _reviews };
    }

    private async Task<int> AnchorsAsync(CancellationToken cancel)
    {
        var count = 0;
        string? before = null;
        await foreach (var name in copy.NamesAsync(DecisionAnchors.Container, cancel))
        {
            var content = await copy.ReadAsync(DecisionAnchors.Container, name, 0, cancel);
            LogAnchor? anchor;
            try
            {
                anchor = JsonSerializer.Deserialize<LogAnchor>(content, Json.Options);
            }
            catch (JsonException)
            {
                anchor = null;
            }

            if (anchor is null) _faults.Add($"Anchor {name}: it was changed and cannot be read.");
            else if (anchor.Previous != before) _faults.Add($"Anchor {name}: it does not continue the one before: an anchor was changed, removed or added.");
            foreach (var line in anchor?.Lines ?? []) _anchored.TryAdd((line.Shard, line.Line), (line.Hash, name));
            before = DecisionAnchors.HashOf(BinaryData.FromBytes(content));
            count++;
        }

        return count;
    }

    private async Task LogAsync(CancellationToken cancel)
    {
        var segments = new SortedDictionary<int, HashSet<int>>();
        await foreach (var name in copy.NamesAsync(LogSegments.Container, cancel))
        {
            if (LogSegments.Parse(name) is not var (shard, segment)) continue;
            if (!segments.TryGetValue(shard, out var known)) segments[shard] = known = [];
            known.Add(segment);
        }

        foreach (var (shard, known) in segments)
        {
            if (!_shards.TryGetValue(shard, out var verification)) _shards[shard] = verification = new(shard, copy);
            await verification.ReadOnAsync(known, Note, cancel);
        }
    }

    private void Note(LogHead head, LogLine line)
    {
        if (_anchored.TryGetValue((head.Shard, head.Line), out var anchored) && anchored.Hash != head.Hash)
            _faults.Add($"Shard {head.Shard}, segment {head.Segment}, line {head.Line}: it is not the line of anchor {anchored.Anchor}: the log was rewritten before it.");
        if (line.Review is { } review) NoteReview(head, review);
        if (line.Decision is not { } entry) return;
        _decisions++;
        var logged = new Logged(Key(entry.DecisionId), Digest(entry), entry.DecidedAt, head.Shard, head.Line);
        if (!_logged.TryAdd(Key($"{entry.Portfolio}/{entry.ApplicationId}"), logged))
            _faults.Add($"Shard {head.Shard}, segment {head.Segment}, line {head.Line}: application '{entry.ApplicationId}' of '{entry.Portfolio}' is logged a second time.");
    }

    private void NoteReview(LogHead head, ReviewEntry review)
    {
        _reviews++;
        if (!_reviewed.TryAdd(Key($"{review.Portfolio}/{review.ApplicationId}"), new(Digest(review), head.Shard, head.Line)))
            _faults.Add($"Shard {head.Shard}, segment {head.Segment}, line {head.Line}: a person's decision on application '{review.ApplicationId}' of '{review.Portfolio}' is logged a second time.");
    }

    /// <summary>What an anchor saw and the log no longer has.</summary>
    private IEnumerable<string> CutBehindAnchors() =>
        from line in _anchored.GroupBy(a => a.Key.Shard, (shard, lines) => lines.MaxBy(l => l.Key.Line))
        let shard = _shards.GetValueOrDefault(line.Key.Shard)
        where shard?.Fault is null && (shard?.Head.Line ?? 0) < line.Key.Line
        select $"Shard {line.Key.Shard}, segment {shard?.Head.Segment ?? 0}, line {(shard?.Head.Line ?? 0) + 1}: the log ends before it, but anchor {line.Value.Anchor} saw line {line.Key.Line}: its tail was cut.";

    private async Task<(int Applications, int Erased)> ApplicationsAsync(CancellationToken cancel)
    {
        var (count, erased) = (0, 0);
        var gate = new Lock();
        List<ApplicationRecord> missing = [], unreviewed = [];
        await Parallel.ForEachAsync(copy.NamesAsync(ApplicationStore.Container, cancel), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancel }, async (name, token) =>
        {
            var content = await copy.ReadAsync(ApplicationStore.Container, name, 0, token);
            ApplicationRecord? record;
            try
            {
                record = JsonSerializer.Deserialize<ApplicationRecord>(content, Json.Options);
            }
            catch (JsonException)
            {
                record = null;
            }

            lock (gate)
            {
                count++;
                if (record?.Erased is not null) erased++;
                if (record is { Case: null, Erased: null } && copy.RecordsUntil is null) _faults.Add($"Application '{name}': its content was removed otherwise than by erasure.");
                if (record is null || $"{record.Portfolio}/{record.ApplicationId}.json" != name) _faults.Add($"Application '{name}': its record was changed and cannot be read.");
                else
                {
                    if (!Settle(record)) missing.Add(record);
                    if (!SettleReview(record)) unreviewed.Add(record);
                }
            }
        });

        // Those of the first look only: a later one also sees entries whose applications came after the listing.
        var orphans = _logged.Values.ToList();
        for (var look = 1; missing.Count + unreviewed.Count > 0 && copy.IsLive && look < Looks; look++)
        {
            await Task.Delay(Between, time, cancel);
            await LogAsync(cancel);
            missing.RemoveAll(Settle);
            unreviewed.RemoveAll(SettleReview);
        }

        _faults.AddRange(missing.OrderBy(r => (r.Log.Shard, r.Log.Segment, r.Log.Offset)).Where(r => _shards.GetValueOrDefault(r.Log.Shard)?.Fault is null).Select(NotLogged));
        _faults.AddRange(unreviewed.OrderBy(r => r.Portfolio, StringComparer.Ordinal).ThenBy(r => r.ApplicationId, StringComparer.Ordinal).Where(r => _shards.GetValueOrDefault(r.Log.Shard)?.Fault is null).Select(r =>
            $"Application '{r.ApplicationId}' of '{r.Portfolio}': the entry of a person's decision is missing: the tail was cut, or deciding has not ended yet (then send that decision again)."));
        _faults.AddRange(orphans.Where(l => l.DecidedAt < (copy.RecordsUntil ?? DateTimeOffset.MaxValue)).OrderBy(l => (l.Shard, l.Line)).Select(l =>
            $"Shard {l.Shard}, line {l.Line}: the application of this entry has no record: it was deleted, not erased."));
        return (count, erased);
    }

    /// <summary>Compares a record with its entry; false when there is none yet.</summary>
    private bool Settle(ApplicationRecord record)
    {
        if (!_logged.Remove(Key($"{record.Portfolio}/{record.ApplicationId}"), out var logged)) return false;
        if (logged.Decision != Key(record.DecisionId) || (record.Case is { } made && logged.Content != Digest(made.Entry)))
            _faults.Add($"Application '{record.ApplicationId}' of '{record.Portfolio}': its record is not what shard {logged.Shard}, line {logged.Line} sealed: it was changed.");
        return true;
    }

    /// <summary>Compares what a person decided with its entry; false when there is none yet.</summary>
    private bool SettleReview(ApplicationRecord record)
    {
        if (record.Case is not { } made) return true; // erased, or left out of the copy
        var found = _reviewed.TryGetValue(Key($"{record.Portfolio}/{record.ApplicationId}"), out var logged);
        if (made.ReviewEntry is not { } entry)
        {
            // Of a copy, its record may be from before the person decided and its log from after.
            if (found && copy.IsLive) _faults.Add($"Application '{record.ApplicationId}' of '{record.Portfolio}': shard {logged.Shard}, line {logged.Line} has a person's decision that its record lacks: it was changed.");
            return true;
        }

        if (found && logged.Content != Digest(entry))
            _faults.Add($"Application '{record.ApplicationId}' of '{record.Portfolio}': a person's decision on it is not what shard {logged.Shard}, line {logged.Line} sealed: it was changed.");
        return found;
    }

    private string NotLogged(ApplicationRecord record)
    {
        var (shard, segment, offset) = record.Log;
        var head = _shards.GetValueOrDefault(shard)?.Head ?? LogHead.Empty(shard);
        var cut = (head.Segment, head.Offset).CompareTo((segment, offset)) < 0 && head.Next != record.Log;
        return string.Create(CultureInfo.InvariantCulture, $"Shard {shard}, segment {Math.Max(head.Segment, 0)}, line {head.Line + 1}: the log ends before it, but the entry of application '{record.ApplicationId}' of '{record.Portfolio}' is missing: ")
            + (cut ? $"it was decided when the log went on to segment {segment}, byte {offset}: its tail was cut." : "the tail was cut, or its delivery has not ended yet (then verify again in some minutes).");
    }

    private static UInt128 Key(string text) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static UInt128 Digest<T>(T entry) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(entry, Json.Options)));

    /// <summary>What is remembered of an entry until its application was seen.</summary>
    private readonly record struct Logged(UInt128 Decision, UInt128 Content, DateTimeOffset DecidedAt, int Shard, long Line);

    /// <summary>What is remembered of a person's decision.</summary>
    private readonly record struct Reviewed(UInt128 Content, int Shard, long Line);
}

/// <summary>What a verification found.</summary>
/// <param name="Shards">Shards of the log.</param>
/// <param name="Decisions">Decisions in it.</param>
/// <param name="Anchors">Anchors that it was held against.</param>
/// <param name="Applications">Application records that it was held against; 0 for a copy without them.</param>
/// <param name="Erased">How many of them were erased.</param>
/// <param name="Faults">What is broken, for each shard the first place; empty when the log is whole.</param>
public sealed record LogReport(int Shards, long Decisions, int Anchors, int Applications, int Erased, IReadOnlyList<string> Faults)
{
    /// <summary>Decisions of persons in it.</summary>
    public long Reviews { get; init; }
}
