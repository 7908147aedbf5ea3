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
    [InlineData("ＴＯＴＡＬ：１２．５０", "TOTAL:12.50")]
    [InlineData("41 KELF0RDFELD R0AD", "41 KELFORDFELD ROAD")]
    [InlineData("DENVER,C0 34306", "DENVER,CO 34306")]
    [InlineData("COLUMBUS, 0H, 89152-6507", "COLUMBUS, OH, 89152-6507")]
    [InlineData("LindenstraBe 7", "Lindenstraße 7")]
    [InlineData("INV-0012 A0", "INV-0012 A0")]
    [InlineData("NOTEB00K PH0T0C0PY", "NOTEBOOK PHOTOCOPY")]
    [InlineData("0RTAFORD 0utlet, 0ld, 0ml", "ORTAFORD Outlet, Old, 0ml")]
    [InlineData("BANK 0F ELTA, N0. 12", "BANK OF ELTA, NO. 12")]
    [InlineData("RQ1 0LY", "RQ1 0LY")]
    [InlineData("RM0.50 2.00RM 5.0KG 10,00EUR", "RM0.50 2.00RM 5.0KG 10,00EUR")]
    [InlineData("471O0 PUCHONG, 550o0, 2o18, 1230O, #B1-O7", "47100 PUCHONG, 55000, 2018, 12300, #B1-07")]
    [InlineData("RED BAMB00 PASE0 ARA, 424", "RED BAMBOO PASEO ARA, 424")]
    [InlineData("INV00 TOTAL0.50 ABCD0-12", "INV00 TOTAL0.50 ABCD0-12")]
    [InlineData("STREET 44,#08-54,SO99023", "STREET 44,#08-54,S099023")]
    [InlineData("CARDIFF XT6 OFN, SW1A OAA", "CARDIFF XT6 0FN, SW1A 0AA")]
    [InlineData("St. Ga1len, Li1le, A1, w1, V1 b1", "St. Gallen, Lille, A1, w1, V1 b1")]
    [InlineData("5233l Sungai, 5233I, 100l, PT 2O, JALAN", "52331 Sungai, 52331, 100l, PT 20, JALAN")]
    [InlineData("12o 4O A1O2", "12o 4O A1O2")]
    [InlineData("Balance0 0ML EGGS 10S", "Balance0 0ML EGGS 10S")]
    public void Habits_of_readers_are_mended_in_place(string read, string mended) => Assert.Equal(mended, LatinText.Of(read));
}
