using System.Text.RegularExpressions;
using Serverless.Serving;
using Serverless.Training.Drops;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Samples;

public partial class CustomerServiceSampleTests
{
    [Fact]
    public async Task Set_has_20_intents_of_40_texts_and_80_out_of_scope()
    {
        var counts = (await ReadAsync()).CountBy(r => r.Intent).ToDictionary();
        Assert.True(counts.Remove(CustomerServiceSample.Contract.OutOfScopeLabel!, out var none));
        Assert.Equal(80, none);
        Assert.Equal(20, counts.Count);
        Assert.All(counts.Values, n => Assert.Equal(40, n));
    }

    [Fact]
    public async Task No_text_is_there_twice()
    {
        var seen = (await ReadAsync()).GroupBy(r => string.Join(' ', Words(r.Text)) is { Length: > 0 } words ? words : r.Text);
        Assert.Empty(seen.Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public async Task Texts_of_an_intent_are_worded_differently()
    {
        foreach (var intent in (await ReadAsync()).GroupBy(r => r.Intent, r => Words(r.Text).ToHashSet()))
        {
            var sets = intent.ToArray();
            var overlaps = sets.SelectMany((one, i) => sets[(i + 1)..].Select(other => Jaccard(one, other))).ToArray();
            Assert.True(overlaps.Average() < 0.10, $"{intent.Key}: {overlaps.Average()}");
            Assert.True(overlaps.Max() < 0.6, $"{intent.Key}: {overlaps.Max()}");
            Assert.True(sets.Select(s => s.FirstOrDefault()).Distinct().Count() >= 25, $"{intent.Key} begins alike");
        }
    }

    [Fact]
    public async Task Texts_are_short_and_long_with_and_without_punctuation()
    {
        foreach (var intent in (await ReadAsync()).Where(r => r.Intent != "out_of_scope").GroupBy(r => r.Intent, r => r.Text))
        {
            var lengths = intent.Select(t => t.Split(' ').Length).ToArray();
            Assert.True(lengths.Min() <= 4 && lengths.Max() is >= 15 and <= 30, intent.Key);
            Assert.InRange(intent.Count(t => char.IsLetter(t[^1])), 8, 32);
            Assert.InRange(intent.Count(t => t.EndsWith('?')), 5, 30);
        }
    }

    [Fact]
    public async Task Examples_are_not_in_the_set()
    {
        var texts = (await ReadAsync()).Select(r => Words(r.Text).ToHashSet()).ToArray();
        Assert.All(CustomerServiceSample.Examples, e => Assert.True(texts.Max(t => Jaccard(t, Words(e).ToHashSet())) < 0.6, e));
    }

    private static async Task<List<(string Text, string Intent)>> ReadAsync()
    {
        var contract = CustomerServiceSample.Contract;
        await using var stream = CustomerServiceSample.OpenCsv();
        var cancel = TestContext.Current.CancellationToken;
        await using var file = await LocalDrop.CopyAsync(stream, cancel);
        await using var csv = Assert.IsType<Outcome<DropTable>.Done>(await DropTable.OpenAsync(file, contract.Format, contract.Limits, cancel)).Value;
        var rows = new List<(string, string)>();
        while (await csv.ReadAsync(cancel)) rows.Add((csv[csv.IndexOf(contract.TextColumn)].ToString(), csv[csv.IndexOf(contract.LabelColumn)].ToString()));
        return rows;
    }

    private static double Jaccard(HashSet<string> one, HashSet<string> other)
    {
        var common = one.Count(other.Contains);
        var all = one.Count + other.Count - common;
        return all == 0 ? 0 : (double)common / all;
    }

    private static IEnumerable<string> Words(string text) => Word().Matches(text.ToLowerInvariant().Replace("'", "", StringComparison.Ordinal)).Select(m => m.Value);

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();
}
