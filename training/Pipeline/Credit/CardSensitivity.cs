using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Serving.Credit;
using Serverless.Training.Cards;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>The part of a card on what hangs on each column, and on how much the holdout differs from what was trained on.</summary>
internal static class CreditCardSensitivity
{
    public static void Write(CardPage page, CreditCardInput input)
    {
        var shown = input.Shown;
        var auc = input.Manifest.Metrics.GetValueOrDefault("auc", double.NaN);
        page.Heading("Sensitivity and stability")
            .Text($"What each column does, measured on the holdout. The stability index compares the holdout with the rows that were trained on: below {Plain(PopulationStability.WatchFrom)} little has changed, above {Plain(PopulationStability.DriftFrom)} much has. That of the score is {CardParts.Figure(shown.ScorePsi)}.")
            .Table("Columns by what the model loses without them", ["Column", "#Information value", "#Mean points", "#Points from worst to best", "#AUC of it alone", "#AUC without it", "#Loss", "#Stability index", "Verdict"],
                shown.Columns.OrderByDescending(c => auc - c.AucWithout).ThenBy(c => c.Name, StringComparer.Ordinal).Select(c => new CardCell[]
                {
                    c.Name, CardParts.Figure(input.Inputs.FirstOrDefault(u => u.Name == c.Name)?.InformationValue), c.Importance.ToString("0.00", CultureInfo.InvariantCulture), c.Spread.ToString("0.00", CultureInfo.InvariantCulture), CardParts.Figure(c.Auc), CardParts.Figure(c.AucWithout),
                    (auc - c.AucWithout).ToString("0.0000", CultureInfo.InvariantCulture), CardParts.Figure(c.Psi), Verdict(c, input),
                }));
        if (input.Scorecard.Kind == ModelKind.BoostedTrees)
        {
            page.Table("Pairs of columns that do most together, on the holdout", ["Column", "With", "#Mean points beyond what each does alone"],
                shown.Pairs.Select(p => new CardCell[] { p.First, p.Second, p.Points.ToString("0.00", CultureInfo.InvariantCulture) }));
            return;
        }

        if (input.Scorecard.Kind == ModelKind.Imported) return; // it does not add up
        var (missing, probability) = input.Scorecard.ScoreOf([.. input.Scorecard.Columns.Select(c => (long)c.MissingBin)]);
        page.Text(string.Create(CultureInfo.InvariantCulture, $"An application of which nothing is known gets {missing / 100m:0.00} points, {CardParts.Share(probability)} risk."));
    }

    private static string Verdict(ColumnFigures column, CreditCardInput input) =>
        column.Auc > input.Contract.Gate.MaxColumnAuc ? "decides nearly alone: probably written after the outcome"
        : column.Psi > PopulationStability.DriftFrom ? "drifts"
        : column.Psi > PopulationStability.WatchFrom ? "watch"
        : "stable";

    private static string Plain(double limit) => limit.ToString(CultureInfo.InvariantCulture);
}
