using CsCheck;
using Serverless.Serving.Text;

namespace Serverless.Tests.Serving.Text;

public class TextOriginsTests
{
    // Letters that are joined, taken apart, put in another order or made several of, and what lies between words.
    private static readonly string[] Parts =
    [
        "a", "Z", " ", "-", "e\u0301", "\u0301", "\u0323", "q\u0307\u0323", "a\u0327\u0301", "\u00E9", "\uFB01", "\u2460", "\u00BD", "\uFDFA", "\uFF76\uFF9E", "\uFF71", "\uFF9E", "\u1100", "\u1161", "\u11A8",
        "각", "银", "行", "\u0130", "\u039F\u03A3", "\U0001D400", "\U00020000", "😱", "👨‍👩‍👧", "ขอบคุณ", "कार्ड", "بطاقتي", "\u1E9B\u0323", "\u0344", "\u037A",
    ];

    [Theory]
    [InlineData("My card", "My 0 2", "card 3 4")]
    [InlineData("\uFB01ne \u2460", "\uFB01ne 0 3", "\u2460 4 1")] // a ligature, a number in a circle
    [InlineData("cafe\u0301 au", "cafe\u0301 0 5", "au 6 2")]
    [InlineData("\uFF76\uFF70\uFF84\uFF9E 1", "\uFF76 0 1", "\uFF70 1 1", "\uFF84\uFF9E 2 2", "1 5 1")] // half-width katakana, each a word
    [InlineData("\u1112\u1161\u11AB x", "\u1112\u1161\u11AB 0 3", "x 4 1")] // a Hangul syllable in three letters
    [InlineData("q\u0307\u0323 x", "q\u0307\u0323 0 3", "x 4 1")] // marks that change places
    [InlineData("\u00BD", "\u00BD 0 1", "\u00BD 0 1")] // one and two, of one character
    [InlineData("😱银行", "银 2 1", "行 3 1")]
    [InlineData("\U0001D400\U0001D401 x", "\U0001D400\U0001D401 0 4", "x 5 1")]
    public void Word_has_its_place_in_the_text_as_it_was_written(string text, params string[] words) => Assert.Equal(words, Words(text).Select(w => $"{text[w.Start..w.End]} {w.Start} {w.End - w.Start}"));

    [Fact]
    public void Any_word_comes_from_the_stretch_that_it_is_said_to_come_from() =>
        Gen.OneOf(Parts).Array[0, 12].Select(string.Concat).Sample(
            text => Words(text).All(w => w.Start < w.End && NGrams.Normal(text[w.Start..w.End]).Contains(w.Normal, StringComparison.Ordinal)), iter: 2000, threads: 1);

    private static IEnumerable<(int Start, int End, string Normal)> Words(string text)
    {
        var normal = NGrams.Normal(text);
        var origins = TextOrigins.Of(text, normal);
        return NGrams.Places(normal, bits: 17).Words.Select(w => (origins[w.Start].Start, origins[w.End - 1].End, normal[w.Start..w.End]));
    }
}
