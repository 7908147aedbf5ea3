using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Cards;

namespace Serverless.Training.Cards;

/// <summary>What the cards of all families say in the same words.</summary>
internal static class CardParts
{
    /// <summary>A figure with four decimals, or that there is none.</summary>
    public static string Figure(double? figure) => figure is { } f && double.IsFinite(f) ? f.ToString("0.0000", CultureInfo.InvariantCulture) : "not available";

    /// <summary>A share as percent with one decimal.</summary>
    public static string Share(double share) => double.IsFinite(share) ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %") : "not available";

    /// <summary>A count with thousands separators.</summary>
    public static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Rows of the table of facts that every manifest gives.</summary>
    public static IEnumerable<CardCell[]> Facts(Manifest manifest, DataContract contract) =>
    [
        ["Portfolio", $"{manifest.Family}/{manifest.Portfolio}"],
        ["Version", manifest.Version],
        ["Run", manifest.RunId],
        ["Trained at", manifest.TrainedAt.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)],
        ["Champion at that time", manifest.Parent ?? "none"],
        ["Data, SHA-256", manifest.DataSha256],
        ["Rows used", Count(manifest.Rows)],
        ["Contract version", contract.Version],
        ["Seed", contract.Training.Seed.ToString(CultureInfo.InvariantCulture)],
        .. manifest.Packages.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new CardCell[] { $"Package {p.Key}", p.Value }),
    ];

    /// <summary>How the gate decided, or that there was none.</summary>
    public static CardPage Gate(this CardPage page, GateVerdict? gate)
    {
        page.Heading("Gate");
        if (gate is null) return page.Text("Trained offline: no gate has decided on this model. Drop the data into the storage account to have it compared with the champion.");
        page.Text(gate.Decision switch
        {
            GateDecision.Promote => "Every check was passed: the model goes live.",
            GateDecision.Keep => "A check failed: the champion stays.",
            GateDecision.AwaitApproval => "Every check was passed: the model goes live when a person approves it.",
            GateDecision.Paused => "Every check was passed, and promotion was paused: the champion stays.",
            _ => "There are too few fresh rows to tell: the champion stays.",
        });
        return gate.Checks.Count == 0 ? page : page.Table(
            "Checks of the gate",
            ["Check", "#Figure", "#Limit", "Verdict"],
            gate.Checks.Select(c => new CardCell[] { c.Name, Figure(c.Figure), $"{(c.AtMost ? "at most" : "at least")} {Figure(c.Limit)}", c.Passed ? "passed" : c.Warns ? "warns" : "failed" }));
    }

    /// <summary>Whether the figures are those of the served fit.</summary>
    public static string FitNote(TrainingRules rules) => rules.Refit
        ? "The figures are those of a model fitted without the holdout. The served model was then fitted once more, in the same way, on all rows."
        : "The figures are those of the served model, which was fitted without the holdout.";

    /// <summary>The command that trains the model again.</summary>
    public static CardPage Replay(this CardPage page, string trainCommand) => page
        .Heading("Replay the numbers")
        .Text("With the bundle's contract.json and the data whose SHA-256 is above, this trains the same version on the same kind of machine and writes the same figures:")
        .Code(trainCommand);
}
