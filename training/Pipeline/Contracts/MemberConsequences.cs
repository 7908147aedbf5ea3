using System.Globalization;
using System.Text.Json.Nodes;

namespace Serverless.Training.Contracts;

/// <summary>What follows from a change of a member that is not a column's. Pure.</summary>
internal static class MemberConsequences
{
    private const string NotComparable = "figures are not comparable with earlier versions.";

    /// <summary>By path, else by the part that the member is of.</summary>
    public static string Of(string path, JsonNode? old, JsonNode? now) => path switch
    {
        "family" or "portfolio" => "It is another portfolio: models, contracts and decisions of the first stay where they are.",
        "purpose" or "owner" => "It stands in the card of the next model.",
        "drops" => Is(now, "increment")
            ? "Each drop is added to the earlier ones: export new and changed rows only, a later row for an id replaces an earlier one."
            : "Each drop stands alone: export all rows, or the next model is trained on the new ones only.",
        "bad" => $"Other loans count as bad: {NotComparable}",
        "performanceMonths" or "observedOn" => $"Other loans are old enough to have an outcome: {NotComparable}",
        "segments" => "The card of the next model shows it by other segments.",
        "maxReasons" => Falls(old, now)
            ? "Decisions give fewer reasons: check that they still give the principal ones (12 CFR 1002.9)."
            : "Decisions give more reasons where there are more.",
        "counterfactuals.most" => Is(now, 0) ? "Applicants are told no change that would have led to approval." : "Applicants are told at most this many changes that would have led to approval.",
        "counterfactuals.maxColumns" => Falls(old, now) ? "Counterfactuals that need more changes are not told." : "Counterfactuals of more changes are told where there are no smaller ones.",
        "policy.approveBelow" => Between(old, now, "approved instead of referred", "referred instead of approved"),
        "policy.declineFrom" => Between(old, now, "referred instead of declined", "declined instead of referred"),
        "policy.referUnseen" => Is(now, true)
            ? "Applications with a value that training never saw are referred instead of approved."
            : "Applications with a value that training never saw can be approved without a person.",
        "policy.referOutOfDistribution" => Is(now, true)
            ? "Applications unlike those of the training are referred, neither approved nor declined by their score."
            : "Applications unlike those of the training are decided by their score, which nobody vouches for.",
        "policy.closeToCutOff" => Falls(old, now) ? "Fewer applications close to a bound of the policy are referred." : "More applications close to a bound of the policy are referred.",
        "policy.keyColumns" => "Applications in which one of these columns is missing are referred, neither approved nor declined by their score.",
        "policy.knockOuts" => "Other applications are declined or referred whatever their score is: score a file of applications to see how many.",
        "policy.limits" => "Other amounts are declined or referred: score a file of applications to see how many.",
        "training.maxRowsInError" => Falls(old, now) ? "Drops with fewer rows in error than before are rejected." : "Drops with more rows in error than before are accepted, without those rows.",
        "training.refit" => "The served model is fitted on other rows than before.",
        "gate.approval" => Is(now, true) ? "A version that passes the gate waits for a person." : "A version that passes the gate goes live by itself.",
        "textColumn" or "labelColumn" => $"Drops must have this column; models are trained on it, and {NotComparable}",
        "idColumn" => "Rows are told apart by it: the next comparison with the champion cannot tell which rows it was trained on.",
        "outOfScopeLabel" => $"Other rows count as belonging to no intent: {NotComparable}",
        "maxLength" => Falls(old, now) ? "Longer texts are refused." : "Longer texts are accepted.",
        "maxFalseNone" => "The next model answers \"none\" from another threshold on.",
        "behaviour.cases" => "The next model must answer these texts so before it goes live.",
        "similar.questions" => now is null
            ? "The next model keeps no training questions, so that GET /api/similar has none to show."
            : "The next model keeps that many redacted texts of customers in its files, for GET /api/similar: erasure does not reach versions that are there already.",
        "ambiguousMargin" => "Other answers are marked as ambiguous.",
        _ => path.Split('.')[0] switch
        {
            "scale" => "Points stand for other odds: they are not comparable with earlier ones, and limits on points that are kept elsewhere must move.",
            "risk" => "The next risk report values loans in another way; models and decisions stay as they are.",
            "scorecard" => "The next model is built by other rules.",
            "notice" => "Notices of declined applications say it, those of earlier decisions too.",
            "autoencoder" => "The next model tells other applications as unlike those trained on, or compares with other past loans.",
            "models" => "Other kinds of model compete, or by other rules: the next model may be of another kind.",
            "trees" => "Boosted trees and glass boxes grow by other rules.",
            "glassBox" => "The next glass box shows other terms.",
            "behaviour" => "Invariance is measured on other texts or with other greetings: its figures are not comparable with earlier ones.",
            "format" => "Files are read in another way: change the export together with the contract.",
            "limits" => Falls(old, now) ? "Drops beyond it are rejected." : "Drops up to it are accepted.",
            "training" => "The rows are split in another way, so figures differ by chance from those of earlier versions.",
            "gate" => "The next model must show something else before it goes live.",
            _ => "The next model is trained under it.",
        },
    };

    private static string Between(JsonNode? old, JsonNode? now, string raised, string lowered)
    {
        var (was, isNow) = ((double)old!, (double)now!);
        return string.Create(CultureInfo.InvariantCulture, $"Applications with a probability of a bad loan from {Math.Min(was, isNow)} to {Math.Max(was, isNow)} are {(isNow > was ? raised : lowered)}.");
    }

    private static bool Falls(JsonNode? old, JsonNode? now) => (double)now! < (double)old!;

    private static bool Is<T>(JsonNode? node, T value) => node is JsonValue held && held.TryGetValue<T>(out var found) && Equals(found, value);
}
