namespace Serverless.Serving.Text;

/// <summary>What can be wrong with a text contract.</summary>
internal static class ContractFaults
{
    private static readonly string[] Floors = ["accuracy", "macroF1", "outOfScopeRecall", .. BehaviourFaults.Floors];

    /// <summary>Every fault, each with what to do.</summary>
    public static IReadOnlyList<string> Of(TextContract contract) => [.. CommonFaults.Of(contract, TextContract.FamilyName, Floors), .. OfText(contract), .. RedactionFaults.Of(contract.Redaction), .. BehaviourFaults.Of(contract)];

    private static IEnumerable<string> OfText(TextContract contract)
    {
        if (string.IsNullOrWhiteSpace(contract.TextColumn)) yield return "'textColumn' is empty: name the column that holds the texts.";
        if (string.IsNullOrWhiteSpace(contract.LabelColumn)) yield return "'labelColumn' is empty: name the column that holds the intents.";
        if (contract.IdColumn is { } id && string.IsNullOrWhiteSpace(id)) yield return "'idColumn' is empty: name the column that identifies a row, or leave it out.";
        string?[] columns = [contract.TextColumn, contract.LabelColumn, contract.IdColumn];
        if (columns.Where(c => !string.IsNullOrWhiteSpace(c)).GroupBy(c => c).Any(g => g.Count() > 1))
            yield return "'textColumn', 'labelColumn' and 'idColumn' name the same column: give each its own.";
        if (contract.OutOfScopeLabel is { } label && (label.Length == 0 || label.Trim() != label))
            yield return "'outOfScopeLabel' is empty or has spaces around it: write the label as it stands in the file, or leave it out.";
        if (contract.Drops == DropMode.Increment && contract.IdColumn is null)
            yield return "'drops' is increment, but there is no 'idColumn': name the column that identifies a row, so that a later row replaces an earlier one, or write full.";
    }
}
