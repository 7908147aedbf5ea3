using Serverless.Serving.Documents;

namespace Serverless.Tests.Serving.Documents;

public sealed class PageValuesTests
{
    [Theory]
    [InlineData("Date:14/03/2018", "2018-03-14")]
    [InlineData("14.03.18", "2018-03-14")]
    [InlineData("2026-03-14", "2026-03-14")]
    [InlineData("14 Mar 2026", "2026-03-14")]
    [InlineData("March 14, 2026", "2026-03-14")]
    [InlineData("CHECKDATEMar14,2026", "2026-03-14")]
    [InlineData("14. März 2026", "2026-03-14")]
    [InlineData("25/12/20188:13:39PM", "2018-12-25")]
    [InlineData("28/11/1908:41", "2019-11-28")]
    [InlineData("l4/O3/2018", "2018-03-14")]
    [InlineData("DateIssued19-07-2009", "2009-07-19")]
    [InlineData("Datum:20.09.09,09:25:45 AM", "2009-09-20")]
    [InlineData("15/03/174:30PM", "2017-03-15")]
    [InlineData("ReceiptDate:02Nov201407:30:46AM", "2014-11-02")]
    [InlineData("06/Ju1/2017", "2017-07-06")]
    [InlineData("date190cT2023", "2023-10-19")]
    [InlineData("TimeAPR092009", "2009-04-09")]
    [InlineData("21:5601Jan09", "2009-01-01")]
    [InlineData("15.06.24-20:13", "2024-06-15")]
    [InlineData("Sabtu, 3 Agustus 2024", "2024-08-03")]
    [InlineData("3.8.2024-17", null)]
    [InlineData("HC03-7-15", null)]
    [InlineData("1.234.567", null)]
    [InlineData("31/02/2020", null)]
    public void Dates_are_found_as_printed_and_as_misread(string text, string? iso) =>
        Assert.Equal(iso is null ? [] : [iso], new PageLayout(PrintedPage.Of(text)).Dates.All.Select(d => d.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("03/04/2018", "2018-04-03")]
    [InlineData("03/04/2018\nAustin, TX 78701", "2018-03-04")]
    [InlineData("03/04/2018\n(512) 555-0123   $5.00", "2018-03-04")]
    [InlineData("03/04/2018\n03/25/2018", "2018-03-04")]
    [InlineData("Tue 03/04/2018", "2018-04-03")]
    [InlineData("Tue 03/04/2018\nAustin, TX 78701", "2018-04-03")]
    [InlineData("03/04/2018 (Sunday)", "2018-03-04")]
    [InlineData("Ahad, 03/04/18", "2018-03-04")]
    [InlineData("03/04/2018 Tue, 04/04/2018 Wed", "2018-04-03")]
    [InlineData("01/04/2018 - Mon 05/06/2018\nAustin, TX 78701", "2018-01-04")]
    [InlineData("Fri 03/04/2018\nMonarch 03/04/2018", "2018-04-03")]
    [InlineData("03/04/2018\n1800-488-2200   S$5.00", "2018-04-03")]
    [InlineData("03/04/2018\n1-800-488-2200   $5.00", "2018-03-04")]
    [InlineData("03/04/2018\n25/03/2018", "2018-04-03")]
    public void Day_or_month_first_is_told_by_the_page(string text, string iso) =>
        Assert.Equal(iso, new PageLayout(PrintedPage.Of(text)).Dates.All[0].Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("TOTALRM12.50", "12.50", "MYR")]
    [InlineData("1.234,56 EUR", "1234.56", "EUR")]
    [InlineData("1 234,56", "1234.56", null)]
    [InlineData("CHF 1'234.50", "1234.50", "CHF")]
    [InlineData("$-5.00", "-5.00", "USD")]
    [InlineData("-$5.00", "-5.00", "USD")]
    [InlineData("12.50-", "-12.50", null)]
    [InlineData("1O.5O", "10.50", null)]
    [InlineData("Net:1.946,49", "1946.49", null)]
    [InlineData("£ 1,000", "1000", "GBP")]
    [InlineData("TOTAL 112,300", "112300", null)]
    [InlineData("Rp 291.600", "291600", "IDR")]
    [InlineData("NPWP 1734829", null, null)]
    [InlineData("GST 6.00%", null, null)]
    [InlineData("4,780,395,17", null, null)]
    [InlineData("14.03.2018", null, null)]
    public void Amounts_are_found_in_every_format(string text, string? value, string? currency)
    {
        var found = new PageLayout(PrintedPage.Of(text)).Money.All;
        Assert.Equal(value is null ? [] : [(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), currency)], found.Select(a => (a.Value, a.Currency)));
    }

    [Fact]
    public void Numbers_in_groups_are_no_amounts_where_others_have_cents() =>
        Assert.Equal(["12.50"], new PageLayout(PrintedPage.Of("Points 112,300\nTotal 12.50")).Money.All.Select(a => a.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("Grand Total", "GrandTotal")]
    [InlineData("GRANDTOTAL", "GrandTotal")]
    [InlineData("T0tal", "Total")]
    [InlineData("Tota1", "Total")]
    [InlineData("Sub-Total", "Subtotal")]
    [InlineData("Rückge1d", "Change")]
    [InlineData("Ruckgeld", "Change")]
    [InlineData("Auszahlungsbetraq", "NetPay")]
    [InlineData("CASHRECEIPT", "ReceiptTitle")]
    public void Keywords_are_found_although_misread(string text, string keyword) => Assert.Equal(keyword, KeywordFinder.Find(text)[0].Keyword.ToString());

    [Theory]
    [InlineData("Hotel")]
    [InlineData("barbecue")]
    [InlineData("Taxi")]
    public void Short_keywords_are_not_found_within_words(string text) => Assert.Empty(KeywordFinder.Find(text));
}
