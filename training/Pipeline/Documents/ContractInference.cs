using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Drops;

namespace Serverless.Training.Documents;

/// <summary>A usual contract for pictures whose columns of labels have usual names.</summary>
public static class DocumentContractInference
{
    private static readonly string[] FileNames = ["file", "filename", "file_name", "path", "filepath", "file_path", "image", "image_path", "picture", "name"];
    private static readonly string[] LabelNames = ["label", "class", "category", "type", "kind", "target", "document_type", "doc_type"];

    /// <summary>Names the columns; rejected when the drop is none of pictures, or its columns cannot be told.</summary>
    /// <param name="drop">The drop; stays open.</param>
    /// <param name="portfolio">The portfolio.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<DocumentContract>> ContractOfAsync(LocalDrop drop, string portfolio, CancellationToken cancel)
    {
        var usual = new DocumentContract { Family = DocumentContract.FamilyName, Portfolio = portfolio, Version = "1" };
        var opened = await DocumentDrop.OpenAsync(drop, usual.Limits, usual.Picture.Limits, cancel);
        if (opened is not Outcome<DocumentDrop>.Done { Value: var files }) return opened.Pass<DocumentContract>();
        await using var open = files;
        if (files.Table is null) return usual;
        var read = await DropTable.OpenAsync(files.Table, usual.Format, usual.Limits, cancel);
        if (read is not Outcome<DropTable>.Done { Value: var table }) return read.Pass<DocumentContract>();
        await using var rows = table;
        var (file, label) = (Find(table.Header, FileNames), Find(table.Header, LabelNames));
        if (table.Header.Count == 2)
        {
            file ??= table.Header.FirstOrDefault(c => c != label);
            label ??= table.Header.FirstOrDefault(c => c != file);
        }

        return file is not null && label is not null
            ? usual with { FileColumn = file, LabelColumn = label }
            : Outcome<DocumentContract>.Reject($"Which columns of the labels hold file and label cannot be told from their names: call them '{FileNames[0]}' and '{LabelNames[0]}', or write a contract that names them.");
    }

    /// <summary>The same with what else can be told from the pictures: how large and in which colours the network sees them.</summary>
    /// <param name="contract">Names the columns.</param>
    /// <param name="rows">The pictures.</param>
    public static DocumentContract Sized(DocumentContract contract, DocumentRows rows)
    {
        var features = FrameSize.Of(contract.Picture, [.. rows.InScope.Select(r => r.Picture)], rows.Labels);
        return contract with
        {
            Picture = contract.Picture with { Height = features.Height, Width = features.Width, Colours = features.Channels == 1 ? PictureColours.Grey : PictureColours.Colour },
        };
    }

    private static string? Find(IReadOnlyList<string> header, string[] names) =>
        names.Select(name => header.FirstOrDefault(column => column.Trim().Equals(name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(column => column is not null);
}
