using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Documents;

namespace Serverless.Tests.Serving.Documents.Applications;

public class DocumentChecksTests
{
    [Theory]
    [InlineData("36000", "3000.00", true)]
    [InlineData("36000", "3300.00", true)]
    [InlineData("36000", "3300.01", false)]
    [InlineData("36000", "2699.99", false)]
    [InlineData("\"36000\"", "2000.00", false)]
    [InlineData("null", "2000.00", true)]
    [InlineData("\" \"", "2000.00", true)]
    [InlineData("\"many\"", "2000.00", true)]
    public void Amount_of_a_month_agrees_within_the_tolerance_of_the_stated_year(string stated, string read, bool agrees) =>
        Assert.Equal(agrees, Agrees(new DocumentRule { Field = "x", Reads = KeyFieldName.Total, Times = 12, Tolerance = 0.1m }, stated, read));

    [Theory]
    [InlineData("\"2026-03-14\"", "2026-03-20", 7, true)]
    [InlineData("\"2026-03-14T09:00:00Z\"", "2026-03-14", 0, true)]
    [InlineData("\"2026-03-14\"", "2026-03-22", 7, false)]
    [InlineData("\"14 March\"", "2026-03-22", 7, true)]
    public void Date_agrees_within_the_days(string stated, string read, int days, bool agrees) =>
        Assert.Equal(agrees, Agrees(new DocumentRule { Field = "x", Reads = KeyFieldName.Date, Days = days }, stated, read));

    [Theory]
    [InlineData("Brook & Sons Ltd", "BROOK AND SONS LTD.", true)]
    [InlineData("Brook & Sons", "Brook & Sons Limited, Leeds", true)]
    [InlineData("Brook & Sons", "Br00k & Sons", true)]
    [InlineData("Brook & Sons", "Harbour Foods", false)]
    [InlineData("Ikea", "Asda", false)]
    public void Employer_agrees_by_letters_and_digits(string stated, string read, bool agrees) =>
        Assert.Equal(agrees, Agrees(new DocumentRule { Field = "x", Reads = KeyFieldName.Company }, $"\"{stated}\"", read));

    [Theory]
    [InlineData("GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432", true)]
    [InlineData("GB82WEST12345698765433", "GB82WEST12345698765432", false)]
    public void Account_agrees_whole_or_not_at_all(string stated, string read, bool agrees) =>
        Assert.Equal(agrees, Agrees(new DocumentRule { Field = "x", Reads = KeyFieldName.Iban }, $"\"{stated}\"", read));

    [Fact]
    public void Paper_that_was_not_read_is_of_another_kind_or_is_for_a_person_contradicts_nothing()
    {
        var rule = new DocumentRule { Field = "x", Reads = KeyFieldName.Total, Kind = PaperKind.Payslip };
        var field = new KeyField("7.00", "7.00", 0.9, default, ForHuman: false);
        Assert.Empty(Of(rule, "1", new KeyFields { Kind = PaperKind.Receipt, Total = field }));
        Assert.Empty(Of(rule, "1", new KeyFields { Total = field }));
        Assert.Empty(Of(rule, "1", new KeyFields { Kind = PaperKind.Payslip, Total = field with { ForHuman = true } }));
        Assert.Empty(Of(rule, "1", null));
        Assert.Equal([new Contradiction("x", KeyFieldName.Total, "a.png", "1", "7.00", 0.9)], Of(rule, "1", new KeyFields { Kind = PaperKind.Payslip, Total = field }));
    }

    [Fact]
    public void Rules_of_a_contract_are_checked()
    {
        string[] Faults(string rules) => [.. ((Outcome<DataContract>.Rejected)new CreditFamily().ReadContract(Changed(rules))).Reasons];
        Assert.Equal(["'documents[0].times' must lie above 0 and be at most 1000: 12 makes a yearly amount of a monthly one."], Faults("""[{ "field": "income", "reads": "total", "times": 0 }]"""));
        Assert.Equal(["'documents[0].times' multiplies an amount, and 'income' is compared with none: leave it out."], Faults("""[{ "field": "income", "reads": "company", "times": 12 }]"""));
        Assert.Equal(["'documents' compares 'income' with the same of the same paper 2 times: keep one."], Faults("""[{ "field": "income", "reads": "total" }, { "field": "income", "reads": "total", "tolerance": 0.2 }]"""));
        Assert.Equal(["'documents' lists null: write a rule or remove it."], Faults("[null]"));
    }

    private static byte[] Changed(string rules)
    {
        var contract = JsonNode.Parse(Json.File(Credit.CreditExample.Contract))!.AsObject();
        contract["documents"] = JsonNode.Parse(rules);
        return System.Text.Encoding.UTF8.GetBytes(contract.ToJsonString());
    }

    private static bool Agrees(DocumentRule rule, string stated, string read)
    {
        var field = new KeyField(read, read, 0.9, default, ForHuman: false);
        var fields = rule.Reads switch
        {
            KeyFieldName.Total => new KeyFields { Total = field },
            KeyFieldName.Date => new KeyFields { Date = field },
            KeyFieldName.Company => new KeyFields { Company = field },
            _ => new KeyFields { Iban = field },
        };
        return Of(rule, stated, fields).Count == 0;
    }

    private static IReadOnlyList<Contradiction> Of(DocumentRule rule, string stated, KeyFields? fields) => DocumentChecks.Of(
        [rule], new Dictionary<string, JsonElement> { ["x"] = JsonDocument.Parse(stated).RootElement }, [new("p", "a", "a.png", "0x1", default, "v") { Fields = fields }]);
}
