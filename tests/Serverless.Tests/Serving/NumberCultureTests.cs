using System.Globalization;
using Serverless.Serving;

namespace Serverless.Tests.Serving;

public class NumberCultureTests
{
    [Theory]
    [InlineData("de-DE", ',', ".", "3.4.2026")]
    [InlineData("de-CH", '.', "'\u2019", "03.04.2026 7:05")]
    [InlineData("fr-FR", ',', " \u00A0\u202F", "03/04/2026")]
    [InlineData("en-US", '.', ",", "4/3/2026")]
    [InlineData("en-GB", '.', ",", "03/04/2026 07:05:09")]
    [InlineData("nl-NL", ',', ".", "3-4-2026")]
    [InlineData("sv-SE", ',', " \u00A0\u202F", "2026-04-03")]
    [InlineData("hu-HU", ',', " \u00A0\u202F", "2026. 04. 03.")]
    [InlineData("bg-BG", ',', " \u00A0\u202F", "3.04.2026 г.")]
    public void Culture_writes_numbers_and_dates_as_its_country_does(string name, char decimals, string groups, string date)
    {
        var culture = NumberCulture.Find(name)!;
        Assert.Equal((name, decimals, groups), (culture.Name, culture.DecimalSeparator, culture.GroupSeparators));
        Assert.Equal(new DateOnly(2026, 4, 3), DateOnly.FromDateTime(DateTime.ParseExact(date, [.. culture.DateFormats], CultureInfo.InvariantCulture, DateTimeStyles.None)));
    }

    [Fact]
    public void Every_culture_tells_decimals_from_thousands_and_reads_what_it_writes()
    {
        Assert.True(NumberCulture.Known.Count >= 50);
        var day = new DateTime(2026, 4, 3);
        foreach (var culture in NumberCulture.Known.Select(name => NumberCulture.Find(name)!))
        {
            Assert.DoesNotContain(culture.DecimalSeparator, culture.GroupSeparators);
            foreach (var format in culture.DateFormats)
            {
                var written = day.ToString(format, CultureInfo.InvariantCulture);
                Assert.Equal(day, DateTime.ParseExact(written, [.. culture.DateFormats], CultureInfo.InvariantCulture, DateTimeStyles.None));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("de")]
    [InlineData("de_DE")]
    [InlineData("DE-de")]
    [InlineData("xx-XX")]
    public void Name_that_is_not_known_is_none(string name) => Assert.Null(NumberCulture.Find(name));
}
