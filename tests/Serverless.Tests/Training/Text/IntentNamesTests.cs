using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

public sealed class IntentNamesTests
{
    [Theory]
    [InlineData("card_arrival", "card arrival")]
    [InlineData("card-arrival", "card arrival")]
    [InlineData("Card.Arrival?", "Card Arrival")]
    [InlineData("cardArrival", "card Arrival")]
    [InlineData("ATMLimit2", "ATMLimit2")]
    [InlineData("überweisung_storniert", "überweisung storniert")]
    [InlineData("挂失银行卡", "挂失银行卡")]
    public void Name_of_words_is_an_example_of_its_intent(string name, string text)
    {
        var row = Assert.Single(IntentNames.Rows([name]));
        Assert.Equal((text, 0), (row.Text, row.Class));
    }

    [Theory]
    [InlineData("17")]
    [InlineData("A1")]
    [InlineData("x_y")]
    [InlineData("--")]
    public void Name_without_a_word_gives_no_example(string name) => Assert.Empty(IntentNames.Rows([name]));

    [Fact]
    public void Names_keep_their_class_where_others_say_nothing() =>
        Assert.Equal([(1, "refund status"), (3, "top up")], IntentNames.Rows(["1", "refund_status", "2", "top_up"]).Select(r => (r.Class, r.Text)));
}
