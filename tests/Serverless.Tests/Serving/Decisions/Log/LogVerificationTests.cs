using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Tests.Serving.Decisions.Log;

/// <summary>
/// Each way of tampering is found, and the first broken place is named. Segments hold an opening (line 1, 6, 11, ...), three decisions and a
/// close; line numbers go through.
/// </summary>
public sealed class LogVerificationTests(LoggedDecisions logged) : IClassFixture<LoggedDecisions>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Untouched_log_is_whole_online_and_in_every_kind_of_copy()
    {
        var expected = (1, LoggedDecisions.Count, 1, LoggedDecisions.Count, 1, 0);
        foreach (var copy in new[] { LogCopy.Of(logged.Account), LogCopy.Of(logged.Everything), LogCopy.Of(logged.Downloaded) })
        {
            var r = await new LogVerification(copy, logged.Time).RunAsync(new Progress<string>(), Cancel);
            Assert.Equal(expected, (r.Shards, (int)r.Decisions, r.Anchors, r.Applications, r.Erased, r.Faults.Count));
        }

        Assert.Equal((LoggedDecisions.Count, 0), ((int)(await logged.VerifyAsync(logged.Copy(logged.Everything, "decision-log"))).Decisions, (await logged.VerifyAsync(logged.Copy(logged.Everything, "decision-log"))).Applications));
    }

    [Fact]
    public void Downloaded_copy_holds_nothing_of_an_applicant()
    {
        var files = Directory.EnumerateFiles(logged.Downloaded, "*", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        Assert.Equal(LoggedDecisions.Count + 4 + 1 + 1, files.Count); // records, segments, anchor, note
        Assert.DoesNotContain(files, f => f.Contains("boat", StringComparison.Ordinal) || f.Contains("income", StringComparison.Ordinal) || f.Contains("hashKey", StringComparison.Ordinal) || f.Contains("verdict", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 13)]
    [InlineData(3, 16)]
    public async Task Changed_byte_is_named_by_its_line(int segment, int line)
    {
        var folder = logged.Copy(logged.Everything);
        var file = new SegmentFile(folder, segment);
        var at = line - 1 - (segment * 5);
        var start = file.Lines.Take(at).Sum(l => l.Length + 1);
        for (var place = 0; place < file.Lines[at].Length; place += 37)
        {
            var kept = file.Lines[at];
            file.Lines[at] = kept[..place] + (char)(kept[place] ^ 1) + kept[(place + 1)..];
            file.Save();
            Assert.Equal($"Shard 0, segment {segment}, line {line}: the line (bytes {start} to {start + kept.Length}) was changed: it does not have its hash.", await FirstAsync(folder));
            file.Lines[at] = kept;
        }
    }

    [Theory]
    [InlineData(0, 2, 1, "Shard 0, segment 0, line 2: the line was removed.")]
    [InlineData(1, 8, 2, "Shard 0, segment 1, line 8: lines 8 to 9 were removed.")]
    public async Task Removed_entry_is_named(int segment, int line, int count, string fault)
    {
        var folder = logged.Copy(logged.Everything);
        var file = new SegmentFile(folder, segment);
        file.Lines.RemoveRange(line - 1 - (segment * 5), count);
        file.Save();
        Assert.Equal(fault, await FirstAsync(folder));
    }

    [Fact]
    public async Task Swapped_entries_are_named_within_a_segment_and_over_two()
    {
        var folder = logged.Copy(logged.Everything);
        var file = new SegmentFile(folder, 1);
        (file.Lines[1], file.Lines[2]) = (file.Lines[2], file.Lines[1]);
        file.Save();
        Assert.Equal("Shard 0, segment 1, line 7: line 8 stands here and line 7 further down: lines were swapped.", await FirstAsync(folder));

        folder = logged.Copy(logged.Everything);
        var (first, second) = (new SegmentFile(folder, 0), new SegmentFile(folder, 2));
        (first.Lines[2], second.Lines[3]) = (second.Lines[3], first.Lines[2]);
        first.Save();
        second.Save();
        Assert.Equal("Shard 0, segment 0, line 3: line 14 stands here and line 3 further down: lines were swapped.", await FirstAsync(folder));
    }

    [Fact]
    public async Task Doubled_entry_is_named()
    {
        var folder = logged.Copy(logged.Everything);
        var file = new SegmentFile(folder, 0);
        file.Lines.Insert(2, file.Lines[1]);
        file.Save();
        Assert.Equal("Shard 0, segment 0, line 3: line 2 stands here a second time.", await FirstAsync(folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Removed_segment_is_named(int segment)
    {
        var folder = logged.Copy(logged.Everything);
        new SegmentFile(folder, segment).Delete();
        Assert.Equal($"Shard 0, segment {segment}: the segment is missing: it was removed.", await FirstAsync(folder));
        Directory.Delete(Path.Combine(folder, "applications"), recursive: true);
        Assert.Equal($"Shard 0, segment {segment}: the segment is missing: it was removed.", await FirstAsync(folder));
    }

    [Fact]
    public async Task Tail_that_was_cut_within_a_line_is_named()
    {
        var folder = logged.Copy(logged.Everything);
        var file = new SegmentFile(folder, 3);
        file.Truncate(10);
        Assert.Equal($"Shard 0, segment 3, line 19: the segment ends within the line (byte {file.Length - 10}): its tail was cut.", await FirstAsync(folder));
    }

    [Fact]
    public async Task Tail_that_was_cut_between_lines_is_named_by_what_the_applications_know()
    {
        foreach (var copy in new[] { logged.Everything, logged.Downloaded })
        {
            var folder = logged.Copy(copy);
            var file = new SegmentFile(folder, 3);
            file.Lines.RemoveAt(file.Lines.Count - 1);
            file.Save();
            Assert.Equal("Shard 0, segment 3, line 19: the log ends before it, but the entry of application 'A-12' of 'example' is missing: the tail was cut, or its delivery has not ended yet (then verify again in some minutes).", await FirstAsync(folder));
            file.Lines.RemoveRange(1, file.Lines.Count - 1);
            file.Save();
            Assert.Equal(3, (await logged.VerifyAsync(folder)).Faults.Count);
            Assert.Contains((await logged.VerifyAsync(folder)).Faults, f => f.Contains("it was decided when the log went on to segment 3, byte ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Tail_of_an_earlier_segment_is_named()
    {
        var folder = logged.Copy(logged.Everything);
        var file = new SegmentFile(folder, 1);
        file.Lines.RemoveRange(3, 2);
        file.Save();
        Assert.Equal("Shard 0, segment 1, line 9: the segment ends behind line 8 although a later one has lines: its tail was cut.", await FirstAsync(folder));
    }

    [Fact]
    public async Task Tail_that_was_cut_behind_an_anchor_is_named_without_applications()
    {
        var folder = logged.Copy(logged.Everything, "decision-log", "decision-anchors");
        new SegmentFile(folder, 3).Delete();
        var file = new SegmentFile(folder, 2);
        file.Lines.RemoveRange(1, file.Lines.Count - 1);
        file.Save();
        Assert.Equal("Shard 0, segment 2, line 12: the log ends before it, but anchor 2026-03-01.json saw line 13: its tail was cut.", await FirstAsync(folder));
        Directory.Delete(Path.Combine(folder, "decision-log", "00"), recursive: true);
        Assert.Equal("Shard 0, segment 0, line 1: the log ends before it, but anchor 2026-03-01.json saw line 13: its tail was cut.", await FirstAsync(folder));
    }

    [Fact]
    public async Task Replaced_line_breaks_the_chain_behind_it()
    {
        var folder = logged.Copy(logged.Everything);
        var file = new SegmentFile(folder, 0);
        file.Lines[2] = Reseal(Parse(file.Lines[2]), Parse(file.Lines[2])["previous"]!.GetValue<string>(), forge: true);
        file.Save();
        Assert.Equal("Shard 0, segment 0, line 4: the line does not continue the one before: one of the two was replaced.", await FirstAsync(folder));
    }

    [Fact]
    public async Task Log_that_was_rewritten_as_a_whole_chain_is_found_by_its_anchor()
    {
        var folder = logged.Copy(logged.Everything, "decision-log", "decision-anchors");
        var previous = new string('0', 64);
        for (var segment = 0; segment < 4; segment++)
        {
            var file = new SegmentFile(folder, segment);
            for (var i = 0; i < file.Lines.Count; i++)
            {
                file.Lines[i] = Reseal(Parse(file.Lines[i]), previous, forge: segment == 0 && i == 1);
                previous = Parse(file.Lines[i])["hash"]!.GetValue<string>();
            }

            file.Save();
        }

        Assert.Equal("Shard 0, segment 2, line 13: it is not the line of anchor 2026-03-01.json: the log was rewritten before it.", await FirstAsync(folder));
        Directory.Delete(Path.Combine(folder, "decision-anchors"), recursive: true);
        Assert.Empty((await logged.VerifyAsync(folder)).Faults); // which is why there are anchors
    }

    [Fact]
    public async Task Record_that_was_changed_is_not_what_the_log_sealed()
    {
        foreach (var (member, value) in new (string[], JsonNode)[] { (["decision", "verdict"], "approve"), (["inputs", "fields", "income"], 901), (["inputs", "submittedAt"], "2026-03-01T09:31:00+00:00"), (["hashKey"], Convert.ToBase64String(new byte[32])) })
        {
            var folder = logged.Copy(logged.Everything);
            var path = Path.Combine(folder, "applications", "example", "A-05.json");
            var record = JsonNode.Parse(await File.ReadAllTextAsync(path, Cancel))!;
            var at = record["case"]!;
            foreach (var name in member[..^1]) at = at[name]!;
            at[member[^1]] = value;
            await File.WriteAllTextAsync(path, record.ToJsonString(), Cancel);
            Assert.Equal("Application 'A-05' of 'example': its record is not what shard 0, line 8 sealed: it was changed.", await FirstAsync(folder));
        }
    }

    [Fact]
    public async Task Record_that_was_deleted_instead_of_erased_is_named_by_its_line()
    {
        var folder = logged.Copy(logged.Everything);
        File.Delete(Path.Combine(folder, "applications", "example", "A-05.json"));
        Assert.Equal("Shard 0, line 8: the application of this entry has no record: it was deleted, not erased.", await FirstAsync(folder));
    }

    [Fact]
    public async Task Record_whose_content_was_removed_otherwise_than_by_erasure_is_named()
    {
        var folder = logged.Copy(logged.Everything);
        var path = Path.Combine(folder, "applications", "example", "A-05.json");
        var record = JsonNode.Parse(await File.ReadAllTextAsync(path, Cancel))!.AsObject();
        record.Remove("case");
        await File.WriteAllTextAsync(path, record.ToJsonString(), Cancel);
        Assert.Equal("Application 'example/A-05.json': its content was removed otherwise than by erasure.", await FirstAsync(folder));
    }

    [Fact]
    public async Task Record_that_cannot_be_read_is_named()
    {
        var folder = logged.Copy(logged.Everything);
        await File.WriteAllTextAsync(Path.Combine(folder, "applications", "example", "A-05.json"), "{", Cancel);
        Assert.Equal("Application 'example/A-05.json': its record was changed and cannot be read.", await FirstAsync(folder));
    }

    [Fact]
    public async Task Anchor_that_was_changed_is_named()
    {
        var folder = logged.Copy(logged.Everything);
        var path = Path.Combine(folder, "decision-anchors", "2026-03-01.json");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Cancel)).Replace("\"previous\"", "\"before\"", StringComparison.Ordinal).Replace("\"at\"", "\"when\"", StringComparison.Ordinal), Cancel);
        Assert.Equal("Anchor 2026-03-01.json: it was changed and cannot be read.", await FirstAsync(folder));
    }

    [Fact]
    public async Task Folder_without_a_log_is_refused_with_what_to_give()
    {
        var empty = logged.Copy(logged.Everything, "none");
        Assert.Equal($"'{empty}' holds no folder 'decision-log': give the folder that 'serverless decisions download --out' wrote.", Assert.Throws<InvalidDataException>(() => LogCopy.Of(empty)).Message);
        await Assert.ThrowsAsync<InvalidDataException>(() => LogCopy.DownloadAsync(logged.Account, logged.Everything, logged.Time, Cancel));
    }

    private async Task<string> FirstAsync(string folder) => (await logged.VerifyAsync(folder)).Faults[0];

    private static JsonObject Parse(string line) => JsonNode.Parse(line)!.AsObject();

    private static string Reseal(JsonObject line, string previous, bool forge)
    {
        line["previous"] = previous;
        if (forge) line["decision"]!["modelVersion"] = "0123456789abcdef";
        var content = line.Deserialize<JsonObject>()!;
        content.Remove("hash");
        var sealedLine = SealedLine.Of(content.Deserialize<LogLine>(Json.Options)!);
        return Encoding.UTF8.GetString(sealedLine.Bytes.Span).TrimEnd('\n');
    }
}
