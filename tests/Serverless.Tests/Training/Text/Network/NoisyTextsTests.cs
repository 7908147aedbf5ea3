using Serverless.Serving.Text;
using Serverless.Training.Text;
using static TorchSharp.torch;

namespace Serverless.Tests.Training.Text.Networks;

public class NoisyTextsTests
{
    private static readonly NetworkRules Quiet = new() { Dropout = 0, WordDropout = 0 };
    private static readonly TextRow[] Rows = [.. Enumerable.Range(0, 40).Select(i => new TextRow((ulong)i, string.Join(' ', Enumerable.Repeat("where did my transfer payment", 10)), 0))];
    private static readonly WordReader Reader = new(WordVocabulary.Of(Rows.Select(r => r.Text), Vocabulary.HashBits), Vocabulary.HashBits);
    private static readonly int[] All = [.. Enumerable.Range(0, Rows.Length)];

    [Fact]
    public void Without_noise_the_words_are_those_of_the_texts_and_every_pattern_stays()
    {
        var (seen, plain) = (Words(Quiet, 1), WordBatch.Of([.. Rows.Select(r => r.Text)], Reader));
        Assert.Equal(plain.Words, seen.Words);
        Assert.Equal(plain.There, seen.There);
        Assert.Equal(6, seen.Pieces.Count); // five words and the blank
        Assert.Equal(plain.Pieces, seen.Pieces);
        using var scope = NewDisposeScope();
        Assert.Equal([1, 2], Noisy(Quiet).Patterns(tensor([1f, 2f], 1, 2), new Random(1)).data<float>().ToArray());
    }

    [Fact]
    public void Shares_of_words_are_blank_and_misspelt_by_the_generator_alone()
    {
        var rules = Quiet with { WordDropout = 0.2, CharacterNoise = 0.4 };
        var (seen, same, other) = (Words(rules, 1), Words(rules, 1), Words(rules, 2));
        Assert.Equal(seen.Words, same.Words);
        Assert.NotEqual(seen.Words, other.Words);
        var words = Rows.Length * 50;
        Assert.InRange(seen.There.Sum() / words, 1, 1); // a blank is a word yet
        var blank = 1 - (seen.Words.Count(w => w != 0) / (double)words);
        Assert.InRange(blank, 0.17, 0.26); // a misspelt word without a known piece is blank as well
        Assert.True(seen.Pieces.Count > 40); // misspelt ones are words of their own
        var plain = Words(Quiet, 1).Pieces.Skip(1).Select(p => string.Join(' ', p)).ToHashSet();
        var misspelt = seen.Words.Count(w => w != 0 && !plain.Contains(string.Join(' ', seen.Pieces[(int)w])));
        Assert.InRange(misspelt / (double)seen.Words.Count(w => w != 0), 0.2, 0.33); // of four in five words that are long enough, 0.4
    }

    [Fact]
    public void A_text_that_is_named_twice_is_seen_in_two_ways()
    {
        var batch = Noisy(Quiet with { WordDropout = 0.3 }).Words([3, 3], new Random(1));
        var width = batch.Words.Length / 2;
        Assert.False(batch.Words.AsSpan(0, width).SequenceEqual(batch.Words.AsSpan(width)));
    }

    [Fact]
    public void Patterns_are_left_out_and_the_others_count_more()
    {
        using var scope = NewDisposeScope();
        var seen = Noisy(Quiet with { Dropout = 0.75 }).Patterns(ones(100, 100), new Random(1)).data<float>().ToArray();
        Assert.Equal([0, 4], seen.Distinct().Order());
        Assert.InRange(seen.Average(), 0.93, 1.07);
    }

    private static NoisyTexts Noisy(NetworkRules rules) => new(Rows, Reader, rules);

    private static WordBatch Words(NetworkRules rules, int seed) => Noisy(rules).Words(All, new Random(seed));
}
