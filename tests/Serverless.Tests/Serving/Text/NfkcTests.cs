using Serverless.Serving.Text;

namespace Serverless.Tests.Serving.Text;

public class NfkcTests
{
    // From Unicode Standard Annex #15 (figures 3 to 6, section 5) and the Unicode Character Database.
    [Theory]
    [InlineData("plain ASCII ~", "plain ASCII ~")]
    [InlineData("\u00C5", "\u00C5")] // composed stays
    [InlineData("A\u030A", "\u00C5")] // composes
    [InlineData("\u212B", "\u00C5")] // angstrom sign, a singleton
    [InlineData("\u1E69", "\u1E69")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")] // marks are ordered first
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")] // ordered, nothing to compose with
    [InlineData("a\u0301\u0301", "\u00E1\u0301")] // the second is blocked by the first
    [InlineData("\uFB01", "fi")]
    [InlineData("2\u2075", "25")]
    [InlineData("\u1E9B\u0323", "\u1E69")]
    [InlineData("\uFF21\uFF42\uFF11\u3000", "Ab1 ")] // full-width
    [InlineData("\uFF76\uFF9E", "\u30AC")] // half-width katakana with its voiced mark
    [InlineData("\u1112\u1161\u11AB", "\uD55C")] // Hangul letters
    [InlineData("\uD55C\uAE00", "\uD55C\uAE00")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("\u2126", "\u03A9")]
    [InlineData("\uF900", "\u8C48")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")] // musical half note, excluded
    [InlineData("\uD835\uDC00", "A")] // mathematical bold
    [InlineData("\uFDFA", "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645")] // the longest
    [InlineData("\u0301a", "\u0301a")] // a mark without a base
    [InlineData("", "")]
    public void Known_text_has_its_form(string text, string form)
    {
        Assert.Equal(form, Nfkc.Normalize(text));
        Assert.Equal(form, Nfkc.Normalize(form));
    }

    [Fact]
    public void Every_Hangul_syllable_is_composed_from_its_letters()
    {
        for (var syllable = 0; syllable < 11172; syllable++)
        {
            var letters = $"{(char)(0x1100 + (syllable / 588))}{(char)(0x1161 + (syllable % 588 / 28))}{(syllable % 28 > 0 ? ((char)(0x11A7 + (syllable % 28))).ToString() : "")}";
            Assert.Equal(((char)(0xAC00 + syllable)).ToString(), Nfkc.Normalize(letters));
        }
    }

    [Fact]
    public void Lone_surrogate_is_replaced() => Assert.Equal("a\uFFFDb", Nfkc.Normalize("a\uD800b"));
}
