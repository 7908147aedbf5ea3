using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Cards;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Training.Cards;

namespace Serverless.Training.Credit;

/// <summary>What a credit model's card is made from; the three holdout lists have the same order and length.</summary>
/// <param name="Manifest">The bundle's manifest with version, figures and, after the gate, its verdict.</param>
/// <param name="Contract">The contract that it was trained under.</param>
/// <param name="Scorecard">The table of the served model.</param>
/// <param name="SplitByDate">Whether the holdout is the last dates.</param>
/// <param name="Period">First and last date of all rows; null where the contract has no date.</param>
/// <param name="Bad">Outcomes of the holdout.</param>
/// <param name="Probability">Probabilities of a bad loan on the holdout, 0 to 1.</param>
/// <param name="Points">Points on the holdout.</param>
/// <param name="Shown">What the holdout shows of stability and of each column.</param>
internal sealed record CreditCardInput(
    Manifest Manifest,
    CreditContract Contract,
    Scorecard Scorecard,
    bool SplitByDate,
    (DateOnly First, DateOnly Last)? Period,
    IReadOnlyList<bool> Bad,
    IReadOnlyList<double> Probability,
    IReadOnlyList<double> Points,
    HoldoutFigures Shown)
{
    /// <summary>Date of each row of the holdout in days since 1970-01-01; empty where the contract has no date.</summary>
    public IReadOnlyList<double> Dates { get; init; } = [];

    /// <summary>How each kind of model did that was trained.</summary>
    public IReadOnlyList<KindFigures> Competition { get; init; } = [];

    /// <summary>Every input with its information value, and why it is not used where it is not.</summary>
    public IReadOnlyList<ColumnUse> Inputs { get; init; } = [];

    /// <summary>The served autoencoder; null where there is none.</summary>
    public AutoencoderFile? Autoencoder { get; init; }

    /// <summary>Whether it tells each row of the holdout as unlike those trained on; empty where there is none.</summary>
    public IReadOnlyList<bool> Outliers { get; init; } = [];

    /// <summary>On how many rows of the holdout each rule of the policy fires, by kind and name; without the rules of which that cannot be told.</summary>
    public IReadOnlyDictionary<(RuleKind Kind, string Name), int> Fired { get; init; } = new Dictionary<(RuleKind, string), int>();

    /// <summary>Columns to look at parts of the holdout by, with the label of each of its rows.</summary>
    public IReadOnlyList<(string Column, IReadOnlyList<string> Labels)> Segments { get; init; } = [];
}

/// <summary>
/// The model card of a credit model (Mitchell et al. 2019), with what a validator needs for model risk management (SR 26-2): what it is for, what it
/// learned from, how good it is, when and for whom, all of its points, what hangs on each column, where not to trust it, and what to watch. Holds no row.
/// </summary>
internal static class CreditCard
{
    /// <summary>Writes <c>card.md</c> and <c>card.html</c>.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(CreditCardInput input)
    {
        var (manifest, contract) = (input.Manifest, input.Contract);
        var page = new CardPage(
            $"{CreditCardKinds.Title(input.Scorecard.Kind)} for {contract.Portfolio}",
            $"Estimates how likely a loan in this portfolio becomes bad ({string.Join(", ", contract.Bad)}) and says it in points: the more points, the safer the loan.");
        CreditCardData.Purpose(page, contract);
        page.Heading("What it is").Table("Where the model comes from", ["Fact", "Value"],
        [
            .. CardParts.Facts(manifest, contract),
            ["Points", string.Create(CultureInfo.InvariantCulture, $"{contract.Scale.Base} at odds {contract.Scale.BaseOdds} : 1 of good to bad; {contract.Scale.PointsToDoubleOdds} more double the odds")],
        ]);
        CreditCardData.Data(page, input);
        CreditCardData.Assumptions(page, contract, input.Scorecard.Kind);
        Figures(page, input);
        CreditCardKinds.Write(page, input);
        CreditCardPerformance.OverTime(page, input);
        CreditCardPerformance.BySegment(page, input);
        CreditCardSensitivity.Write(page, input);
        CreditCardPolicy.Write(page, input);
        CreditCardOutliers.Write(page, input);
        page.Gate(manifest.Gate);
        Columns(page, input);
        CreditCardMonitoring.SelectionBias(page);
        page.Heading("Limits of use").List(Limits(contract));
        CreditCardMonitoring.Plan(page, input);
        return page
            .Replay("dotnet run --project training/Cli -- train credit --contract contract.json --data DATA.csv --out again")
            .Files();
    }

    private static void Figures(CardPage page, CreditCardInput input)
    {
        var metrics = input.Manifest.Metrics;
        double? Metric(string name) => metrics.TryGetValue(name, out var figure) ? figure : null;
        var bads = input.Bad.Count(b => b);
        page.Heading("How good it is")
            .Text($"Measured on {CardParts.Count(input.Bad.Count)} held-out loans, of which {CardParts.Count(bads)} ({CardParts.Share((double)bads / input.Bad.Count)}) were bad. {CardParts.FitNote(input.Contract.Training)}")
            .Table("Figures on the holdout", ["Figure", "#Value", "What it says"],
            [
                ["AUC", CardParts.Figure(Metric("auc")), "chance that a bad loan is scored riskier than a good one; 0.5 is none"],
                ["AUC, 95 % interval", $"{CardParts.Figure(Metric("aucLow"))} to {CardParts.Figure(Metric("aucHigh"))}", "where the AUC would lie on other loans of the same kind (DeLong 1988)"],
                ["KS", CardParts.Figure(Metric("ks")), "greatest distance between good and bad loans along the score"],
                ["Gini", CardParts.Figure(Metric("gini")), "2 AUC - 1"],
                ["Brier", CardParts.Figure(Metric("brier")), "mean squared error of the probability; lower is better"],
                ["Log loss", CardParts.Figure(Metric("logLoss")), "mean surprise in nats; lower is better"],
                ["ECE", CardParts.Figure(Metric("ece")), "mean distance of predicted and observed share of bad loans"],
                ["Calibration slope", CardParts.Figure(Metric("calibrationSlope")), "1 is perfect; below it the probabilities spread too far (Cox 1958)"],
                ["Calibration intercept", CardParts.Figure(Metric("calibrationIntercept")), "0 is perfect; above it more loans went bad than was predicted, in log-odds"],
                ["AUC, 5th percentile", CardParts.Figure(Metric("aucBootstrapLow")), "of 200 bootstrap samples of the holdout"],
            ]);
        if (bads == 0 || bads == input.Bad.Count) return;
        var groups = Reliability.Of(input.Probability, input.Bad);
        page.Charts(
                CreditPlots.Roc(input.Bad, input.Probability, Metric("auc") ?? double.NaN),
                Reliability.Chart(groups, "Calibration: tenths of the holdout by predicted probability, with 95 % intervals", "predicted probability of bad", "share that went bad"),
                CreditPlots.Scores(input.Bad, input.Points, CreditCardPolicy.Cuts(input)))
            .Table("Calibration on the holdout, by groups of equal size", ["Group", "#Rows", "#Predicted", "#Went bad", "#95 % interval"], groups.Select((g, i) => new CardCell[]
            {
                (i + 1).ToString(CultureInfo.InvariantCulture), CardParts.Count(g.Rows), CardParts.Share(g.Predicted), CardParts.Share(g.Happened), $"{CardParts.Share(g.Low)} to {CardParts.Share(g.High)}",
            }));
    }

    private static void Columns(CardPage page, CreditCardInput input)
    {
        page.Heading("Every point").Text(CreditCardKinds.HowPointsAdd(input.Scorecard))
            .Text("Rows and bad rates are those of the fit; the bars have the same scale in all columns. A weight of evidence (WoE) above 0 means fewer bad loans than on average.");
        var columns = input.Contract.Columns.ToDictionary(c => c.Name);
        var bins = input.Scorecard.Columns.SelectMany(c => c.Bins).ToList();
        double mostPoints = bins.Select(b => Math.Abs(b.Points)).DefaultIfEmpty().Max();
        var mostBad = bins.Select(BadRate).DefaultIfEmpty().Max();
        foreach (var column in input.Scorecard.Columns)
        {
            page.Subheading(column.Name);
            if (columns[column.Name].Reason is { } reason) page.Text($"Told to applicants: {reason}");
            page.Table($"Bins of {column.Name}; {Points(column.AveragePoints)} points on average", ["Bin", "#Points", "#WoE", "#Rows", "#Bad rate"], column.Bins.Select(b => new CardCell[]
            {
                b.Label,
                CardCell.FromMiddle(Points(b.Points), mostPoints == 0 ? 0 : b.Points / mostPoints),
                b.Woe.ToString("0.000", CultureInfo.InvariantCulture),
                CardParts.Count(b.Rows),
                b.Rows == 0 ? "no rows" : CardCell.Filled(CardParts.Share(BadRate(b)), mostBad == 0 ? 0 : BadRate(b) / mostBad),
            }));
        }

        CreditCardKinds.Pairs(page, input.Scorecard);
        var used = input.Scorecard.Columns.Select(c => c.Name).ToHashSet();
        page.Heading("Columns that are not used").Table("Columns of the contract that give no points", ["Column", "Why"], input.Contract.Columns.Where(c => !used.Contains(c.Name)).Select(c => new CardCell[]
        {
            c.Name,
            c.Role switch
            {
                ColumnRole.Protected => "protected attribute: never an input",
                ColumnRole.Ignored => c.Note ?? "ignored by the contract",
                ColumnRole.Input => input.Inputs.FirstOrDefault(u => u.Name == c.Name)?.NotUsed ?? "an input that adds nothing",
                _ => $"role in the contract: {c.Role.ToString().ToLowerInvariant()}",
            },
        }));
    }

    private static IEnumerable<string> Limits(CreditContract contract) =>
    [
        "It knows the past of this portfolio. When products, rules or the economy change, train it again and compare before it decides.",
        "It was made for this portfolio and this contract only; elsewhere the points mean nothing.",
        contract.Columns.Any(c => c.Role == ColumnRole.Protected)
            ? $"Protected columns ({string.Join(", ", contract.Columns.Where(c => c.Role == ColumnRole.Protected).Select(c => c.Name))}) are no inputs. That alone does not prove equal treatment: other columns can stand in for them."
            : "The contract names no protected columns, so nothing here says whether groups are treated alike.",
        "A referral needs a person who can decide otherwise. Scoring the creditworthiness of natural persons is high-risk AI in the EU (Regulation (EU) 2024/1689, Annex III, 5 b), and GDPR Art. 22 limits decisions made by machines alone.",
    ];

    private static double BadRate(Bin bin) => bin.Rows == 0 ? 0 : (double)bin.Bads / bin.Rows;

    private static string Points(long hundredths) => (hundredths / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}
