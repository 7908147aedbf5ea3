using System.Text;
using Serverless.Serving.Poison;

namespace Serverless.Tests.Serving.Poison;

public class PoisonMessageTests
{
    private static readonly DateTimeOffset Poisoned = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"applicationId":"A-1","portfolio":"hmeq","fields":{}}""", "hmeq", "A-1")]
    [InlineData("""{"portfolio":"hmeq","applicationId":"A-1","fields":{"income":NaN}}""", "hmeq", "A-1")]
    [InlineData("""{"applicationId":"A-1","portfolio":"hm""", null, "A-1")]
    [InlineData("""{"fields":{"applicationId":"A-2"},"applicationId":"A-1"}""", null, "A-1")]
    [InlineData("""{"applicationId":"../A-1","portfolio":"HMEQ"}""", null, null)]
    [InlineData("""{"applicationId":1,"portfolio":["hmeq"]}""", null, null)]
    [InlineData("""{"portfolio":"hmeq","applicationId":"\ud800"}""", "hmeq", null)]
    [InlineData("""[{"applicationId":"A-1"}]""", null, null)]
    [InlineData("not json", null, null)]
    [InlineData("", null, null)]
    public void Application_is_read_as_far_as_the_message_can_be(string text, string? portfolio, string? id)
    {
        foreach (var record in new[] { PoisonMessage.OfQueue("loan-applications", Base64(text), Poisoned), PoisonMessage.OfText("loan-applications", text, FailureHistory.Once("r", Poisoned)) })
        {
            Assert.Equal((portfolio, id), (record.Portfolio, record.ApplicationId));
            Assert.Equal((PoisonId.Of(text), MessageEncoding.Base64, text, 1), (record.Id, record.Encoding, record.Message, record.Count));
        }
    }

    [Fact]
    public void Message_that_is_not_base64_is_kept_as_text_and_encoded_when_it_goes_back()
    {
        const string Raw = """{"applicationId":"Ä-1"}""";
        var record = PoisonMessage.OfQueue("loan-applications", Raw, Poisoned);
        Assert.Equal((MessageEncoding.Text, Raw), (record.Encoding, record.Message));
        Assert.Contains("not base64", Assert.Single(record.Reasons), StringComparison.Ordinal);
        Assert.Equal(Base64(Raw), PoisonMessage.Encode(record));
        Assert.Equal(record.Id, PoisonMessage.OfQueue("loan-applications", PoisonMessage.Encode(record), Poisoned).Id);
    }

    [Fact]
    public void Base64_of_bytes_that_are_no_text_is_kept_as_it_is()
    {
        var raw = Convert.ToBase64String([0x7b, 0xff, 0xfe]);
        var record = PoisonMessage.OfQueue("loan-applications", raw, Poisoned);
        Assert.Equal((MessageEncoding.Binary, raw, raw), (record.Encoding, record.Message, PoisonMessage.Encode(record)));

        // What the function got, and noted its failures by.
        Assert.Equal(PoisonId.Of(Encoding.UTF8.GetString([0x7b, 0xff, 0xfe])), record.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Blob_is_read_from_its_message(bool encoded)
    {
        const string Text = """{"Type":"BlobTrigger","FunctionId":"Host.Functions.RetrainOnDrop","BlobType":"BlockBlob","ContainerName":"drops","BlobName":"credit/a b/märz.csv","ETag":"\"0x8D\""}""";
        var record = PoisonMessage.OfBlobQueue("webjobs-blobtrigger", encoded ? Base64(Text) : Text, Poisoned);
        Assert.Equal(("drops", "drops", "credit/a b/märz.csv", "0x8D"), (record.Source, record.Container, record.BlobName, record.ETag));
        Assert.Equal((null, null), (record.Message, record.Encoding));
        Assert.Equal(PoisonId.Of("drops", "credit/a b/märz.csv", "0x8D"), record.Id);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"ContainerName":"drops","BlobName":"x"}""")]
    [InlineData("""{"ContainerName":"drops","BlobName":"","ETag":"0x8D"}""")]
    public void Message_that_names_no_blob_is_kept_as_text(string text)
    {
        var record = PoisonMessage.OfBlobQueue("webjobs-blobtrigger", text, Poisoned);
        Assert.Equal(("webjobs-blobtrigger", text, MessageEncoding.Text, null), (record.Source, record.Message, record.Encoding, record.Container));
    }

    [Fact]
    public void Id_of_a_blob_is_that_of_its_content_with_or_without_quotes()
    {
        Assert.Equal(PoisonId.Of("drops", "x.csv", "0x8D"), PoisonId.Of("drops", "x.csv", "\"0x8D\""));
        Assert.NotEqual(PoisonId.Of("drops", "x.csv", "0x8D"), PoisonId.Of("drops", "x.csv", "0x8E"));
        Assert.Matches("^[0-9a-f]{32}$", PoisonId.Of("drops", "x.csv", "0x8D"));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
