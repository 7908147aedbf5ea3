using System.Text.Json.Nodes;

namespace Serverless.Training.Contracts;

/// <summary>What follows from a change of a column. Pure.</summary>
internal static class ColumnConsequences
{
    private const string Again = "models are trained again";
    private const string Stays = "A champion that uses it cannot be compared with the next model: it stays until a person decides.";
    private const string NotComparable = "figures are not comparable with earlier versions.";

    /// <summary>A column that was not there.</summary>
    public static string Added(JsonObject column) => Role(column) switch
    {
        "input" when column["expression"] is not null => $"It is computed from other columns: {Again} with it.",
        "input" => $"Drops must have it; {Again} with it; applications without it are scored as missing.",
        "target" => $"Drops must have it; it is the outcome, so {NotComparable}",
        "date" => $"Drops must have it; the holdout is the last rows by it, so {NotComparable}",
        "id" => "Drops must have it; rows are told apart by it.",
        "protected" => "Drops must have it; it is never an input.",
        _ => "It is not used, and drops need not have it.",
    };

    /// <summary>A column that is no longer there.</summary>
    public static string Removed(JsonObject column) => Role(column) switch
    {
        "input" => $"{Capital(Again)} without it; drops and applications need not have it.",
        "target" => $"The outcome is another: {NotComparable}",
        "date" => $"The holdout is drawn at random: {NotComparable}",
        "id" => "Rows are told apart by all their fields; drops need not have it.",
        "ignored" => "It was not used.",
        _ => "Drops need not have it.",
    };

    /// <summary>A member of a column that is there before and after.</summary>
    public static string Of(string member, JsonObject old, JsonObject now) => member switch
    {
        "role" => OfRole(Role(old), Role(now)),
        "note" => "It is for people only.",
        _ when Role(old) == "ignored" && Role(now) == "ignored" => "The column is not used.",
        "type" => $"Its values are read in another way: {Again}, and files that are written as before may be refused. {Stays}",
        "minimum" or "maximum" => Narrows(member, old[member], now[member])
            ? "Rows and applications outside the range are refused."
            : "Rows and applications in the wider range are accepted; no model before saw such values.",
        "allowed" => OfAllowed(old["allowed"] as JsonArray, now["allowed"] as JsonArray),
        "missing" or "special" => $"These texts mean something else than before: {Again}, and {NotComparable}",
        "monotone" => (string?)now["monotone"] is "auto" or "none" ? "The next model's risk moves as the data say." : "The next model's risk must move as it says.",
        "expression" => $"It is computed in another way: {Again}.",
        "cuts" or "groups" => now[member] is null ? "The next model's bins are found from the data." : "The next model has these bins.",
        "actionable" => (bool)now["actionable"]! ? "Explanations count it as something that the applicant can change." : "Explanations no longer count it as something that the applicant can change.",
        "change" or "change.step" or "change.least" or "change.most" or "change.direction" => "Once a model was trained under it, counterfactuals suggest other values.",
        "reason" => now["reason"] is null ? "Decisions have no sentence for it: write one." : "Decisions give applicants the new sentence.",
        _ => $"{Capital(Again)}.",
    };

    private static string OfRole(string old, string now) => (old, now) switch
    {
        (_, "target") or ("target", _) => $"The outcome is another: {NotComparable}",
        (_, "date") => $"The holdout is the last rows by it: {NotComparable}",
        ("date", _) => $"The holdout is drawn at random: {NotComparable}",
        (_, "id") => "Rows are told apart by it: the next comparison with the champion cannot tell which rows it was trained on.",
        ("id", _) => "Rows are told apart by all their fields: the next comparison with the champion cannot tell which rows it was trained on.",
        (_, "input") => $"Drops must have it; {Again} with it; applications without it are scored as missing.",
        ("input", "protected") => $"{Capital(Again)} without it; drops must still have it, and it is never an input. {Stays}",
        ("input", _) => $"{Capital(Again)} without it; drops and applications need not have it. {Stays}",
        (_, "protected") => "Drops must have it; it is never an input.",
        _ => "It is not used, and drops need not have it.",
    };

    private static string OfAllowed(JsonArray? old, JsonArray? now)
    {
        if (now is null) return "Any value is accepted; one that training never saw is scored as unknown.";
        if (old is null) return "Rows and applications with any other value are refused.";
        var (were, are) = (Texts(old), Texts(now));
        return string.Join(' ', new[]
        {
            were.Except(are).Any() ? $"Rows and applications with {Listed(were.Except(are))} are refused." : null,
            are.Except(were).Any() ? $"Rows and applications with {Listed(are.Except(were))} are accepted." : null,
        }.OfType<string>().DefaultIfEmpty("Only the order is another."));
    }

    private static bool Narrows(string bound, JsonNode? old, JsonNode? now) =>
        now is not null && (old is null || (bound == "minimum" ? (double)now > (double)old : (double)now < (double)old));

    private static List<string> Texts(JsonArray list) => [.. list.Select(text => (string)text!)];

    private static string Listed(IEnumerable<string> texts) => string.Join(", ", texts.Select(text => $"'{text}'"));

    private static string Role(JsonObject column) => (string)column["role"]!;

    private static string Capital(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}";
}
