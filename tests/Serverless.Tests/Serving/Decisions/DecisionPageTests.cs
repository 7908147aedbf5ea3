using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Serving.Documents;
using Serverless.Tests.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Tests.Serving.Decisions;

public class DecisionPageTests
{
    private const string Hostile = """<script>alert("1")</script>'&""";

    [Fact]
    public void Page_tells_the_decision_and_where_it_comes_from()
    {
        var html = Page(CreditExample.Card, CreditExample.Contract);
        Assert.Contains("<h1>Decision on application A-1</h1>", html, StringComparison.Ordinal);
        Assert.Contains("Referred to a person: 598.16 points, a probability of a bad loan of 12.5 %.", html, StringComparison.Ordinal);
        Assert.Contains("The probability of a bad loan lies in the band that a person decides on.", html, StringComparison.Ordinal);
        Assert.Contains("Your income is low.", html, StringComparison.Ordinal);
        Assert.Contains("shard 2, segment 1, from byte 345 on", html, StringComparison.Ordinal);
        Assert.Contains("serverless decisions replay example A-1", html, StringComparison.Ordinal);
        Assert.Contains("<strong>is here</strong>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_in_names_values_and_labels_runs_nothing()
    {
        var contract = CreditExample.Contract with
        {
            Columns = [.. CreditExample.Contract.Columns.Select(c => c.Name == "income" ? c with { Reason = Hostile } : c.Name == "purpose" ? c with { Name = Hostile, Actionable = true } : c)],
        };
        var card = CreditExample.Card with
        {
            Columns = [.. CreditExample.Card.Columns.Select(c => c.Name != "purpose" ? c
                : new ScorecardColumn(Hostile, c.Type, [], [["car", Hostile], ["travel"]], [.. c.Bins.Select(b => b with { Label = Hostile, Points = b.Points * 10 })], 0))],
        };
        var html = Page(card, contract, purpose: "travel", name: Hostile);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(new Regex("\\son[a-z]+=|javascript:|<(iframe|object|img|link|form)", RegexOptions.IgnoreCase), html);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'; style-src 'unsafe-inline'", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_is_well_formed_with_a_caption_for_each_table_and_a_text_for_each_plot()
    {
        var pair = new PairTerm(1, 2, [0, 1, 0, 0], [0, 1, 0, 0], [100, -100, -100, 100], 0);
        var wide = new ScorecardColumn("income", ColumnType.Number, [.. Enumerable.Range(1, 30).Select(i => i * 100.0)], [], CreditExample.Bins([.. Enumerable.Range(0, 33).Select(i => i * 10L)]), 0);
        var card = CreditExample.Card with { Kind = ModelKind.GlassBox, Pairs = [pair], Columns = [wide, .. CreditExample.Card.Columns.Skip(1)] };
        var page = XElement.Parse(Page(card, CreditExample.Contract).Replace("<!doctype html>", "", StringComparison.Ordinal)
            .Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal)
            is var html ? Regex.Replace(html, "<meta [^>]*>", "") : "");
        Assert.Single(page.Descendants("h1"));
        Assert.All(page.Descendants("table"), t => Assert.False(string.IsNullOrWhiteSpace(t.Element("caption")?.Value)));
        Assert.All(page.Descendants("th"), h => Assert.NotNull(h.Attribute("scope")));
        var plot = Assert.Single(page.Descendants("svg"));
        Assert.Contains("the application is in bin 8, with 0.8 points", plot.Attribute("aria-label")!.Value, StringComparison.Ordinal);
        Assert.Contains("purpose and housing", page.Descendants("h3").Select(h => h.Value));
        Assert.Equal("en", page.Attribute("lang")?.Value);
    }

    [Fact]
    public void Table_of_two_columns_that_nobody_could_read_is_told_by_its_cell_and_similar_loans_by_their_hash()
    {
        var wide = new ScorecardColumn("income", ColumnType.Number, [.. Enumerable.Range(1, 150).Select(i => i * 100.0)], [], CreditExample.Bins([.. Enumerable.Range(0, 153).Select(i => i * 10L)]), 0);
        int[] own = [.. Enumerable.Range(0, 153)];
        var pair = new PairTerm(0, 1, own, [0, 1, 2, 3], [.. Enumerable.Range(0, 153 * 4).Select(i => (long)i)], 0);
        var record = Recorded(CreditExample.Scorer(CreditExample.Card with { Kind = ModelKind.GlassBox, Pairs = [pair], Columns = [wide, .. CreditExample.Card.Columns.Skip(1)] }), "boat", "purpose");
        using var scorer = CreditExample.Scorer(CreditExample.Card with { Kind = ModelKind.GlassBox, Pairs = [pair], Columns = [wide, .. CreditExample.Card.Columns.Skip(1)] });
        var explained = DecisionExplanations.Explain(record.Case!, scorer);
        var html = Encoding.UTF8.GetString(DecisionPage.Html(record, explained with { Shapes = explained.Shapes! with { Similar = [new("0123456789abcdef", true, 0.25)] } }, []));
        Assert.Contains("bin 8 with bin 0: 0.32 points, besides what each gives alone; between 0 and 6.11 for others.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("What both give together", html, StringComparison.Ordinal);
        Assert.Contains("0123456789abcdef", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_of_a_pair_are_named_by_their_first_and_last_bins() =>
        Assert.Equal(["bin 0 … bin 1, bin 4", "bin 2", "bin 3"], PairTerm.Labels(new("x", ColumnType.Number, [1, 2], [], CreditExample.Bins(0, 0, 0, 0, 0), 0), [0, 0, 1, 2, 0]));

    [Fact]
    public void Page_without_the_model_has_the_reasons_and_says_why_there_is_no_more()
    {
        var record = Recorded(CreditExample.Scorer(), "boat", "purpose");
        var gone = record.Case!.Decision with { Counterfactuals = new([], false, "The model is gone.") };
        var html = Encoding.UTF8.GetString(DecisionPage.Html(record, new(gone, null), []));
        Assert.Contains("The model is gone.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("What each column gave", html, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DecisionPage.Html(record with { Case = null }, new(gone, null), []));
    }

    [Fact]
    public void Papers_stand_on_the_page_with_their_picture_boxes_and_what_contradicts_the_application()
    {
        using var picture = Picture.Of(40, 30, new byte[3 * 40 * 30]);
        var box = new PageBox(new(2, 3), new(30, 3), new(30, 12), new(2, 12));
        var fields = new KeyFields { Total = new("600.00", "600.00", 0.87, box, ForHuman: true) };
        var reading = new DocumentReading("example", "A-1", "payslip.png", "0x1", DateTimeOffset.UnixEpoch, "v");
        var record = Recorded(CreditExample.Scorer(), "boat", "purpose");
        var made = record.Case! with { Inputs = record.Case.Inputs with { Documents = [new("income", KeyFieldName.Total, "payslip.png", "900", "600.00", 0.87)] } };
        var html = Encoding.UTF8.GetString(DecisionPage.Html(record with { Case = made }, new(made.Decision, null),
        [
            new(reading with { Page = new(40, 30, [new(Hostile, 0.9, box)]), Fields = fields }, BinaryData.FromBytes(picture.ToPng())),
            new(reading with { File = "gone.png", Reasons = ["The PNG is cut off: send the whole file."] }, null),
        ]));
        Assert.Contains("What they say otherwise than the application", html, StringComparison.Ordinal);
        Assert.Matches("income</t[dh]>.*payslip.png.*900.*600.00", html);
        Assert.Contains("gone.png could not be read. The PNG is cut off: send the whole file.", html, StringComparison.Ordinal);
        Assert.Contains("data:image/jpeg;base64,", html, StringComparison.Ordinal);
        Assert.Contains("img-src data:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Papers", Encoding.UTF8.GetString(DecisionPage.Html(record, new(record.Case!.Decision, null), [])), StringComparison.Ordinal);
    }

    private static string Page(Scorecard card, CreditContract contract, string purpose = "boat", string name = "purpose")
    {
        using var scorer = (CreditScorer)new CreditFamily().Load(CreditExample.Bundle(card, contract, AdditiveGraph.Write(card)));
        var record = Recorded(scorer, purpose, name);
        return Encoding.UTF8.GetString(DecisionPage.Html(record, DecisionExplanations.Explain(record.Case!, scorer), []));
    }

    private static ApplicationRecord Recorded(CreditScorer scorer, string purpose, string name)
    {
        var fields = new Dictionary<string, JsonElement>(CreditExample.Golden.Fields);
        fields.Remove("purpose");
        fields[name] = JsonSerializer.SerializeToElement(purpose);
        var application = new LoanApplication("A-1", "example", DateTimeOffset.UnixEpoch, fields, "");
        var decision = Assert.IsType<Outcome<Decision>.Done>(DecisionRules.Decide(application, scorer, DateTimeOffset.Parse("2026-03-01T09:30:00Z", CultureInfo.InvariantCulture))).Value;
        return ApplicationRecord.Of(application, decision, new LogPlace(2, 1, 345), []);
    }
}
