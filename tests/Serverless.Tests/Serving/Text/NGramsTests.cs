using Serverless.Serving.Text;

namespace Serverless.Tests.Serving.Text;

public class NGramsTests
{
    private const int Bits = 17;

    [Theory]
    [InlineData("caf\u00E9 r\u00E9sum\u00E9", "cafe\u0301 re\u0301sume\u0301")]
    [InlineData("\uFF23\uFF41\uFF52\uFF44\u3000\uFF11\uFF12", "card 12")]
    [InlineData("WHERE is My Card", "where is my card")]
    [InlineData("\u041A\u0410\u0420\u0422\u0410", "\u043A\u0430\u0440\u0442\u0430")]
    [InlineData("\u039A\u0391\u03A1\u03A4\u0391\u03A3", "\u03BA\u03B1\u03C1\u03C4\u03B1\u03C2")] // a final sigma
    [InlineData("lost -- card!!!", "lost card")]
    [InlineData("\uFF76\uFF70\uFF84\uFF9E", "\u30AB\u30FC\u30C9")] // half-width katakana
    public void Same_text_in_other_forms_has_the_same_slots(string one, string other)
    {
        Assert.NotEmpty(Slots(one));
        Assert.Equal(Slots(one), Slots(other));
    }

    [Theory]
    [InlineData("где моя карта", 3, 2)]
    [InlineData("أين بطاقتي", 2, 1)]
    [InlineData("कार्ड कहाँ है", 3, 2)]
    [InlineData("카드를 잃어버렸어요", 2, 1)]
    [InlineData("我的卡丢了", 5, 4)] // each character is a word
    [InlineData("บัตรหาย", 7, 6)]
    [InlineData("\U00020000\U00020001卡", 3, 2)] // characters outside the basic plane
    [InlineData("kort 12", 2, 1)]
    public void Text_of_any_script_has_words_pairs_and_characters(string text, int words, int pairs)
    {
        var slots = Slots(text);
        Assert.Equal(words + pairs, slots.Count(s => s < 1 << Bits));
        Assert.Contains(slots, s => s >= 1 << Bits);
    }

    [Fact]
    public void Characters_are_three_to_five_with_the_ends_marked()
    {
        // " ab ": 3 of 3 and 4 characters (" ab", "ab ", " ab "), nothing longer.
        Assert.Equal(3, Slots("ab").Count(s => s >= 1 << Bits));
        // " card ": 4 of 3, 3 of 4, 2 of 5.
        Assert.Equal(9, Slots("card").Count(s => s >= 1 << Bits));
        Assert.Contains((1 << Bits) | (int)(NGrams.Hash("ard ") >> (32 - Bits)), Slots("card"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?! -- ...")]
    [InlineData("\uD83D\uDE00")]
    public void Text_without_a_word_has_no_slots(string text) => Assert.Empty(Slots(text));

    [Theory]
    [InlineData("my card is lost, my card")]
    [InlineData("my 银行卡2 بطاقتي is lost 😱")]
    [InlineData("I \U00020000\U00020001卡")]
    public void Places_have_the_slots_of_the_text_in_order(string text)
    {
        var normal = NGrams.Normal(text);
        var (words, grams) = NGrams.Places(normal, Bits);
        Assert.Equal(Slots(text), grams.Select(g => g.Slot));
        var named = new List<string>();
        NGrams.Words(text, named);
        Assert.Equal(named, words.Select(w => normal[w.Start..w.End]));
        Assert.All(grams.Where(g => g.OfCharacters), g => Assert.InRange(g.End - g.Start, 3, 5));
        Assert.Equal((words.Count * 2) - 1, grams.Count(g => !g.OfCharacters));
    }

    [Fact]
    public void Repeated_words_are_repeated()
    {
        Assert.Equal(3, Slots("card card card").GroupBy(s => s).Where(g => g.Key < 1 << Bits).Max(g => g.Count()));
    }

    // Computed by an independent reading of the definition. Models live on these numbers: a change needs a new revision of the trainer.
    [Fact]
    public void Hashes_are_pinned()
    {
        Assert.Equal([2872998923, 338212253, 2059401301], new[] { NGrams.Hash(""), NGrams.Hash("card"), NGrams.Hash("\u5361") });
        int[] slots = [112855, 172304, 163904, 72173, 183315, 39635, 174096, 142079, 156311, 259059, 141393, 169753, 189274, 236866, 168673];
        Assert.Equal(slots.Order(), Slots("my card").Order());
    }

    private static List<int> Slots(string text)
    {
        var slots = new List<int>();
        NGrams.Collect(text, Bits, slots);
        return slots;
    }
}
