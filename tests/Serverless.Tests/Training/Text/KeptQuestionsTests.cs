using System.Text;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Contracts;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

/// <summary>Which training questions a model keeps: none unless its contract asks for it, then as many as it says, of every intent, redacted.</summary>
public sealed class KeptQuestionsTests
{
    private static readonly string[] Intents = ["balance", "card", "pin"];

    [Fact]
    public void Nothing_is_kept_unless_the_contract_asks_for_it()
    {
        Assert.Null(new TextContract { Family = "text", Portfolio = "p", Version = "1", TextColumn = "t", LabelColumn = "l" }.Similar);
        Assert.Empty(KeptQuestions.File(Drop(null, 3), Drop(null, 3).InScope));
        Assert.Equal("questions.json", Assert.Single(KeptQuestions.File(Drop(new(), 3), Drop(new(), 3).InScope)).Key);
    }

    [Fact]
    public void Every_intent_is_among_few_questions_of_many_in_the_order_of_the_file()
    {
        var drop = Drop(new() { Questions = 9 }, 400, 5, 2);
        var kept = Kept(drop);
        Assert.Equal([4, 3, 2], Intents.Select(intent => kept.Count(q => q.Intent == intent))); // in turn: the rarest gives all that it has
        Assert.Equal(kept.OrderBy(q => drop.InScope.ToList().FindIndex(r => r.Text == q.Text)), kept);
        Assert.Equal(kept, Kept(drop));
        Assert.NotEqual(kept, Kept(drop with { Contract = drop.Contract with { Training = new() { Seed = 2 } } }));
        Assert.Single(Kept(drop with { Contract = drop.Contract with { Similar = new() { Questions = 1 } } }));
    }

    [Fact]
    public void Repeated_question_is_kept_once_for_each_of_its_intents()
    {
        var drop = Drop(new(), 2, 2, 2);
        Assert.Equal(6, Kept(drop with { InScope = [.. drop.InScope, .. drop.InScope] }).Count);
        Assert.Equal(7, Kept(drop with { InScope = [.. drop.InScope, drop.InScope[0] with { Class = 2 }] }).Count);
    }

    [Fact]
    public async Task What_is_kept_is_redacted_and_was_trained_on()
    {
        var contract = TrainedText.Contract with { Network = null, Similar = new() };
        var csv = TrainedText.Csv() + string.Concat(Enumerable.Range(0, 20).Select(i => $"my card 4111 1111 1111 1111 is lost {(char)('a' + i)},lost_card\n"));
        var rows = (TextRows)Assert.IsType<Outcome<TrainingRows>.Done>(await TrainedText.ReadAsync(csv, contract)).Value;
        var model = TrainedText.Train(rows);
        var file = Encoding.UTF8.GetString(model.Served["questions.json"]);
        Assert.Contains("my card [card] is lost", file, StringComparison.Ordinal);
        Assert.DoesNotContain("4111", file, StringComparison.Ordinal);
        var texts = JsonSerializer.Deserialize<List<TrainingQuestion>>(file, Json.Options)!.ConvertAll(q => q.Text);
        var (train, _) = Split.Of(rows.InScope, contract.Training.Holdout, contract.Training.Seed);
        Assert.Equal(train.Select(r => r.Text).Distinct(), texts);
        Assert.Contains("| Texts in its files | at most 2,000 training questions, redacted, for agents |", Encoding.UTF8.GetString(model.Card(TrainedText.Bundle(model).Manifest)["card.md"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_001)]
    public void Number_out_of_range_is_refused(int questions) => Assert.Equal(
        ["'similar.questions' must lie between 1 and 20000: 2000 is usual; more make the bundle larger."],
        Assert.IsType<Outcome<DataContract>.Rejected>(new TextFamily().ReadContract(Json.File(TrainedText.Contract with { Similar = new() { Questions = questions } }))).Reasons);

    [Fact]
    public void Contract_that_begins_or_ends_to_keep_questions_says_what_follows()
    {
        var kept = TrainedText.Contract with { Similar = new() };
        var begins = Assert.Single(ContractDiff.Of(TrainedText.Contract, kept));
        Assert.Equal(
            ("'similar.questions' is 2000, and was absent.", "The next model keeps that many redacted texts of customers in its files, for GET /api/similar: erasure does not reach versions that are there already."),
            (begins.What, begins.Consequence));
        Assert.Equal("The next model keeps no training questions, so that GET /api/similar has none to show.", Assert.Single(ContractDiff.Of(kept, TrainedText.Contract)).Consequence);
    }

    private static TextRows Drop(SimilarRules? similar, params int[] rows) => new(
        TrainedText.Contract with { Similar = similar }, Intents,
        [.. rows.SelectMany((count, intent) => Enumerable.Range(0, count).Select(i => new TextRow((ulong)((intent * 1000) + i), $"{Intents[intent]} {i}", intent)))], [], 0);

    private static List<TrainingQuestion> Kept(TextRows drop) =>
        JsonSerializer.Deserialize<List<TrainingQuestion>>(KeptQuestions.File(drop, drop.InScope).Single().Value, Json.Options)!;
}
