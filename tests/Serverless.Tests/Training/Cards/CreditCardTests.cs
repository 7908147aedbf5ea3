using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Tests.House;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Cards;

public partial class CreditCardTests
{
    private const string Hostile = "<script>alert('x')</script> | [a](b)";

    [Fact]
    public void Html_is_well_formed_and_needs_nothing_from_elsewhere()
    {
        var html = Html(Input());
        var main = Body(html);
        Assert.Equal(3, main.Descendants("svg").Count());
        Assert.All(main.Descendants("svg"), s => Assert.False(string.IsNullOrWhiteSpace(s.Attribute("aria-label")?.Value)));
        Assert.All(main.Descendants("table"), t => Assert.NotNull(t.Element("caption")));
        Assert.Contains("default-src 'none'", html);
        Assert.DoesNotContain("url(", html);
        Assert.DoesNotContain("src=", html);
        Assert.DoesNotContain("http:", html);
        Assert.DoesNotContain("https:", html);
    }

    [Fact]
    public void Names_from_data_are_encoded_in_both_files()
    {
        var input = Input(label: Hostile, column: Hostile);
        Assert.DoesNotContain("<script", Html(input));
        Assert.Contains(Hostile, Body(Html(input)).Descendants("th").Select(t => t.Value));
        Assert.DoesNotContain("<script", Markdown(input));
        Assert.Contains(@"&lt;script&gt;alert('x')&lt;/script&gt; \| \[a](b)", Markdown(input));
    }

    [Fact]
    public void Tables_have_one_cell_for_each_header()
    {
        foreach (var table in Body(Html(Input())).Descendants("table"))
            Assert.All(table.Element("tbody")!.Elements("tr"), r => Assert.Equal(table.Descendants("thead").Descendants("th").Count(), r.Elements().Count()));
        var lines = Markdown(Input()).Split('\n');
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('|') && lines[i - 1].StartsWith('|')) Assert.Equal(lines[i - 1].Count(c => c == '|'), lines[i].Count(c => c == '|'));
        }
    }

    [Fact]
    public void Every_bin_stands_with_its_points_rows_and_bad_rate()
    {
        var markdown = Markdown(Input());
        Assert.Contains("A score is 500.00 points plus", markdown);
        Assert.Contains("| (-inf, 40] | 12.50 | 0.300 | 1,000 | 5.0 % |", markdown);
        Assert.Contains("| missing | -1.25 | 0.000 | 0 | no rows |", markdown);
        Assert.Contains("Told to applicants: The income is low.", markdown);
    }

    [Fact]
    public void Policy_bands_count_the_holdout()
    {
        var markdown = Markdown(Input());
        Assert.Contains("| approve | below 10 % | 50 | 25.0 % | 0.0 % |", markdown);
        Assert.Contains("| refer to a person | 10 % to below 30 % | 100 | 50.0 % | 20.0 % |", markdown);
        Assert.Contains("| decline | from 30 % | 50 | 25.0 % | 40.0 % |", markdown);
    }

    [Fact]
    public void Rules_of_the_policy_count_the_holdout()
    {
        var input = Input();
        input = input with
        {
            Contract = input.Contract with { Policy = new() { KnockOuts = [Rule("poor"), Rule("abroad")] } },
            Fired = new Dictionary<(RuleKind, string), int> { [(RuleKind.KnockOut, "poor")] = 7, [(RuleKind.Unseen, "referUnseen")] = 0 },
        };
        var markdown = Markdown(input);
        Assert.Contains("| poor | income &lt; 1 | 7 | decline | No. |", markdown);
        Assert.Contains("| abroad | income &lt; 1 | not counted | decline | No. |", markdown);
        Assert.Contains("| referUnseen | a category has a value that training never saw | 0 | refer |", markdown);

        KnockOut Rule(string name) => new() { Name = name, When = "income < 1", Decision = RuleDecision.Decline, Reason = "No." };
    }

    [Fact]
    public void Autoencoder_is_told_with_its_limit_and_what_it_may_decide()
    {
        Assert.DoesNotContain("autoencoder", Markdown(Input()));
        var input = Input();
        input = input with
        {
            Contract = input.Contract with { Autoencoder = new() },
            Autoencoder = new(new([new("income", ColumnType.Number, 0, 0, [10, 20], [], 0)]), 0.0123, 4_000, 2_000, 37, []),
            Outliers = [.. Enumerable.Range(0, 200).Select(i => i < 3)],
        };
        var markdown = Markdown(input);
        Assert.Contains("\n## Applications unlike those trained on\n", markdown);
        Assert.Contains("is referred to a person. It declines nobody", markdown);
        Assert.Contains("| Input | 1 columns as 4 units in 768 values of 0 or 1 |", markdown);
        Assert.Contains("| Limit of the reconstruction error | 0.0123: 99.5 % of 2,000 other rows lie within it |", markdown);
        Assert.Contains("| Rows of the holdout above the limit | 3 (1.5 %);", markdown);
        Assert.Contains("so it decides nothing", Markdown(input with { Contract = input.Contract with { Policy = new() { ReferOutOfDistribution = false } } }));
    }

    [Fact]
    public void Facts_figures_and_unused_columns_are_told()
    {
        var markdown = Markdown(Input());
        Assert.Contains("| AUC, 95 % interval | 0.7000 to 0.8000 |", markdown);
        Assert.Contains("| KS | not available |", markdown);
        Assert.Contains("| Period | 2020-01-01 to 2025-09-30 |", markdown);
        Assert.Contains("20.0 % of the rows, the latest by date", markdown);
        Assert.Contains("200 held-out loans, of which 40 (20.0 %) were bad", markdown);
        Assert.Contains("| sex | protected attribute: never an input |", markdown);
        Assert.Contains("Trained offline: no gate", markdown);
        Assert.Contains("train credit --contract contract.json", markdown);
    }

    [Fact]
    public void Gate_is_told_with_each_figure_and_limit()
    {
        var input = Input();
        var gate = new GateVerdict(GateDecision.Keep, [new("auc", 0.61, 0.65, false), new("fresh rows", null, 100, false), new("score", 0.3, 0.25, false) { AtMost = true, Warns = true }]);
        var markdown = Markdown(input with { Manifest = input.Manifest with { Gate = gate } });
        Assert.Contains("A check failed: the champion stays.", markdown);
        Assert.Contains("| auc | 0.6100 | at least 0.6500 | failed |", markdown);
        Assert.Contains("| fresh rows | not available |", markdown);
        Assert.Contains("| score | 0.3000 | at most 0.2500 | warns |", markdown);
    }

    [Fact]
    public void Time_segments_sensitivity_and_what_to_watch_are_told()
    {
        var markdown = Markdown(Input());
        Assert.Contains("| 2024-10 | 104 | 28.8 % | 19.8 % | 0.8964 |", markdown);
        Assert.Contains("| boat | 20 | 0.0 % | 5.0 % | too few rows |  |", markdown);
        Assert.Contains("| income | 0.1234 | 4.25 | 17.50 | 0.6200 | 0.5000 | 0.2500 | 0.3000 | drifts |", markdown);
        Assert.Contains("An application of which nothing is known gets 498.75 points, 7.9 % risk.", markdown);
        Assert.Contains("status is defaulted", markdown);
        Assert.Contains("not named: write 'owner' into the contract", markdown);
        foreach (var section in new[] { "Purpose", "Data", "Assumptions", "Performance over time", "Performance by segment", "Sensitivity and stability", "Selection bias", "Limits of use", "Monitoring plan" })
            Assert.Contains($"\n## {section}\n", markdown);
    }

    [Fact]
    public void Metrics_of_the_monitoring_plan_exist()
    {
        var named = MetricName().Matches(Markdown(Input())).Select(m => m.Value).ToList();
        Assert.NotEmpty(named);
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions", "Serving"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.All(named, name => Assert.Contains($"\"{name}\"", sources));
    }

    [GeneratedRegex(@"serverless\.[a-z_.]*[a-z]")]
    private static partial Regex MetricName();

    [Fact]
    public void Holdout_of_one_class_gives_a_card_without_plots() =>
        Assert.Empty(Body(Html(Input() with { Bad = new bool[200] })).Descendants("svg"));

    [Fact]
    public void Scorecard_without_columns_lists_its_inputs_as_not_used()
    {
        var input = Input();
        Assert.Contains("| income | adds nothing to the other columns |", Markdown(input with { Scorecard = input.Scorecard with { Columns = [] } }));
    }

    [Fact]
    public void Same_input_gives_the_same_bytes() =>
        Assert.Equal(CreditCard.Files(Input())["card.html"], CreditCard.Files(Input())["card.html"]);

    [Fact]
    public void Roc_of_a_perfect_score_goes_through_the_corner()
    {
        var chart = CreditPlots.Roc([true, true, false, false], [0.9, 0.8, 0.2, 0.1], 1);
        Assert.Equal([(0, 0), (0, 0.5), (0, 1), (0.5, 1), (1, 1)], chart.Series[0].Points.Select(p => (p.X, p.Y)));
    }

    [Fact]
    public void Roc_of_equal_scores_is_the_diagonal_and_long_curves_keep_their_end()
    {
        Assert.Equal([(0, 0), (1, 1)], CreditPlots.Roc([true, false, false], [0.5, 0.5, 0.5], 0.5).Series[0].Points.Select(p => (p.X, p.Y)));
        var many = CreditPlots.Roc([.. Enumerable.Range(0, 5_001).Select(i => i % 2 == 0)], [.. Enumerable.Range(0, 5_001).Select(i => i / 5_001.0)], 0.5).Series[0].Points;
        Assert.InRange(many.Count, 200, 300);
        Assert.Equal((1, 1), (many[^1].X, many[^1].Y));
    }

    [Fact]
    public void Score_spread_sums_to_one_for_each_outcome()
    {
        var chart = CreditPlots.Scores([true, false, false, true], [500, 540, 560, 520], [("cut", 530)]);
        Assert.All(chart.Series, s => Assert.Equal(1, s.Points.Where((_, i) => i % 2 == 0).Sum(p => p.Y), 12));
        Assert.Contains(">cut</text>", chart.ToSvg());
    }

    // 200 rows: a quarter at 5 % (no bads), half at 20 % (20 bads), a quarter at 40 % (20 bads).
    private static CreditCardInput Input(string label = "(-inf, 40]", string column = "income") => new(
        new Manifest
        {
            Family = "credit",
            Portfolio = "consumer-loans",
            Version = "0123456789abcdef",
            RunId = "run",
            TrainedAt = new DateTimeOffset(2025, 10, 1, 8, 0, 0, TimeSpan.Zero),
            DataSha256 = "abc",
            Rows = 1_000,
            Metrics = new Dictionary<string, double> { ["auc"] = 0.75, ["aucLow"] = 0.7, ["aucHigh"] = 0.8, ["ks"] = double.NaN },
        },
        new CreditContract
        {
            Family = "credit",
            Portfolio = "consumer-loans",
            Version = "1",
            Bad = ["defaulted"],
            Columns =
            [
                new() { Name = column, Type = ColumnType.Number, Reason = "The income is low." },
                new() { Name = "sex", Type = ColumnType.Category, Role = ColumnRole.Protected },
                new() { Name = "status", Type = ColumnType.Category, Role = ColumnRole.Target },
            ],
        },
        new Scorecard(
            50_000,
            [new(column, ColumnType.Number, [40], [], [new(label, 1_250, 0.3, 1_000, 50), new("(40, inf)", -500, -0.2, 500, 100), new("missing", -125, 0, 0, 0)], 667)],
            -0.035,
            15),
        true,
        (new DateOnly(2020, 1, 1), new DateOnly(2025, 9, 30)),
        [.. Enumerable.Range(0, 200).Select(i => i is (>= 50 and < 70) or >= 180)],
        [.. Enumerable.Range(0, 200).Select(i => i < 50 ? 0.05 : i < 150 ? 0.2 : 0.4)],
        [.. Enumerable.Range(0, 200).Select(i => i < 50 ? 512.5 : i < 150 ? 500.0 : 495)],
        new HoldoutFigures(0.02, [new(column, 0.3, 0.62, 0.5, 17.5m, 4.25)]))
    {
        Dates = [.. Enumerable.Range(0, 200).Select(i => 20_000.0 + (i % 60))],
        Inputs = [new ColumnUse(column, 0.1234, 2, "adds nothing to the other columns")],
        Segments = [("purpose", [.. Enumerable.Range(0, 200).Select(i => i < 20 ? "boat" : "car")])],
    };


    private static string Html(CreditCardInput input) => Encoding.UTF8.GetString(CreditCard.Files(input)["card.html"]);

    private static string Markdown(CreditCardInput input) => Encoding.UTF8.GetString(CreditCard.Files(input)["card.md"]);

    internal static XElement Body(string html) => XElement.Parse(html[html.IndexOf("<main>", StringComparison.Ordinal)..(html.IndexOf("</main>", StringComparison.Ordinal) + 7)]);
}
