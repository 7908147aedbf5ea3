using Serverless.Serving.Text;

namespace Serverless.Tests.Serving.Text;

public class WordBatchTests
{
    private const int Bits = 17;

    [Fact]
    public void Rows_have_a_blank_before_and_behind_and_words_without_a_known_piece_are_blank()
    {
        var batch = WordBatch.Of(["My card, my zzz", "card", "😱"], Knowing("my", "card"));
        Assert.Equal((3, 4), (batch.Texts, batch.Length));
        var (my, card) = (1L, 2L); // in the order in which they come first
        Assert.Equal([0, my, card, my, 0, 0, /**/ 0, card, 0, 0, 0, 0, /**/ 0, 0, 0, 0, 0, 0], batch.Words);
        Assert.Equal([1, 1, 1, 1, /**/ 1, 0, 0, 0, /**/ 1, 0, 0, 0], batch.There); // a text without words is one blank, so that a mean is of something
        Assert.Equal(3, batch.Pieces.Count);
        Assert.Empty(batch.Pieces[0]);
    }

    [Theory]
    [InlineData("my card was stolen")]
    [InlineData("我的卡丢了")]
    [InlineData("سرقت بطاقتي")]
    public void Pieces_of_words_are_slots_of_the_n_grams(string text)
    {
        var all = new List<int>();
        NGrams.Collect(text, Bits, all);
        var (words, slots) = (new List<string>(), new List<int>());
        NGrams.Words(text, words);
        foreach (var word in words)
        {
            WordReader.Slots(word, Bits, slots);
            Assert.Contains(slots[0], all); // the word itself
            if (!text.Contains('卡', StringComparison.Ordinal)) Assert.All(slots, slot => Assert.Contains(slot, all)); // of a script without spaces, characters reach into neighbours
        }
    }

    [Fact]
    public void An_endless_word_has_no_more_pieces_than_a_long_one()
    {
        var slots = new List<int>();
        WordReader.Slots(new string('x', 5_000), Bits, slots);
        Assert.Equal(64, slots.Count);
    }

    [Fact]
    public void Patterns_of_each_width_have_their_middle_on_a_word() =>
        Assert.Equal([[(0, 1)], [(1, 1), (2, 2)], [(3, 0), (4, 1), (5, 2)]], WordBatch.Patterns);

    private static WordReader Knowing(params string[] words)
    {
        var slots = new List<int>();
        var all = new SortedSet<int>();
        foreach (var word in words)
        {
            WordReader.Slots(word, Bits, slots);
            all.Add(slots[0]);
        }

        return new(new([.. all]), Bits);
    }
}
