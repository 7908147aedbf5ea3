using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving;

public class ValueFormatTests
{
    [Theory]
    [InlineData("de-DE", "1.234,5", 1234.5)]
    [InlineData("de-DE", "-1.234.567,89", -1234567.89)]
    [InlineData("de-DE", "1234,5", 1234.5)]
    [InlineData("de-DE", "0,5", 0.5)]
    [InlineData("de-DE", "1,5E3", 1500)]
    [InlineData("de-DE", "1.000", 1000)]
    [InlineData("en-US", "1,234.5", 1234.5)]
    [InlineData("en-IN", "12,34,567.5", 1234567.5)]
    [InlineData("fr-FR", "1\u202F234,5", 1234.5)]
    [InlineData("fr-FR", "1 234,5", 1234.5)]
    [InlineData("de-CH", "1\u2019234.5", 1234.5)]
    public void Number_of_a_culture_is_read(string culture, string text, double number) => Assert.Equal(number, Of(culture).Number(text));

    [Theory]
    [InlineData("de-DE", "1.23")]
    [InlineData("de-DE", "1234.567")]
    [InlineData("de-DE", ".123")]
    [InlineData("de-DE", "1..234")]
    [InlineData("de-DE", "1.2345")]
    [InlineData("de-DE", "1.23,5")]
    [InlineData("de-DE", "1,234.5")]
    [InlineData("de-DE", "1,2,3")]
    [InlineData("de-DE", "12.34.567")]
    [InlineData("en-US", "1.234,5")]
    [InlineData("de-DE", "NaN")]
    [InlineData("de-DE", "€ 5")]
    [InlineData("de-DE", "")]
    public void Number_of_another_culture_is_none(string culture, string text) => Assert.True(double.IsNaN(Of(culture).Number(text)));

    [Theory]
    [InlineData("de-DE", null, "29.2.2024", 19782)]
    [InlineData("de-DE", null, "29.02.2024", 19782)]
    [InlineData("de-DE", null, "29.02.2024 12:00", 19782.5)]
    [InlineData("de-DE", null, "2024-02-29", 19782)]
    [InlineData("en-US", null, "02/29/2024", 19782)]
    [InlineData("en-GB", null, "29/02/2024", 19782)]
    [InlineData(null, "yyyyMMdd", "20240229", 19782)]
    [InlineData("de-DE", "yyyyMMdd", "20240229", 19782)]
    [InlineData(null, "yyyyMMdd", "2024-02-29T12:00:00Z", 19782.5)]
    public void Date_of_a_culture_or_a_format_is_read(string? culture, string? dateFormat, string text, double days) => Assert.Equal(days, Reader(ColumnType.Date, culture, dateFormat).Read(text).Number);

    [Theory]
    [InlineData(ColumnType.Number, "de-DE", null, "1.5", "'c' is not a number: write it as 'de-DE' does, which the contract's format.culture says.")]
    [InlineData(ColumnType.Number, null, "yyyyMMdd", "1,5", "'c' is not a number: write it with a decimal point and without thousands separators.")]
    [InlineData(ColumnType.Date, "de-DE", null, "02/29/2024", "'c' is not a date: write it as 'de-DE' does, which the contract's format.culture says, or as yyyy-MM-dd.")]
    [InlineData(ColumnType.Date, "de-DE", "yyyyMMdd", "29.2.2024", "'c' is not a date: write it as yyyyMMdd, which the contract's format.dateFormat says, or as yyyy-MM-dd.")]
    public void Text_of_another_format_tells_how_to_write_it(ColumnType type, string? culture, string? dateFormat, string text, string fault) =>
        Assert.Equal(fault, Reader(type, culture, dateFormat).Read(text).Fault);

    [Fact]
    public void Codes_match_as_written_and_by_value_in_drops_and_in_applications()
    {
        var column = new Column { Name = "c", Type = ColumnType.Number, Missing = ["-9,0"], Special = ["1.000", "-8.5"] };
        var format = Of("de-DE");
        ColumnReader drop = new(column, false, format, format), application = new(column, false, null, format);
        Assert.Equal((CellKind.Missing, CellKind.Missing), (drop.Read("-9").Kind, application.Read("-9").Kind));
        Assert.Equal((CellKind.Special, CellKind.Special), (drop.Read("1000").Kind, application.Read("1000.0").Kind));
        Assert.Equal((CellKind.Special, CellKind.Special), (drop.Read("-8,50").Kind, application.Read("-8.5").Kind));
        Assert.Equal((CellKind.Number, CellKind.Number), (drop.Read("1").Kind, application.Read("1").Kind));
    }

    private static ValueFormat Of(string? culture, string? dateFormat = null) => ValueFormat.Of(new DropFormat { Culture = culture, DateFormat = dateFormat })!;

    private static ColumnReader Reader(ColumnType type, string? culture, string? dateFormat) => new(new Column { Name = "c", Type = type }, false, Of(culture, dateFormat));
}
