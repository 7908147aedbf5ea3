using System.Text;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Drops;
using Serverless.Training.Samples;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Samples;

public class ChineseCustomerServiceSampleTests
{
    private static readonly TextContract Contract = ChineseCustomerServiceSample.Contract;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Set_has_16_intents_of_40_texts_and_40_out_of_scope_none_twice()
    {
        var rows = await ReadAsync();
        Assert.Equal(40, rows.OutOfScope.Count);
        Assert.Equal(16, rows.Intents.Count);
        Assert.All(rows.InScope.CountBy(r => r.Class), c => Assert.Equal(40, c.Value));
        var texts = rows.InScope.Concat(rows.OutOfScope).Select(r => r.Text).ToList();
        Assert.Equal(texts.Count, texts.Select(t => string.Concat(Grams(t))).Distinct().Count());
    }

    [Fact]
    public async Task Texts_of_an_intent_are_worded_differently_and_mix_scripts_as_people_do()
    {
        var rows = await ReadAsync();
        foreach (var intent in rows.InScope.GroupBy(r => r.Class, r => Grams(r.Text).ToHashSet()))
        {
            var sets = intent.ToArray();
            var overlaps = sets.SelectMany((one, i) => sets[(i + 1)..].Select(other => (double)one.Intersect(other).Count() / one.Union(other).Count())).ToArray();
            Assert.True(overlaps.Average() < 0.1, $"{rows.Intents[intent.Key]}: {overlaps.Average()}");
            Assert.True(overlaps.Max() < 0.6, $"{rows.Intents[intent.Key]}: {overlaps.Max()}");
        }

        var texts = rows.InScope.Select(r => r.Text).ToList();
        Assert.InRange(texts.Count(t => t.Any(char.IsAsciiLetter)), 40, 200);
        Assert.InRange(texts.Count(t => t.Any(char.IsAsciiDigit)), 40, 200);
        Assert.InRange(texts.Count(t => t.Any(char.IsSurrogate)), 12, 100);
        Assert.InRange(texts.Count(t => char.IsPunctuation(t[^1])), 25, 400);
    }

    [Fact]
    public async Task Redaction_finds_nothing_in_it()
    {
        using var text = new StreamReader(ChineseCustomerServiceSample.OpenCsv(), Encoding.UTF8);
        var written = (await text.ReadToEndAsync(Cancel)).Split('\n')[1..^1].Select(line => line[..line.LastIndexOf(',')].Trim('"'));
        var rows = await ReadAsync();
        Assert.Equal(written.Order(StringComparer.Ordinal), rows.InScope.Concat(rows.OutOfScope).Select(r => r.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Model_of_it_passes_its_gate_and_answers_messages_that_are_not_in_the_set()
    {
        var rows = await ReadAsync();
        var model = await ModelTraining.TrainAsync(new TextTrainer(), Contract, rows, "", null, null, TimeProvider.System, new Progress<TrainingProgress>(), Cancel);
        Assert.Equal(GateDecision.Promote, Gate.Decide(Contract.Gate, model.Evidence, comparison: null).Decision);
        Assert.True(model.Trained.Metrics["accuracy"] > 0.55, $"{model.Trained.Metrics["accuracy"]}"); // docs/results.md has the figures of five splits
        using var classifier = TextClassifier.Load(model.Seal(null));
        (string Text, string Intent)[] texts =
        [
            ("我的信用卡被偷了，赶快挂失", "card_lost_or_stolen"), ("ATM把我的卡吞了😭", "cash_withdrawal_problem"), ("跨行转账两天了还没到账", "transfer_pending"),
            ("房贷利率现在是多少？LPR降了吗", "mortgage_rate_question"), ("取款密码忘记了，怎么重置", "pin_forgotten"), ("手机银行APP登录不上去", "app_login_problem"),
            ("预留手机号怎么更换", "change_phone_number"), ("这张卡我想注销", "close_account"),
        ];
        var answers = Assert.IsType<Outcome<IReadOnlyList<Classification>>.Done>(classifier.Classify([.. texts.Select(t => t.Text)], 1, Cancel)).Value;
        Assert.Equal(texts.Select(t => t.Intent), answers.Select(a => a.Intent));
    }

    private static async Task<TextRows> ReadAsync()
    {
        await using var stream = ChineseCustomerServiceSample.OpenCsv();
        await using var file = await LocalDrop.CopyAsync(stream, Cancel);
        var read = await new TextTrainer().ReadAsync(Contract, file, DropOf.Context, new Progress<TrainingProgress>(), Cancel);
        return (TextRows)Assert.IsType<Outcome<TrainingRows>.Done>(read.Rows).Value;
    }

    // Two characters in a row stand for the words that nothing divides; of Latin script the words.
    private static IEnumerable<string> Grams(string text)
    {
        var words = new List<string>();
        NGrams.Words(text, words);
        return words.Count == 1 ? words : words.Zip(words.Skip(1), (one, other) => one + other);
    }
}
