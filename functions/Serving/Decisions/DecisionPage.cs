using System.Globalization;
using System.Text.Json;
using Serverless.Serving.Cards;
using Serverless.Serving.Credit;
using Serverless.Serving.Documents;

namespace Serverless.Serving.Decisions;

/// <summary>One decision as a page for the credit officer: one HTML file that needs nothing from anywhere and runs no script.</summary>
public static class DecisionPage
{
    // More rows are no table that anybody reads: a plot shows them.
    private const int MostRows = 16;
    private const int MostCells = 400;

    /// <summary>The page.</summary>
    /// <param name="record">The application, not erased.</param>
    /// <param name="explained">Its decision, explained.</param>
    /// <param name="papers">Its papers.</param>
    /// <exception cref="ArgumentException">The application was erased.</exception>
    public static byte[] Html(ApplicationRecord record, ExplainedDecision explained, IReadOnlyList<Paper> papers)
    {
        if (record.Case is null) throw new ArgumentException("The application was erased.", nameof(record));
        var decision = explained.Decision;
        var page = new CardPage(
            $"Decision on application {decision.ApplicationId}",
            string.Create(CultureInfo.InvariantCulture, $"{Told(decision.Verdict)}: {decision.Points:0.##} points, a probability of a bad loan of {Percent(decision.Probability)}."));
        if (decision.Review is { } review) Review(page, review);
        Reasons(page, decision);
        if (decision.Rules is { Count: > 0 } rules) Rules(page, rules);
        if (decision.Counterfactuals is { } changes) Changes(page, changes);
        PapersOnPage.Add(page, record.Case.Inputs.Documents ?? [], papers);
        if (explained.Shapes is { } shapes) Shapes(page, shapes);
        Record(page, decision, record.Log, explained.Shapes);
        return page.Html();
    }

    private static void Review(CardPage page, ReviewOutcome review) => page
        .Heading("Review")
        .Table("What a person decided", ["What", "Which"], [["Decision", Told(review.Verdict)], ["Why", review.Reason], ["By", review.By], ["At", review.At.ToString("u", CultureInfo.InvariantCulture)]]);

    private static void Reasons(CardPage page, Decision decision)
    {
        page.Heading("Reasons");
        if (decision.Reasons.Count == 0) page.Text("No column costs points against the portfolio's average.");
        else
        {
            page.Table("What cost most points against the portfolio's average, worst first", ["Column", "Reason", "#Points lost", "#A better value adds"],
                decision.Reasons.Select(r => new CardCell[] { r.Column, r.Sentence, Number(r.PointsLost), r.Gain is { } gain ? Number(gain) : "not told" }));
        }

        if (decision.Unseen.Count > 0) page.Text($"Values that the model was not trained on: {string.Join(", ", decision.Unseen)}.");
    }

    private static void Rules(CardPage page, IReadOnlyList<FiredRule> rules) => page
        .Heading("Rules of the policy")
        .Table("What fired", ["Rule", "Kind", "Asks for", "Why"], rules.Select(r => new CardCell[] { r.Name, JsonNamingPolicy.CamelCase.ConvertName(r.Kind.ToString()), r.Decision == RuleDecision.Decline ? "decline" : "a person", r.Reason }));

    private static void Changes(CardPage page, Counterfactuals changes)
    {
        page.Heading("What would lead to approval");
        if (changes.Why is { } why) page.Text(why);
        foreach (var (i, way) in changes.Found.Index())
        {
            page.Table(
                string.Create(CultureInfo.InvariantCulture, $"{i + 1}. Together, everything else unchanged: {way.Points:0.##} points, a probability of {Percent(way.Probability)}, approved"),
                ["Column", "Now", "Would have to be"], way.Changes.Select(c => new CardCell[] { c.Column, Text(c.From), Text(c.To) }));
        }

        if (changes.Found.Count > 0)
        {
            page.Text(changes.Exact
                ? "Each was decided again with the change and approved. No smaller change within the contract's steps and bounds is."
                : "Each was decided again with the change and approved. The search was bounded: a smaller change may exist.");
        }
    }

    private static void Shapes(CardPage page, DecisionShapes shapes)
    {
        page.Heading("What each column gave");
        var most = shapes.Columns.Select(c => Math.Abs(c.Given)).Append(0.01m).Max();
        page.Table("Points above or below the portfolio's average; they sum up to the score less the average", ["Column", "Value", "Bin", "#Points"],
            shapes.Columns.Select(c => new CardCell[] { c.Column, c.Value is { } value ? Text(value) : "not given", c.Bins[c.Here].Label, CardCell.FromMiddle(Number(c.Given), (double)(c.Given / most)) }));
        if (shapes.Kind == ModelKind.BoostedTrees) page.Text("The model is made of boosted trees: the points of the application are its Shapley values, those of the bins below what each does to a score on average.");
        if (shapes.Kind == ModelKind.Imported) page.Text("The model was trained elsewhere and registered: the points of the application are its Shapley values against a background of past loans, those of the bins below what a value in each does to a score on average.");
        foreach (var column in shapes.Columns) Shape(page, column);
        foreach (var pair in shapes.Pairs) Pair(page, pair);
        if (shapes.Similar.Count == 0) return;
        page.Heading("Similar past loans").Table("The nearest of those that the model keeps, by what its network makes of an application", ["Loan, by the hash of its id", "#Distance", "What became of it"],
            shapes.Similar.Select(c => new CardCell[] { c.Row, c.Distance.ToString("0.00", CultureInfo.InvariantCulture), c.Bad ? "bad" : "good" }));
    }

    private static void Shape(CardPage page, ColumnShape shape)
    {
        page.Subheading(shape.Column);
        var (least, greatest) = (shape.Bins.Min(b => b.Points), shape.Bins.Max(b => b.Points));
        var here = shape.Bins[shape.Here];
        if (shape.Bins.Count > MostRows)
        {
            var ends = shape.Bins.Aggregate(new List<double> { 0 }, (all, bin) => [.. all, all[^1] + bin.Share]);
            var at = string.Create(CultureInfo.InvariantCulture, $"the application is in {here.Label}, with {here.Points:0.##} points");
            page.Charts(new CardChart(
                $"Bins in their order, those of missing and special values last, as wide as their share of the portfolio; {at}.",
                string.Create(CultureInfo.InvariantCulture, $"The points of {shape.Column} lie between {least:0.##} and {greatest:0.##}; {at}."),
                CardAxis.Share("share of the portfolio up to the bin"), new CardAxis("points", (double)least - 1, (double)greatest + 1),
                [CardSeries.Of("points", CardSeriesKind.Line, shape.Bins.SelectMany((b, i) => new[] { (ends[i], (double)b.Points), (ends[i + 1], (double)b.Points) }))])
            {
                Marks = [("this application", Math.Clamp(ends[shape.Here] + (here.Share / 2), 0.001, 0.999))],
            });
            return;
        }

        var most = Math.Max(0.01m, Math.Max(-least, greatest));
        page.Table($"Points of the bins of {shape.Column} against the portfolio's average", ["Bin", "#Share of the portfolio", "#Points", "This application"],
            shape.Bins.Select((b, i) => new CardCell[] { Marked(b.Label, i == shape.Here), Percent(b.Share), CardCell.FromMiddle(Number(b.Points), (double)(b.Points / most)), i == shape.Here ? Marked("is here", true) : "" }));
    }

    private static void Pair(CardPage page, PairShape pair)
    {
        page.Subheading($"{pair.First} and {pair.Second}");
        if (pair.Points.Count > MostCells)
        {
            page.Text($"{pair.Rows[pair.Here.Row]} with {pair.Columns[pair.Here.Column]}: {Number(pair.Points[(pair.Here.Row * pair.Columns.Count) + pair.Here.Column])} points, besides what each gives alone; between {Number(pair.Points.Min())} and {Number(pair.Points.Max())} for others.");
            return;
        }

        page.Table($"What both give together, besides what each gives alone: points by {pair.First} (rows) and {pair.Second}", [pair.First, .. pair.Columns.Select(c => $"#{c}")],
            pair.Rows.Select(CardCell[] (row, r) => [Marked(row, r == pair.Here.Row), .. pair.Columns.Select((_, c) => Cell(r, c))]));

        CardCell Cell(int row, int column)
        {
            var points = Number(pair.Points[(row * pair.Columns.Count) + column]);
            return (row, column) == pair.Here ? Marked($"{points}, here", true) : points;
        }
    }

    private static void Record(CardPage page, Decision decision, LogPlace log, DecisionShapes? shapes) => page
        .Heading("Record")
        .Table("Where the decision comes from", ["What", "Which"],
        [
            ["Decision", decision.DecisionId],
            ["Portfolio", decision.Portfolio],
            ["Decided at", decision.DecidedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)],
            ["Model version", decision.ModelVersion],
            .. shapes is null ? [] : new CardCell[][] { ["Kind of model", JsonNamingPolicy.CamelCase.ConvertName(shapes.Kind.ToString())] },
            ["Contract version", decision.ContractVersion],
            ["Decision log", string.Create(CultureInfo.InvariantCulture, $"shard {log.Shard}, segment {log.Segment}, from byte {log.Offset} on")],
        ])
        .Text("This makes the decision once more from its inputs and its model, and compares:")
        .Code($"serverless decisions replay {decision.Portfolio} {decision.ApplicationId}");

    private static CardCell Marked(string text, bool marked) => new(text) { Marked = marked };

    private static string Told(DecisionVerdict verdict) => verdict switch
    {
        DecisionVerdict.Approve => "Approved",
        DecisionVerdict.Decline => "Declined",
        _ => "Referred to a person",
    };

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Number(decimal points) => points.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
