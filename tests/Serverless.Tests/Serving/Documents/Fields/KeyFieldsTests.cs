using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Documents;

namespace Serverless.Tests.Serving.Documents;

public sealed class KeyFieldsTests
{
    private const string Invoice = """
              KINTA HARDWARE (TAMAN RIA)
                  SDN BHD
                (1123456-D)
           NO. 6, JALAN PRIMA 2, PUSAT NIAGA,
             43300 BALAKONG, SELANGOR
              TEL: 03-8961 5566
                 TAX INVOICE
        Doc No.  : CS00012465
        Date     : 07/03/2018 1:05 PM
        PVC PIPE 20MM                22.00
        ELBOW                         7.20
        Sub Total                    29.20
        GST 6%                        1.75
        Rounding                      0.00
        Total (RM)                   30.95
        Cash                         50.00
        Change                       19.05
        THANK YOU
        """;

    private const string Payslip = """
        Weberwerk Maschinenbau GmbH
        Lindenallee 14
        50668 Köln
        Lohnabrechnung März 2026
        Mitarbeiter: Eva Huber       Personalnummer: 0042
        Eintritt: 01.02.2019         Auszahlungsdatum: 31.03.2026
        Gehalt                       3.800,00
        Gesamtbrutto                 3.800,00
        Lohnsteuer                     512,30
        Krankenversicherung            311,60
        Abzüge gesamt                  823,90
        Auszahlungsbetrag          2.976,10 EUR
        IBAN DE89 3704 0044 0532 0130 00
        """;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 0.04)]
    [InlineData(true, 0)]
    public void Invoice_has_company_address_date_and_total_also_turned_and_without_blanks(bool glued, double slant)
    {
        var found = KeyFields.Of(PrintedPage.Of(Invoice, glued, slant), FieldModel.Included);
        Assert.Equal(PaperKind.Receipt, found.Kind);
        Assert.Equal(Plain("KINTA HARDWARE (TAMAN RIA) SDN BHD"), Plain(found.Company!.Value));
        Assert.Equal(Plain("NO. 6, JALAN PRIMA 2, PUSAT NIAGA, 43300 BALAKONG, SELANGOR"), Plain(found.Address!.Value));
        Assert.Equal(("07/03/2018", "2018-03-07"), (found.Date!.Value, found.Date.Normalised));
        Assert.Equal(("30.95", "30.95", "MYR"), (found.Total!.Value, found.Total.Normalised, found.Total.Currency));
        Assert.Null(found.Iban);
        Assert.Null(found.Account);
    }

    private const string Wages = """

        Payslip May 2026
        Employee Name: Eva Tan       Pay Date: 29/05/2026
        Basic Salary                 3,000.00
        Gross Pay                    3,000.00
        EPF                            330.00
        Total Deductions               330.00
        Net Pay                      2,670.00
        """;

    /// <summary>Beside the employer stands where the employee lives; a letterhead without an address has none.</summary>
    [Theory]
    [InlineData("Eva Tan                      KINTA PAINT SDN BHD\n9, Jalan Ria 4               12, Jalan Prima 2\n47100 Puchong                43300 Balakong", "12, Jalan Prima 2 43300 Balakong")]
    [InlineData("KINTA PAINT SDN BHD          Private & Confidential\nTel: 03-8961 5566            Eva Tan\n                             9, Jalan Ria 4\n                             47100 Puchong", null)]
    [InlineData("KINTA PAINT SDN BHD\nBakery, Restaurant\n12, Jalan Prima 2\n43300 Balakong", "12, Jalan Prima 2 43300 Balakong")]
    public void Address_is_the_one_of_who_issued_the_paper(string head, string? address) => Assert.Equal(address, KeyFields.Of(PrintedPage.Of(head + Wages), FieldModel.Included).Address?.Value);

    [Theory]
    [InlineData("Employer: , ,\nby - -\n(: | 12\nTel: · ,")]
    [InlineData("\"\"\n· · ·\n- 123456 -\n(((\n)))\n: :")]
    [InlineData("GmbH\n(\n) 12345 | Tel\n| 12345 GmbH\n,,,, t/a ,,,, 4711\nA | Tel 0123456")]
    [InlineData("")]
    public void Fields_of_whatever_a_page_says_are_parts_of_it(string text)
    {
        var page = PrintedPage.Of(text + '\n' + "ACME " + new string('0', 400) + "/2\n" + string.Join(' ', Enumerable.Repeat("- 12345 (", 60)));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var found = KeyFields.Of(page, FieldModel.Included);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        foreach (var field in Enum.GetValues<KeyFieldName>().Select(n => found[n]).OfType<KeyField>())
        {
            Assert.NotEmpty(field.Value);
            Assert.All(field.Value.Split(' '), word => Assert.Contains(word, string.Join(' ', page.Lines.Select(l => l.Text)), StringComparison.Ordinal));
        }
    }

    private const string Goods = """

        TAX INVOICE
        Date 11/03/2019 10:15
        Nails 2kg                    18.00
        Paint                        24.35
        Subtotal                     42.35
        Tax                           2.54
        Total                        44.89

        """;

    [Theory]
    [InlineData("*** COPY ***\nLIM SOON TRADING\nBlk 15 Ubi Road 1\nSingapore 408703", KeyFieldName.Company, "LIM SOON TRADING")]
    [InlineData("LIM SOON TRADING SDN BHD\n(Dahulu dikenali sebagai\nKinta Paint Enterprise)\n12, JALAN PRIMA 2\n43300 BALAKONG", KeyFieldName.Company, "LIM SOON TRADING SDN BHD")]
    [InlineData("KINTA MART\n(LIM SOON TRADING SDN BHD)\n12, JALAN PRIMA 2\n43300 BALAKONG", KeyFieldName.Company, "(LIM SOON TRADING SDN BHD)")]
    [InlineData("LIM SOON TRADING\nNo 8\nJalan Ria 4\n43300 Balakong", KeyFieldName.Address, "No 8 Jalan Ria 4 43300 Balakong")]
    [InlineData("Weber Haustechnik GmbH\nSt. Gallerstrasse 12, 9000 Chur Tel. 071 123 45 67", KeyFieldName.Address, "St. Gallerstrasse 12, 9000 Chur")]
    [InlineData("FERRETERIA RIA SAS\n87 quai Ria,\nF-67134 Nantes TEL 04.04.88.01.51", KeyFieldName.Address, "87 quai Ria, F-67134 Nantes")]
    [InlineData("LIM SOON TRADING SDN . BHD .\n12, JALAN PRIMA 2,\n43300 BALAKONG", KeyFieldName.Company, "LIM SOON TRADING SDN . BHD .")]
    [InlineData("LIM SOON TRADING\n12, JALAN PRIMA 2,\n43300 BALAKONG . 03-8961 5566", KeyFieldName.Address, "12, JALAN PRIMA 2, 43300 BALAKONG")]
    [InlineData("LIM SOON TRADING\n12, JALAN PRIMA 2,\n43300 BALAKONG : 03-8961 5566", KeyFieldName.Address, "12, JALAN PRIMA 2, 43300 BALAKONG")]
    [InlineData("Walker Consulting Inc.\n31 N Maple Ave Garden Plaza Tucson AZ, 04080-1209", KeyFieldName.Address, "31 N Maple Ave Garden Plaza Tucson AZ, 04080-1209")]
    [InlineData("Restaurant Weber AG\nBrunnstrasse 5 7542 St. Gallen", KeyFieldName.Address, "Brunnstrasse 5 7542 St. Gallen")]
    [InlineData("Baumarkt Weber UG Lindenweg 24 9. OG 43258 Emden", KeyFieldName.Company, "Baumarkt Weber UG")]
    [InlineData("Baumarkt Weber UG Lindenweg 24 9. OG 43258 Emden", KeyFieldName.Address, "Lindenweg 24 9. OG 43258 Emden")]
    [InlineData("KUMAR TRADING CO. SDN BHD No. 918273-K\n12, JALAN PRIMA 2\n43300 BALAKONG", KeyFieldName.Company, "KUMAR TRADING CO. SDN BHD")]
    [InlineData("SOON HUAT TYRE & BATTERY\n(AUTO) SDN. BHD. 887120-T\n12, JALAN PRIMA 2\n43300 BALAKONG", KeyFieldName.Company, "SOON HUAT TYRE & BATTERY (AUTO) SDN. BHD.")]
    [InlineData("KINTA\nKINTA CO. (M) BHD (126881-H)\n12, JALAN PRIMA 2\n43300 BALAKONG", KeyFieldName.Company, "KINTA CO. (M) BHD")]
    [InlineData("Walker Farm Shop\nManor Lane, Ludlow\nShropshire SY8 2PJ\n01584 555 019 · www.walker.example", KeyFieldName.Address, "Manor Lane, Ludlow Shropshire SY8 2PJ")]
    [InlineData("Walker Garden Centre Ltd\n86 Park Lane, Cardiff SL2 5FN", KeyFieldName.Address, "86 Park Lane, Cardiff SL2 5FN")]
    [InlineData("Walker Garden Pty Ltd\n2 KELVILLE RD, CAIRNS QLD\n8140 Tel: 08 71921261", KeyFieldName.Address, "2 KELVILLE RD, CAIRNS QLD 8140")]
    [InlineData("Golden Crown Bakery &\nCo 615548-D\n12 High Street\nLeeds LS1 4AB", KeyFieldName.Company, "Golden Crown Bakery & Co")]
    [InlineData("Rotek Max Hardware Pty Ltd\n(Owned by Weber Garden\nEngineering, 442785502)\n45 Park Road,\nPerth WA 4604\nTel: 08 7192 1261", KeyFieldName.Address, "45 Park Road, Perth WA 4604")]
    [InlineData("XR2 Garden plc | 24 Temple Street | Galway", KeyFieldName.Company, "XR2 Garden plc")]
    [InlineData("WALKER GARDEN PTY LIMITED . 5 KELVILLE STREET . CAIRNS QLD, 1256", KeyFieldName.Company, "WALKER GARDEN PTY LIMITED")]
    [InlineData("Weber Handel B.V.\nJATOWICK 39,2803 VJ DELFT\n(Merham Mall)", KeyFieldName.Address, "JATOWICK 39,2803 VJ DELFT")]
    [InlineData("Walker Leisure Ltd t/a The Copper Kettle\n12 High Street\nLeeds LS1 4AB", KeyFieldName.Company, "Walker Leisure Ltd")]
    [InlineData("Weber Haustechnik GmbH · Lindenweg 2 · 26721 Emden", KeyFieldName.Company, "Weber Haustechnik GmbH")]
    [InlineData("Weber Haustechnik GmbH · Lindenweg 2 · 26721 Emden", KeyFieldName.Address, "Lindenweg 2 · 26721 Emden")]
    [InlineData("LIM SOON TRADING\n12, JALAN PRIMA 2,\n43300 BALAKONG, SELANGOR. TEL: 03-8961 5566", KeyFieldName.Address, "12, JALAN PRIMA 2, 43300 BALAKONG, SELANGOR.")]
    [InlineData("KINTA MART\n\"Murah setiap hari\"\nLIM SOON TRADING SDN BHD\n12, JALAN PRIMA 2\n43300 BALAKONG", KeyFieldName.Company, "LIM SOON TRADING SDN BHD")]
    [InlineData("WALKER BAKERY LTD\n12 HIGH STREET, LEEDS LS1\nOAB", KeyFieldName.Address, "12 HIGH STREET, LEEDS LS1 0AB")]
    [InlineData("LIM SOON ELECTRICAL\n& HARDWARE TRADING\nBlk 15 Ubi Road 1\nSingapore 408703", KeyFieldName.Company, "LIM SOON ELECTRICAL & HARDWARE TRADING")]
    [InlineData("Walker Bakery & Co 908256-R\n12 High Street\nLeeds LS1 4AB", KeyFieldName.Company, "Walker Bakery & Co")]
    [InlineData("KINTA PAINT SDN BHD\nSince 1990\nRIA BRANCH\n12, JALAN PRIMA 2\n43300 BALAKONG", KeyFieldName.Address, "12, JALAN PRIMA 2 43300 BALAKONG")]
    [InlineData("KINTA PAINT SDN BHD\nOUTLET: LOT 22, JALAN BESAR,\nTAMAN RIA, 52100 KUALA LUMPUR", KeyFieldName.Address, "LOT 22, JALAN BESAR, TAMAN RIA, 52100 KUALA LUMPUR")]
    public void Letterheads_of_receipts_are_told_apart_from_what_stands_beside(string head, KeyFieldName name, string value) =>
        Assert.Equal(value, KeyFields.Of(PrintedPage.Of(head + Goods), FieldModel.Included)[name]!.Value);

    [Theory]
    [InlineData("Visa                         44.89\nWarranty till 10-Nov-2021")]
    [InlineData("Suggested Tip:\n18%: (Tip $8.08 Total $52.97)\n20%: (Tip $8.98 Total $53.87)")]
    public void Neither_tips_nor_days_of_warranty_are_the_total_and_the_day(string foot)
    {
        var found = KeyFields.Of(PrintedPage.Of("LIM SOON TRADING\nBlk 15 Ubi Road 1\nSingapore 408703" + Goods + foot), FieldModel.Included);
        Assert.Equal(("44.89", "2019-03-11"), (found.Total!.Normalised, found.Date!.Normalised));
    }

    [Theory]
    [InlineData("Total (RM)                44.90\nEncik Tan", "44.90")]
    [InlineData("TL                        44.90\nCA                        50.00\nCG                         5.10", "44.90")] // what was given less what was given back
    [InlineData("Bill                      44.90\nUPI                       20.00\nCASH                      24.90", "44.90")]
    public void Total_is_told_by_what_was_paid_too(string rows, string total) =>
        Assert.Equal(total, KeyFields.Of(PrintedPage.Of($"LIM SOON TRADING\nBlk 15 Ubi Road 1\nSingapore 408703\nDate 11/03/2019\nNails                     20.55\nPaint                     24.33\nST                        44.88\nRND                        0.02\n{rows}"), FieldModel.Included).Total!.Normalised);

    [Fact]
    public void Value_is_told_where_several_that_are_much_the_same_are_together_likelier_than_none()
    {
        FieldModel Model(double none) => FieldModel.Included with
        {
            Fields = Enum.GetValues<KeyFieldName>().ToDictionary(n => n, _ => new FieldWeights(1, new Dictionary<string, double> { [FieldModel.None] = none })),
        };
        var page = PrintedPage.Of("A 1.00\nB 2.00\nC 3.00"); // three amounts, each as likely as the others
        Assert.InRange(KeyFields.Of(page, Model(Math.Log(2))).Total!.Confidence, 0.19, 0.21);
        Assert.Null(KeyFields.Of(page, Model(Math.Log(4))).Total);
    }

    [Fact]
    public void Payslip_has_the_net_pay_and_a_checked_iban()
    {
        var found = KeyFields.Of(PrintedPage.Of(Payslip), FieldModel.Included);
        Assert.Equal(PaperKind.Payslip, found.Kind);
        Assert.Equal("Weberwerk Maschinenbau GmbH", found.Company!.Value);
        Assert.Equal("Lindenallee 14 50668 Köln", found.Address!.Value);
        Assert.Equal("2026-03-31", found.Date!.Normalised);
        Assert.Equal(("2.976,10", "2976.10", "EUR"), (found.Total!.Value, found.Total.Normalised, found.Total.Currency));
        Assert.Equal(("DE89370400440532013000", false), (found.Iban!.Normalised, found.Iban.ForHuman));
        Assert.All([found.Company, found.Date, found.Total], f => Assert.InRange(f.Confidence, 0.5, 1));
    }

    [Fact]
    public void Iban_whose_check_fails_goes_to_a_person_and_one_with_a_misread_digit_is_mended()
    {
        Assert.True(KeyFields.Of(PrintedPage.Of(Payslip.Replace("0532", "0533", StringComparison.Ordinal)), FieldModel.Included).Iban is null or { ForHuman: true });
        Assert.Equal("DE89370400440532013000", KeyFields.Of(PrintedPage.Of(Payslip.Replace("0532", "O532", StringComparison.Ordinal)), FieldModel.Included).Iban!.Normalised);
    }

    [Fact]
    public void Box_lies_around_the_value_on_the_page_as_it_is()
    {
        var page = PrintedPage.Of(Invoice);
        var line = page.Lines.Single(l => l.Text == "30.95");
        Assert.Equal(line.Box, KeyFields.Of(page, FieldModel.Included).Total!.Box);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\n:\n(\n-1\n0,00,00\n12/12/\n99/99/9999\nIBAN DE")]
    public void Page_without_anything_has_no_fields_that_nobody_looks_at(string text)
    {
        var found = KeyFields.Of(PrintedPage.Of(text), FieldModel.Included);
        Assert.All(Enum.GetValues<KeyFieldName>(), name => Assert.True(found[name] is null or { ForHuman: true }));
    }

    [Fact]
    public void Json_has_the_names_of_the_contract_and_leaves_out_what_is_not_there()
    {
        var json = JsonSerializer.SerializeToElement(KeyFields.Of(PrintedPage.Of(Payslip), FieldModel.Included), Json.Options);
        Assert.Equal("2976.10", json.GetProperty("total").GetProperty("normalised").GetString());
        Assert.Equal(["box", "confidence", "currency", "forHuman", "normalised", "value"], json.GetProperty("total").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.False(json.TryGetProperty("account", out _));
    }

    private static string Plain(string text) => text.Replace(" ", "", StringComparison.Ordinal);
}
