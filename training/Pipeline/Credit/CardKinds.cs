using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Serving.Credit;
using Serverless.Training.Cards;

namespace Serverless.Training.Credit;

/// <summary>The parts of a card that depend on the kind of model: why this kind, and how its points add up.</summary>
internal static class CreditCardKinds
{
    // A table of more cells is no reading matter; features.json has them all.
    private const int MostCells = 400;

    /// <summary>A kind as the start of a title.</summary>
    public static string Title(ModelKind kind)
    {
        var name = Competition.Name(kind);
        return $"{char.ToUpperInvariant(name[0])}{name[1..]}";
    }

    /// <summary>Which kinds were trained, how good each is on the holdout, and why this one was chosen.</summary>
    public static void Write(CardPage page, CreditCardInput input)
    {
        if (input.Competition.Count < 2) return;
        var rules = input.Contract.Models;
        page.Heading("Kinds of model that competed")
            .Text(string.Create(CultureInfo.InvariantCulture, $"All were fitted on the same rows and compared on the same holdout, in the contract's order of preference: a later kind wins only where its AUC is higher by {rules.Margin} or more and the paired test (DeLong 1988) is {CardParts.Share(rules.Confidence)} sure that it is better. The figures above are those of the winner, so they are a little too good by the choice."))
            .Table("Kinds on the holdout", ["Kind", "#AUC", "#Log loss", "Compared with", "#Confidence", "Outcome"], input.Competition.Select(k => new CardCell[]
            {
                Competition.Name(k.Kind), CardParts.Figure(k.Auc), CardParts.Figure(k.LogLoss),
                k.Against is { } against ? Competition.Name(against) : "",
                k.Confidence is { } confidence ? CardParts.Share(confidence) : "",
                k.Kind == input.Scorecard.Kind ? "chosen" : k.Against is null ? "preferred, and beaten" : k.Wins ? "better, and beaten later" : "not better by enough",
            }));
    }

    /// <summary>How a score comes about.</summary>
    public static string HowPointsAdd(Scorecard table) => table.Kind switch
    {
        ModelKind.GlassBox => $"A score is {Points(table.BasePoints)} points plus the points of one bin in each column and of one cell in each table of two columns. Nothing else enters it.",
        ModelKind.BoostedTrees => "The trees give the score, column by column together. The points of a bin below are what it does to the score on average (partial dependence, Friedman 2001); for a single applicant a column can do something else, and their decision says what (Shapley values).",
        ModelKind.Imported => "The model was trained elsewhere and registered: its graph gives the score from the values of all columns together, calibrated here. The points of a bin below are what the value in its middle does to the score on average (partial dependence, Friedman 2001); for a single applicant a column can do something else, and their decision says what (Shapley values against a background of past loans).",
        _ => $"A score is {Points(table.BasePoints)} points plus the points of one bin in each column.",
    };

    /// <summary>The tables of two columns.</summary>
    public static void Pairs(CardPage page, Scorecard table)
    {
        foreach (var pair in table.Pairs)
        {
            var (first, second) = (table.Columns[pair.First], table.Columns[pair.Second]);
            page.Subheading($"{first.Name} with {second.Name}");
            if (pair.Points.Count > MostCells)
            {
                page.Text($"A table of {CardParts.Count(pair.Points.Count)} cells from {Points(pair.Points.Min())} to {Points(pair.Points.Max())} points; 'features.json' has them.");
                continue;
            }

            var (rows, columns) = (PairTerm.Labels(first, pair.FirstGroups), PairTerm.Labels(second, pair.SecondGroups));
            double most = Math.Max(1, pair.Points.Max(Math.Abs));
            page.Table($"Points of {first.Name} (down) with {second.Name} (across); {Points(pair.AveragePoints)} on average", [first.Name, .. columns.Select(c => $"#{c}")], rows.Select((row, r) => (CardCell[])
            [
                row, .. columns.Select((_, c) => CardCell.FromMiddle(Points(pair.Points[(r * pair.Width) + c]), pair.Points[(r * pair.Width) + c] / most)),
            ]));
        }
    }

    private static string Points(long hundredths) => (hundredths / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}
