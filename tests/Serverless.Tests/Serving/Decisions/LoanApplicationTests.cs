using System.Text;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Tests.Serving.Decisions;

public class LoanApplicationTests
{
    private const string IdFault = "applicationId must be 1 to 100 letters, digits, '-', '_' and '.', a letter or digit first.";
    private const string PortfolioFault = "portfolio must be 1 to 50 lower-case letters, digits and hyphens, a letter or digit first.";
    private const string TimeFault = "submittedAt must be a time in ISO 8601 with an offset, such as 2026-03-01T09:30:00Z.";
    private const string FieldsFault = "fields must be an object with a member for each input.";

    [Fact]
    public void Message_is_read_whatever_its_order_and_layout()
    {
        var one = Read("""{"applicationId": "A-1", "portfolio": "consumer", "submittedAt": "2026-03-01T10:30:00+01:00", "fields": {"income": 900, "purpose": "car"}}""");
        var two = Read("""{"fields":{"purpose":"car","income":900},"submittedAt":"2026-03-01T10:30:00+01:00","portfolio":"consumer","applicationId":"A-1"}""");
        Assert.Equal(("A-1", "consumer", new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero)), (one.ApplicationId, one.Portfolio, one.SubmittedAt));
        Assert.Equal(900, one.Fields["income"].GetInt32());
        Assert.Equal(one.PayloadHash, two.PayloadHash);
        Assert.NotEqual(one.PayloadHash, Read("""{"fields":{"purpose":"car","income":901},"submittedAt":"2026-03-01T10:30:00+01:00","portfolio":"consumer","applicationId":"A-1"}""").PayloadHash);
    }

    [Theory]
    [InlineData("null", "The message must be a JSON object with applicationId, portfolio, submittedAt and fields.")]
    [InlineData("{}", IdFault, PortfolioFault, TimeFault, FieldsFault)]
    [InlineData("""{"applicationId": 7, "portfolio": "../x", "submittedAt": "yesterday", "fields": []}""", IdFault, PortfolioFault, TimeFault, FieldsFault)]
    [InlineData("""{"applicationId": "1", "portfolio": "p", "submittedAt": "2026-03-01T09:30:00Z", "fields": {}, "income": 900, "score": 1}""", "The message has 2 other members than applicationId, portfolio, submittedAt and fields: move inputs into fields, remove the rest.")]
    [InlineData("""{"applicationId": "1", "applicationId": "2", "portfolio": "p", "submittedAt": "2026-03-01T09:30:00Z", "fields": {"a": 1, "a": 2}}""", "applicationId is there more than once: send it once.", "fields has 'a' more than once: send it once.")]
    [InlineData("""{"applicationId": "1",""", "The message is not valid JSON, or nested deeper than 8 levels, at line 1, byte 22: send one JSON object.")]
    [InlineData("", "The message is not valid JSON, or nested deeper than 8 levels, at line 1, byte 1: send one JSON object.")]
    [InlineData("""{"fields": {"a": [[[[[[[[1]]]]]]]]}}""", "The message is not valid JSON, or nested deeper than 8 levels, at line 1, byte 24: send one JSON object.")]
    [InlineData("""{"applicationId": "1", "portfolio": "p", "submittedAt": "2026-03-01T09:30:00Z", "fields": {"a": "\ud800"}}""", "The message escapes half of a surrogate pair: send valid Unicode.")]
    [InlineData("""{"applicationId": "1", "portfolio": "p", "submittedAt": "2026-03-01T09:30:00Z", "fields": {"\ud800": 1}}""", "The message escapes half of a surrogate pair: send valid Unicode.")]
    [InlineData("""{"applicationId": "1", "portfolio": "p", "submittedAt": "2026-03-01T09:30:00Z", "fields": {"a": NaN}}""", "The message is not valid JSON, or nested deeper than 8 levels, at line 1, byte 97: send one JSON object.")]
    public void Message_with_faults_is_rejected_with_all_of_them(string message, params string[] reasons) => Assert.Equal(reasons, Reasons(Encoding.UTF8.GetBytes(message)));

    [Theory]
    [InlineData("2026-03-01T09:30:00")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01 09:30:00Z")]
    [InlineData("2026-02-30T09:30:00Z")]
    [InlineData("01.03.2026T09:30:00+01:00")]
    public void Time_that_is_not_one_moment_is_rejected(string time) => Assert.Equal(
        [TimeFault], Reasons(Encoding.UTF8.GetBytes($$$"""{"applicationId": "1", "portfolio": "p", "submittedAt": "{{{time}}}", "fields": {}}""")));

    [Fact]
    public void Message_that_is_not_utf8_is_rejected() => Assert.Equal(["The message is not UTF-8: send JSON in UTF-8."], Reasons([.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8]));

    [Fact]
    public void Message_is_read_up_to_its_greatest_size()
    {
        var start = """{"applicationId": "1", "portfolio": "p", "submittedAt": "2026-03-01T09:30:00Z", "fields": {}}""";
        Assert.IsType<Outcome<LoanApplication>.Done>(LoanApplication.Parse(Encoding.UTF8.GetBytes(start.PadRight(48 * 1024))));
        Assert.Equal(["The message has 49153 bytes and may have 49152 (48 KiB): leave out what is no field of the contract."], Reasons(Encoding.UTF8.GetBytes(start.PadRight(48 * 1024 + 1))));
    }

    private static LoanApplication Read(string message) => Assert.IsType<Outcome<LoanApplication>.Done>(LoanApplication.Parse(Encoding.UTF8.GetBytes(message))).Value;

    private static IReadOnlyList<string> Reasons(byte[] message) => Assert.IsType<Outcome<LoanApplication>.Rejected>(LoanApplication.Parse(message)).Reasons;
}
