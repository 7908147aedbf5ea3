using Serverless.Serving.Documents;

namespace Serverless.Tests.Serving.Documents.Reading;

public class LatinTextTests
{
    [Theory]
    [InlineData("VIA D0GAN\uFF0C 6 58049 - VER0NA", "VIA DOGAN, 6 58049 - VERONA")]
    [InlineData("Gahamko \uFF08Taman\uFF09", "Gahamko (Taman)")]
    [InlineData("L0nd0n", "London")]
    [InlineData("GB82 SERH0178", "GB82 SERH0178")]
    [InlineData("A0B1 R2D0X", "A0B1 R2D0X")]
    [InlineData("No.0 10 RM10.00", "No.0 10 RM10.00")]
    [InlineData("\u5317\u4EAC\uFF0C100", "\u5317\u4EAC\uFF0C100")]
    [InlineData("", "")]
    public void Wide_signs_become_plain_and_zeros_within_words_letters(string read, string mended) => Assert.Equal(mended, LatinText.Of(read));
}
