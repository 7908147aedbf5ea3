using Serverless.Serving.Text;

namespace Serverless.Tests.Serving.Text.Redactions;

public class RedactorTests
{
    private static readonly Redactor Redactor = new(new RedactionRules());

    [Theory]
    [InlineData("My card 4111 1111 1111 1111 was declined", "My card [card] was declined", "card 1")]
    [InlineData("4111-1111-1111-1111", "[card]", "card 1")]
    [InlineData("card 3782 822463 10005, please", "card [card], please", "card 1")]
    [InlineData("12 4111111111111111", "12 [card]", "card 1")]
    [InlineData("4111111111111111 12/27 123", "[card] 12/27 123", "card 1")]
    [InlineData("4111 1111\r\n1111 1111", "[card]", "card 1")]
    [InlineData("４１１１　１１１１　１１１１　１１１１です", "[card]です", "card 1")]
    [InlineData("٤١١١١١١١١١١١١١١١", "[card]", "card 1")]
    [InlineData("4111\u200B1111\u00A01111\u20111111", "[card]", "card 1")]
    [InlineData("𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏!", "[card]!", "card 1")]
    [InlineData("pay to DE89 3704 0044 0532 0130 00 now", "pay to [iban] now", "iban 1")]
    [InlineData("gb82west12345698765432", "[iban]", "iban 1")]
    [InlineData("从DE89370400440532013000转账", "从[iban]转账", "iban 1")]
    [InlineData("write to Jane.Doe+bank@mail.example.co.uk.", "write to [email].", "email 1")]
    [InlineData("我的邮箱是jane@example.com谢谢", "我的邮箱是[email]谢谢", "email 1")]
    [InlineData("jane＠example．com", "[email]", "email 1")]
    [InlineData("müller@bücher.example and ivan@пример.рф", "[email] and [email]", "email 2")]
    [InlineData("call +44 7700 900123 today", "call [phone] today", "phone 1")]
    [InlineData("+1 (212) 555-0123 or 212.555.0123", "[phone] or [phone]", "phone 2")]
    [InlineData("(030) 1234567", "[phone]", "phone 1")]
    [InlineData("ring 07700 900123", "ring [phone]", "phone 1")]
    [InlineData("06 12 34 56 78", "[phone]", "phone 1")]
    [InlineData("0049 30 1234567", "[phone]", "phone 1")]
    [InlineData("my mobile is 07700900123", "my mobile is [phone]", "phone 1")]
    [InlineData("我的手机13812345678", "我的手机[phone]", "phone 1")]
    [InlineData("SSN 219-09-9999", "SSN [id]", "us-ssn 1")]
    [InlineData("social security number: 219099999", "social security number: [id]", "us-ssn 1")]
    [InlineData("NI number QQ123456C no, AB 12 34 56 C", "NI number QQ123456C no, [id]", "uk-nino 1")]
    [InlineData("aadhaar 2345 6789 0124", "aadhaar [id]", "in-aadhaar 1")]
    [InlineData("Steuer-ID 86 095 742 719", "Steuer-ID [id]", "de-tax-id 1")]
    [InlineData("my SIN is 130 692 544", "my SIN is [id]", "ca-sin 1")]
    [InlineData("4111111111111111, a@b.example and 5500005555555559", "[card], [email] and [card]", "card 2, email 1")]
    public void Value_is_replaced_and_counted(string text, string expected, string kinds)
    {
        var redacted = Redactor.Redact(text);
        Assert.Equal((expected, kinds), (redacted.Text, string.Join(", ", redacted.Redactions.Select(r => $"{r.Kind} {r.Count}"))));
    }

    [Theory]
    [InlineData("I was charged $1,250.00 twice")]
    [InlineData("€ 12.345.678,90 and 1 250 000.00 and +1250000.00")]
    [InlineData("1234567.89")]
    [InlineData("from 2024-11-20 to 20.11.2024, 01/02/2024 10:30 and 01.02.2024 1030")]
    [InlineData("2024-11-20 10.15.30")]
    [InlineData("order 12345678, order number 0012345678, ref ORD-212-555-0123, #07700 900123")]
    [InlineData("transaction 1764012345678")] // milliseconds of a time
    [InlineData("4111111111111112 is no card")]
    [InlineData("DE88370400440532013000 is no account")]
    [InlineData("219099999 is a number like another")]
    [InlineData("at 20 people who said yes because of the rate")]
    [InlineData("I bought a phone, order number 12345678")]
    [InlineData("meet me @ 5, user@host, 3@4")]
    [InlineData("top-up of 100 failed 3 times in 2 weeks")]
    [InlineData("hotel 12345678")]
    [InlineData("")]
    [InlineData("你好 🙂 привет")]
    public void Text_without_a_value_stays_as_it_is(string text)
    {
        var redacted = Redactor.Redact(text);
        Assert.Same(text, redacted.Text);
        Assert.Empty(redacted.Redactions);
    }

    [Fact]
    public void Recognisers_of_a_contract_find_what_they_describe_and_nothing_beside_it()
    {
        var staff = new Redactor(new() { Recognisers = [new() { Name = "staff", Pattern = "EMP-[0-9]{6}" }, new() { Name = "policy", Pattern = "[0-9]{10}", Checksum = IdChecksum.Luhn, Context = ["policy"] }] });
        Assert.Equal("[id], XEMP-123456, EMP-1234567", staff.Redact("emp-123456, XEMP-123456, EMP-1234567").Text);
        Assert.Equal("policy 1234567890, [id]", staff.Redact("policy 1234567890, 1234567897").Text);
        Assert.Equal("plan 1234567897", staff.Redact("plan 1234567897").Text);
        Assert.Equal("219-09-9999", staff.Redact("219-09-9999").Text); // the national ids are replaced by these
    }

    [Fact]
    public void Long_text_of_digits_is_redacted_in_bounded_time()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var unit in (string[])["4 ", "1-", "12 ", "DE12", "a@", "+1(", "0 0"]) Redactor.Redact(string.Concat(Enumerable.Repeat(unit, 10_000 / unit.Length)));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }
}
