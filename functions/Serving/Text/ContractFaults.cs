using Serverless.Serving.Credit;

namespace Serverless.Serving.Text;

/// <summary>What can be wrong with a text contract.</summary>
internal static class ContractFaults
{
    private static readonly string[] Floors = ["accuracy", "macroF1", "outOfScopeRecall"];

    /// <summary>Every fault, each with what to do.</summary>
    public static IReadOnlyList<string> Of(TextContract contract) => [.. CommonFaults.Of(contract, TextContract.FamilyName, Floors), .. OfText(contract)];

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
        if (contract.MaxLength is < 1 or > 10_000) yield return "'maxLength' must lie between 1 and 10000 characters.";
        if (contract.MaxFalseNone is not (>= 0 and <= 0.5)) yield return "'maxFalseNone' must lie between 0 and 0.5: 0.03 lets three of a hundred good texts be turned away.";
        if (contract.AmbiguousMargin is not (>= 0 and <= 1)) yield return "'ambiguousMargin' must lie between 0 and 1: 0.1 asks back when the best two are closer than that.";
    }
}
