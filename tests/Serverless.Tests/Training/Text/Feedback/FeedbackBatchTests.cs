using Serverless.Serving.Text;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

public class FeedbackBatchTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly FeedbackRules Rules = new() { Rows = 3, Days = 7, NewIntents = true, MinPerIntent = 2 };

    [Fact]
    public void Enough_texts_are_due_and_the_same_said_twice_counts_once()
    {
        Assert.False(Look([Said("a", "pin"), Said("b", "pin")]).Due);
        Assert.False(Look([Said("a", "pin"), Said("b", "pin"), Said(" A ", "pin", "C-2")]).Due);
        Assert.True(Look([Said("a", "pin"), Said("b", "pin"), Said("c", "card")]).Due);
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(7, true)]
    public void Few_are_due_after_days_counted_from_the_oldest(int days, bool due) =>
        Assert.Equal(due, Look([Said("a", "pin") with { At = Now.AddDays(-days) }, Said("b", "pin")]).Due);

    [Fact]
    public void Contradicting_feedback_is_held_back_wherever_the_other_is_and_whatever_its_case()
    {
        var batch = Look([Said("My card", "lost"), Said("my  CARD", "stolen", "C-2"), Said("c", "pin"), Said("old", "pin")], Said("old", "card").Id);
        Assert.Equal(["c"], batch.Rows.Select(r => r.Text));
        Assert.Equal(["My card", "my  CARD", "old"], batch.Conflicts.Select(r => r.Text));
        Assert.Equal([Said("old", "card").Id], batch.Against);
        Assert.False(Look([Said("x", "a") with { At = Now.AddDays(-90) }, Said("x", "b")]).Due); // what is held back makes nothing due
    }

    [Fact]
    public void New_intent_waits_for_its_least_number_of_texts_those_in_drops_included()
    {
        var one = Said("a", "crypto") with { NewIntent = true };
        var batch = Look([one, Said("a", "crypto", "C-2") with { NewIntent = true }, Said("b", "pin")]);
        Assert.Equal((1, 2), (batch.Rows.Count, batch.TooFew.Count));
        Assert.Equal(2, Look([one, Said("b", "crypto") with { NewIntent = true }]).Rows.Count);
        Assert.Single(Look([one], Said("b", "crypto").Id).Rows);
    }

    [Fact]
    public void One_drop_has_a_bounded_number_of_rows_the_oldest_first()
    {
        var many = Enumerable.Range(0, FeedbackBatch.MostRows + 5).Select(i => Said($"text {i}", "pin") with { At = Now.AddSeconds(i) }).ToList();
        var batch = FeedbackBatch.Of(many, [], Rules, Now);
        Assert.Equal((FeedbackBatch.MostRows, "text 0"), (batch.Rows.Count, batch.Rows[0].Text));
    }

    [Fact]
    public void Drop_is_named_by_its_rows_and_quotes_what_they_say()
    {
        var contract = new TextContract { Family = "text", Portfolio = "chat", Version = "1", TextColumn = "what, said", LabelColumn = "intent", IdColumn = "id", Format = new() { Delimiter = ";", Encoding = "windows-1252" } };
        FeedbackRecord[] records = [Said("say \"hi\";\nnow 卡", "pin"), Said("SAY \"hi\"; now 卡", "pin", "C-2")];
        var drop = FeedbackDrop.Of(contract, records);
        Assert.Equal($"\uFEFF\"id\";\"what, said\";\"intent\"\n\"{records[0].Id.Row}\";\"say \"\"hi\"\";\nnow 卡\";\"pin\"\n", System.Text.Encoding.UTF8.GetString(drop.Content));
        Assert.Matches("^text/chat/feedback-[0-9a-f]{16}\\.csv$", drop.Name);
        Assert.Equal(drop.Name, FeedbackDrop.Of(contract, records).Name);
        Assert.NotEqual(drop.Name, FeedbackDrop.Of(contract, [Said("other", "pin")]).Name);
    }

    private static FeedbackBatch Look(FeedbackRecord[] waiting, params FeedbackId[] gathered) => FeedbackBatch.Of(waiting, gathered, Rules, Now);

    private static FeedbackRecord Said(string text, string intent, string? by = null) => new("chat", text, intent, "test", "me", Now) { SaidBy = by };
}
