using System.Text;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Cards;

public class TextCardTests
{
    [Fact]
    public void Intents_have_precision_recall_and_f1()
    {
        var markdown = Markdown(Input());
        Assert.Contains("| balance | 4 | 60.0 % | 75.0 % | 66.7 % |", markdown);
        Assert.Contains("| close | 3 | 33.3 % | 33.3 % | 33.3 % |", markdown);
        Assert.Contains("| never said | 1 | no texts | 0.0 % | 0.0 % |", markdown);
    }

    [Fact]
    public void Confusions_come_most_frequent_first()
    {
        var markdown = Markdown(Input());
        var first = markdown.IndexOf("| close | balance | 2 |", StringComparison.Ordinal);
        Assert.True(first > 0 && first < markdown.IndexOf("| balance | close | 1 |", StringComparison.Ordinal));
    }

    [Fact]
    public void Trade_off_counts_what_each_threshold_turns_away()
    {
        var markdown = Markdown(Input());
        Assert.Contains("| 0.3500 (chosen) | 12.5 % | 50.0 % | 57.1 % |", markdown);
        Assert.Contains("| 0.7000 | 50.0 % | 100.0 % | 100.0 % |", markdown);
    }

    [Fact]
    public void Html_is_well_formed_with_plots_and_encodes_intents()
    {
        var input = Input() with { Intents = ["<script>alert(1)</script>", "close", "never said"] };
        var html = Encoding.UTF8.GetString(TextCard.Files(input)["card.html"]);
        Assert.DoesNotContain("<script", html);
        Assert.Equal(2, CreditCardTests.Body(html).Descendants("svg").Count());
        Assert.Contains("<script>alert(1)</script>", CreditCardTests.Body(html).Descendants("th").Select(t => t.Value));
    }

    [Fact]
    public void Behaviour_and_suspected_labels_are_told()
    {
        const string Close = "close, \"now\"";
        var input = Input() with
        {
            Invariance = [new(BehaviourRules.Typos, 80, 72), new(BehaviourRules.Case, 0, 0)],
            Cases = [new("number 1", "close", "close, best 0.9000", true), new("number 2 '<b>'", "none of them", "balance, best 0.8000", false)],
            Suspects = [new("row 7 of 'b.csv'", Close, "balance", 0.9, 0.05), new("row 9", Close, "balance", 0.7, 0.2), new("row 1", "balance", "close", 0.5, 0.4)],
        };
        var markdown = Markdown(input);
        Assert.Contains("| invarianceTypos | two letters of a word swapped, one left out or one doubled | 80 | 72 | 90.0 % | 81.5 % to 94.8 % |", markdown);
        Assert.Contains("| 0 | 0 | no texts | no texts |", markdown);
        Assert.Contains("answers 1 of 2 cases", markdown);
        Assert.Contains("| number 2 '&lt;b&gt;' | none of them | balance, best 0.8000 | failed |", markdown);
        Assert.Contains($"| {Close} | balance | 2 |\n| balance | close | 1 |", markdown);
        Assert.Contains($"| row 7 of 'b.csv' | {Close} | balance | 0.9000 | 0.0500 |", markdown);
        Assert.Equal(
            """"
            row,label,suggested,probability,of_label
            "row 7 of 'b.csv'","close, ""now""","balance",0.9000,0.0500
            "row 9","close, ""now""","balance",0.7000,0.2000
            "row 1","balance","close",0.5000,0.4000

            """",
            Encoding.UTF8.GetString(TextCard.Files(input)["label-suspects.csv"]));
        Assert.NotEmpty(CreditCardTests.Body(Encoding.UTF8.GetString(TextCard.Files(input)["card.html"])).Descendants("table"));
    }

    [Fact]
    public void Without_tests_and_suspects_the_card_says_so()
    {
        var markdown = Markdown(Input());
        Assert.Contains("'behaviour.texts' is 0", markdown);
        Assert.Contains("states no cases", markdown);
        Assert.Contains("No label of a held-out text is suspected", markdown);
        Assert.Equal(["card.html", "card.md"], TextCard.Files(Input()).Keys.Order());
    }

    [Fact]
    public void Duty_to_disclose_and_weights_of_the_scores_are_told()
    {
        Assert.Contains("Art. 50(1)", Markdown(Input()));
        Assert.Contains("| Scores | of the linear part, 1.2000 times, and of the network, 0.8000 times |", Markdown(Input()));
        var alone = Input();
        Assert.Contains("| Scores | of the linear part, 1.2000 times |", Markdown(alone with { Contract = alone.Contract with { Network = null } }));
    }

    [Fact]
    public void Data_without_out_of_scope_texts_says_so()
    {
        var input = Input();
        var markdown = Markdown(input with { Labels = [.. input.Labels.Take(8)], Predicted = [.. input.Predicted.Take(8)], Confidence = [.. input.Confidence.Take(8)], Evidence = [.. input.Evidence.Take(8)] });
        Assert.Contains("no out-of-scope texts", markdown);
        Assert.Contains("| 0.3500 (chosen) | 12.5 % | not available |", markdown);
    }

    [Fact]
    public void Another_number_by_which_none_is_told_is_named_with_its_own_thresholds()
    {
        var markdown = Markdown(Input() with { Score = NoneScore.Energy, Evidence = [9, 8, 7, 4, 9, 6, 4.5, double.NegativeInfinity, 3, 4], NoneThreshold = 4.2 });
        Assert.Contains("| None of them | when the energy of all scores is below 4.2000 |", markdown);
        Assert.Contains("| 4.2000 (chosen) | 25.0 % | 100.0 % | 66.7 % |", markdown);
        Assert.Contains("| 7.0000 | 50.0 % | 100.0 % | 100.0 % |", markdown); // half of those with an intent lie below
    }

    [Fact]
    public void Holdout_without_texts_gives_a_card_without_plots()
    {
        var html = Encoding.UTF8.GetString(TextCard.Files(Input() with { Labels = [], Predicted = [], Confidence = [], Evidence = [] })["card.html"]);
        Assert.Empty(CreditCardTests.Body(html).Descendants("svg"));
    }

    // Eight texts with an intent (4 right), two without.
    private static TextCardInput Input() => new(
        new Manifest
        {
            Family = "text",
            Portfolio = "customer-service",
            Version = "0123456789abcdef",
            RunId = "run",
            TrainedAt = new DateTimeOffset(2025, 10, 1, 8, 0, 0, TimeSpan.Zero),
            DataSha256 = "abc",
            Rows = 50,
            Metrics = new Dictionary<string, double> { ["accuracy"] = 0.5 },
        },
        new TextContract { Family = "text", Portfolio = "customer-service", Version = "1", TextColumn = "text", LabelColumn = "intent" },
        ["balance", "close", "never said"],
        [0, 0, 0, 0, 1, 1, 1, 2, -1, -1],
        [0, 0, 0, 1, 1, 0, 0, 1, 0, 1],
        [0.9, 0.8, 0.7, 0.4, 0.9, 0.6, 0.45, 0.2, 0.3, 0.4],
        [0.9, 0.8, 0.7, 0.4, 0.9, 0.6, 0.45, 0.2, 0.3, 0.4],
        new(1.2, 0.8),
        NoneScore.Probability,
        0.35);

    private static string Markdown(TextCardInput input) => Encoding.UTF8.GetString(TextCard.Files(input)["card.md"]);
}
