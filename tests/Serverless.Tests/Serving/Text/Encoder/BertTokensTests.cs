using System.Text;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Tests.Serving.Text.Encoder;

/// <summary>
/// Texts become the tokens that Hugging Face's own tokenizers make of them: the expected ids are what its <c>tokenizers</c> 0.23 gave for this vocabulary.
/// </summary>
public class BertTokensTests
{
    private static readonly string[] Vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "my", "card", "cards", "##s", "cafe", "Cafe", "caf\u00e9", "un", "##aff", "##able", "!", ".", "-", "'", "don", "t", "$", "5", "##5",
        "\u20ac", "\u6211", "\u7684", "\u5361", "\u043a\u0440\u0435\u0434\u0438\u0442", "##\u044b", "\u00df", "strasse", "i", "##i", "x", "##x", "\u1112", "##\u1161", "##\u11ab",
        "\U0001F600", "##\U0001F600", "a", "##a", "\u0130", "no", "[", "]", "mask",
    ];

    private static readonly TokenRules Uncased = new(true, true, true, true, "##", 100, "[UNK]", "[CLS]", "[SEP]", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]);

    private static readonly TokenRules Cased = Uncased with { LowerCase = false, StripAccents = false };

    private static BertTokens Of(TokenRules rules) => new(rules, Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary) + "\n"));

    [Theory]
    [InlineData("my cards", "5,7")]
    [InlineData("My CARD!", "5,6,15")]
    [InlineData("unaffable", "12,13,14")]
    [InlineData("Caf\u00e9", "9")]
    [InlineData("e\u0301 cafe\u0301", "1,9")]
    [InlineData("don't", "19,18,20")]
    [InlineData("$5.55", "21,22,16,22,23")]
    [InlineData("\u20ac5", "24,23")] // a currency sign is no punctuation
    [InlineData("\u6211\u7684\u5361", "25,26,27")]
    [InlineData("my\u5361x", "5,27,34")]
    [InlineData("\u043a\u0440\u0435\u0434\u0438\u0442\u044b", "28,29")]
    [InlineData("Stra\u00dfe", "1")]
    [InlineData("\u0130i", "32,33")]
    [InlineData("x\u00adx", "34,35")] // a soft hyphen is nothing
    [InlineData("my\0card\ufffd", "1")]
    [InlineData("my\u00a0card\tmy\u3000card", "5,6,5,6")]
    [InlineData("\ud55c", "36,37,38")] // a Hangul syllable falls into its letters
    [InlineData("\U0001F600\U0001F600 no", "39,40,44")]
    [InlineData("[MASK] my [mask] [SEP]card", "4,5,45,47,46,3,6")]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData("zebra", "1")]
    [InlineData("x\ue000x x\u0378x", "34,35,1")] // private use is nothing, an unassigned character is one
    [InlineData("\u2014my\u2014", "1,5,1")]
    public void Text_has_the_tokens_of_the_original(string text, string expected) => Assert.Equal($"2,{expected},3".Replace(",,", ",", StringComparison.Ordinal), string.Join(',', Of(Uncased).Of(text, 512)));

    [Theory]
    [InlineData("My CARD!", "1,1,15")]
    [InlineData("Caf\u00e9 caf\u00e9 Cafe", "1,11,10")]
    [InlineData("\ud55c", "1")]
    [InlineData("\u0130", "43")]
    public void Cased_text_keeps_letters_and_accents(string text, string expected) => Assert.Equal($"2,{expected},3", string.Join(',', Of(Cased).Of(text, 512)));

    [Theory]
    [InlineData("Caf\u00e9", 11, true, false)]
    [InlineData("Caf\u00e9", 10, false, true)]
    public void Letters_and_accents_are_told_apart(string text, int expected, bool lower, bool strip) =>
        Assert.Equal([2, expected, 3], Of(Uncased with { LowerCase = lower, StripAccents = strip }).Of(text, 512));

    [Fact]
    public void Ideographs_stay_together_where_the_tokenizer_says_so() => Assert.Equal([2, 1, 3], Of(Uncased with { ChineseCharacters = false }).Of("\u6211\u7684\u5361", 512));

    [Fact]
    public void Word_of_more_than_a_hundred_characters_is_unknown_and_characters_are_not_UTF_16_units()
    {
        Assert.Equal([2, 41, .. Enumerable.Repeat(42, 99), 3], Of(Uncased).Of(new string('a', 100), 512));
        Assert.Equal([2, 1, 3], Of(Uncased).Of(new string('a', 101), 512));
        Assert.Equal([2, 39, .. Enumerable.Repeat(40, 59), 3], Of(Uncased).Of(string.Concat(Enumerable.Repeat("\U0001F600", 60)), 512));
    }

    [Fact]
    public void Long_text_is_cut_off_and_keeps_its_last_mark()
    {
        Assert.Equal([2, 5, 6, 3], Of(Uncased).Of("my card my card", 4));
        Assert.Equal([2, 4, 4, 3], Of(Uncased).Of("[MASK][MASK][MASK]", 4));
        Assert.Equal([2, 12, 13, 3], Of(Uncased).Of("unaffable", 4));
        Assert.Equal([2, 5, 6, 3], Of(Uncased).Of("my card", 4));
    }

    [Fact]
    public void Vocabulary_that_lacks_a_mark_or_has_a_token_twice_is_refused()
    {
        Assert.StartsWith("The vocabulary has no '[SEP]': ", Assert.Throws<InvalidModelException>(() => new BertTokens(Uncased, "[PAD]\n[UNK]\n[CLS]\n[MASK]\n"u8.ToArray())).Message, StringComparison.Ordinal);
        Assert.StartsWith("The vocabulary has the token of line 2 twice", Assert.Throws<InvalidModelException>(() => new BertTokens(Uncased, "a\na\n"u8.ToArray())).Message, StringComparison.Ordinal);
    }
}
