using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Training.Cards;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>The parts of a scorecard's card on what it cannot know, and on what has to be watched while it decides.</summary>
internal static class CreditCardMonitoring
{
    /// <summary>Only loans that were granted have outcomes.</summary>
    public static void SelectionBias(CardPage page) => page.Heading("Selection bias").List(
    [
        "It learned from loans that were granted, because only those have outcomes. Applicants who were declined are missing: on all who apply, the figures can be too good, and points of a bin in which hardly anybody was granted a loan say little.",
        "The rules by which loans were granted are in the data: a column by which applicants were declined before looks weaker than it is.",
        "Nothing here corrects for that (no reject inference), because every correction rests on assumptions that the data cannot test. A small random share of marginal applications that is granted and followed is what can.",
    ]);

    /// <summary>What to watch, where, and what to do.</summary>
    public static void Plan(CardPage page, CreditCardInput input)
    {
        var gate = input.Contract.Gate;
        var auc = input.Manifest.Metrics.GetValueOrDefault("aucLow", double.NaN);
        page.Heading("Monitoring plan").Table("What is watched while it decides", ["What", "Where", "Limit", "Then"],
        [
            ["Distribution of the columns", "the report of every drop, against this model's profile", $"stability index {Plain(PopulationStability.WatchFrom)} watch, {Plain(PopulationStability.DriftFrom)} drift", "find out why before the next version goes live"],
            ["Distribution of the score", "metric serverless.decision.probability, day by day", $"stability index {Plain(PopulationStability.DriftFrom)}", "look at the columns; retrain if the world has changed"],
            ["Outcomes", "'evaluate' on loans whose window has ended, at least each quarter", $"AUC below {CardParts.Figure(auc)}, the lower end of its interval", "retrain; without a better version, tighten the policy"],
            ["Calibration", "the same", string.Create(CultureInfo.InvariantCulture, $"slope outside {gate.Calibration.LeastSlope} to {gate.Calibration.GreatestSlope}, or ECE above {gate.Calibration.MaxEce}"), "retrain, which calibrates again"],
            ["Referrals and overrides", "decisions by verdict; the officers' own records", "a share that changes by half", "ask the officers; look at unseen values and the policy"],
            ["Values that training never saw", "decisions that were referred for them", "any that repeats", "extend the contract and retrain"],
            ["Age", "metric serverless.model.age", "a year, or the next change of product or law", "validate again, even if nothing else says so"],
        ]);
    }

    private static string Plain(double limit) => limit.ToString(CultureInfo.InvariantCulture);
}
