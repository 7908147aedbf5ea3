using System.CommandLine;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Documents;
using Serverless.Training.Drops;

namespace Serverless.Cli;

/// <summary>Files of pictures with labels, as the verbs of the document family take them.</summary>
internal static class DocumentData
{
    public static Option<FileSystemInfo[]> Data() => new Option<FileSystemInfo[]>("--data")
    {
        Description = "Pictures with their labels: a ZIP or a folder with PNG, JPEG or WebP files and one CSV of labels, or the two IDX files in any order, plain or as gzip; told apart by content.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    }.AcceptExistingOnly();

    /// <summary>Opens files as one drop; a folder becomes one ZIP.</summary>
    public static async Task<LocalDrop> OpenAsync(IEnumerable<FileSystemInfo> given, CancellationToken cancel)
    {
        var parts = new List<DropPart>();
        try
        {
            foreach (var each in given) parts.Add(each is DirectoryInfo ? await PictureFolder.PackAsync(each.FullName, cancel) : await DropPart.OpenAsync(each.FullName, cancel));
            return LocalDrop.Of(parts);
        }
        catch
        {
            foreach (var part in parts) await part.DisposeAsync();
            throw;
        }
    }

    /// <summary>The contract of a file, or a usual one for the drop.</summary>
    public static async Task<Outcome<DocumentContract>> ContractAsync(FileInfo? stated, LocalDrop drop, string portfolio, CancellationToken cancel)
    {
        if (stated is null) return await DocumentContractInference.ContractOfAsync(drop, portfolio, cancel);
        return new DocumentFamily().ReadContract(await File.ReadAllBytesAsync(stated.FullName, cancel)).Then<DocumentContract>(read => (DocumentContract)read);
    }
}
