namespace Serverless.Serving.Documents;

/// <summary>What can be wrong with a contract of pictures.</summary>
internal static class ContractFaults
{
    private static readonly string[] Floors = ["accuracy", "macroF1", "worstRecall", "outOfScopeRecall"];

    /// <summary>Every fault, each with what to do.</summary>
    public static IReadOnlyList<string> Of(DocumentContract contract) => [.. CommonFaults.Of(contract, DocumentContract.FamilyName, Floors), .. OfPictures(contract)];

    private static IEnumerable<string> OfPictures(DocumentContract contract)
    {
        if (string.IsNullOrWhiteSpace(contract.FileColumn)) yield return "'fileColumn' is empty: name the column that holds the names of the pictures' files.";
        if (string.IsNullOrWhiteSpace(contract.LabelColumn)) yield return "'labelColumn' is empty: name the column that holds the labels.";
        if (!string.IsNullOrWhiteSpace(contract.FileColumn) && contract.FileColumn == contract.LabelColumn)
            yield return "'fileColumn' and 'labelColumn' name the same column: give each its own.";
        if (contract.OutOfScopeLabel is { } label && (label.Length == 0 || label.Trim() != label))
            yield return "'outOfScopeLabel' is empty or has spaces around it: write the label as it stands in the file, or leave it out.";
        if (contract.Picture.Height is null != contract.Picture.Width is null)
            yield return "'picture' has one of 'height' and 'width': write both, or neither, and they are taken from the drop.";
        if (contract.Network.Channels % PictureNetworkRules.ChannelStep != 0)
            yield return FormattableString.Invariant($"'network.channels' is {contract.Network.Channels}: write a multiple of {PictureNetworkRules.ChannelStep}, such as 32.");
        if (contract.Drops == DropMode.Increment)
            yield return "'drops' is increment, and pictures have no table whose rows could replace others: write full, and drop all pictures each time.";
    }
}
