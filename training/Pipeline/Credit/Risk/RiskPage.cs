using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Training.Cards;

namespace Serverless.Training.Credit.Risk;

/// <summary>The risk report as a page that needs nothing from anywhere; holds no row.</summary>
internal static class RiskPage
{
    public static byte[] Html(RiskFigures figures)
    {
        var page = new CardPage($"Risk of {figures.Portfolio}", "How likely the loans of the book go bad, what they are expected to lose, and what a worse economy would do to both.");
        page.Heading("The book").Table("Where the figures come from", ["Fact", "Value"],
        [
            ["Model version", figures.ModelVersion],
            ["Contract version", figures.ContractVersion],
            ["Loans, SHA-256", figures.DataSha256],
            ["Rows", CardParts.Count(figures.Rows)],
            ["Rows in error, left out", CardParts.Count(figures.RowsInError)],
            ["Outcomes as of", figures.ObservedOn is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "as the file states them"],
        ]);
        if (figures.FirstFaults.Count > 0) page.Text("The first faults:").List(figures.FirstFaults);
        Grades(page, figures);
        Calibration(page, figures);
        Stress(page, figures);
        page.Heading("How to read it").List(
        [
            "A probability is that of the model: of a bad loan as its contract defines it, within its performance window.",
            "Expected loss is probability times loss given default times exposure, loan by loan, rounded to hundredths, half to even; grades add up to the total exactly. It is no unexpected loss, no capital, and by itself no provision.",
            "A scenario multiplies every loan's odds of going bad alike. Grades, exposures and losses given default stay as they are, so that the figures differ by probability alone.",
            "The loans were approved under some policy; applicants who were declined are not among them.",
        ]);
        return page.Html();
    }

    private static void Grades(CardPage page, RiskFigures figures)
    {
        var money = figures.Total.Money is not null;
        page.Heading("Probability by grade");
        if (!money) page.Text("The contract states no exposure and no loss given default ('risk.exposureColumn' and 'risk.lgd', for example), so nothing is said of money.");
        page.Table("Grades, the safest first", ["Grade", "Probability of going bad", "#Loans", "#Share", "#Mean probability", .. (string[])(money ? ["#Exposure", "#Expected loss", "#Of exposure"] : [])], Rows(figures).Select(CardCell[] (g) =>
        [
            g.Name,
            g.Band,
            Count(g.Loans),
            CardCell.Filled(Share(figures.Total.Loans == 0 ? null : (decimal)g.Loans / figures.Total.Loans), figures.Total.Loans == 0 ? 0 : (double)g.Loans / figures.Total.Loans),
            Share(g.Probability),
            .. Cells(g.Money, of => [Money(of.Exposure), Money(of.ExpectedLoss), Share(of.Exposure == 0 ? null : of.ExpectedLoss / of.Exposure)]),
        ]));
    }

    private static void Calibration(CardPage page, RiskFigures figures)
    {
        page.Heading("Calibration");
        if (figures.Total.Outcomes is null)
        {
            page.Text("No loan of the file has an outcome that is known, so the probabilities are not held against any.");
            return;
        }

        page.Text(string.Create(CultureInfo.InvariantCulture, $"The Jeffreys test asks whether chance explains the distance between the mean probability and the share that went bad. It warns wrongly in {100 * figures.Significance:0.##} of 100 grades on each side; loans that go bad together, as in a recession, make it warn more often."));
        var known = figures.Grades.Where(g => g.Outcomes is not null).Select(g => g.Outcomes!).ToList();
        page.Charts(Reliability.Chart([.. known.Select(o => new Reliability((int)Math.Min(o.Loans, int.MaxValue), (double)o.Predicted, o.Observed, o.Low, o.High))], "Grades: mean probability and share that went bad, with 95 % intervals", "predicted probability of bad", "share that went bad"));
        page.Table("Loans whose outcome is known", ["Grade", "#Loans", "#Went bad", "#Predicted", "#Observed", "#95 % interval", "#p", "The probability"], Rows(figures).Where(g => g.Outcomes is not null).Select(g => new CardCell[]
        {
            g.Name, Count(g.Outcomes!.Loans), Count(g.Outcomes.Bads), Share(g.Outcomes.Predicted), Share((decimal)g.Outcomes.Observed),
            $"{Share((decimal)g.Outcomes.Low)} to {Share((decimal)g.Outcomes.High)}", g.Outcomes.PValue.ToString("0.0000", CultureInfo.InvariantCulture), Said(g.Outcomes.Verdict),
        }));
    }

    private static void Stress(CardPage page, RiskFigures figures)
    {
        if (figures.Scenarios.Count == 0) return;
        page.Heading("Stress").Table("All loans under each scenario", ["Scenario", "#Odds times", "#Mean probability", .. (string[])(figures.Total.Money is null ? [] : ["#Expected loss", "#More than expected"])], figures.Scenarios.Select(CardCell[] (s, i) =>
        [
            s.Name,
            s.Odds.ToString("0.###", CultureInfo.InvariantCulture),
            Share(figures.Total.Stressed[i].Probability),
            .. Cells(figures.Total.Money, of => [Money(figures.Total.Stressed[i].ExpectedLoss!.Value), Money(figures.Total.Stressed[i].ExpectedLoss!.Value - of.ExpectedLoss)]),
        ]));
        page.Table(
            figures.Total.Money is null ? "Mean probability by grade" : "Expected loss by grade",
            ["Grade", "#As expected", .. figures.Scenarios.Select(s => $"#{s.Name}")],
            Rows(figures).Select(CardCell[] (g) =>
            [
                g.Name,
                g.Money is { } money ? Money(money.ExpectedLoss) : Share(g.Probability),
                .. g.Stressed.Select(s => (CardCell)(s.ExpectedLoss is { } loss ? Money(loss) : Share(s.Probability))),
            ]));
    }

    private static IEnumerable<GradeFigures> Rows(RiskFigures figures) => figures.Grades.Append(figures.Total);

    private static CardCell[] Cells(GradeMoney? money, Func<GradeMoney, CardCell[]> cells) => money is null ? [] : cells(money);

    private static string Said(CalibrationVerdict verdict) => verdict switch
    {
        CalibrationVerdict.TooLow => "is too low",
        CalibrationVerdict.TooHigh => "is too high",
        _ => "agrees",
    };

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Money(decimal money) => money.ToString("N2", CultureInfo.InvariantCulture);

    private static string Share(decimal? share) => share is { } given ? string.Create(CultureInfo.InvariantCulture, $"{100 * given:0.00} %") : "no loans";
}
