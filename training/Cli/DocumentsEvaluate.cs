using System.CommandLine;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Documents;

namespace Serverless.Cli;

internal static class DocumentsEvaluate
{
    public static Command Create(Terminal terminal)
    {
        var data = new Option<FileSystemInfo[]>("--data")
        {
            Description = "Of a classifier pictures with their labels, as for training; of a reader a folder with pictures and truth.json, as 'sample documents' writes it.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        }.AcceptExistingOnly();
        var folder = new Option<DirectoryInfo?>("--model") { Description = "Folder with a classifier, or with a reader; left out: the reader of the installed package." };
        var fields = new Option<FileInfo>("--fields") { Description = "Weights of 'train-fields' for key fields; left out: those that come with the program." }.AcceptExistingOnly();
        return new Command("evaluate", "Measure a classifier on pictures with known labels, or a reader on pages with known text: characters and key fields.") { data, folder, fields }.Runs(terminal, async (parsed, cancel) =>
        {
            var given = parsed.GetRequiredValue(data);
            if (parsed.GetValue(folder) is { } at && await IsClassifierAsync(at, cancel)) return await Evaluate.RunAsync(terminal, at, given, cancel);
            if (given is not [DirectoryInfo { FullName: var path }])
                return Outcome<Answer>.Reject("A reader is measured on one folder with pictures and truth.json; to measure a classifier, say where it is with --model.");
            var known = await ReadingEvaluation.TruthAsync(path, cancel);
            if (known is not Outcome<IReadOnlyList<Training.Samples.DocumentTruth>>.Done { Value: var truths }) return known.Pass<Answer>();
            var opened = await DocumentsRead.OpenAsync(terminal, parsed.GetValue(folder), cancel);
            if (opened is not Outcome<PageReader>.Done { Value: var reader }) return opened.Pass<Answer>();
            using (reader)
            {
                var model = parsed.GetValue(fields) is { } file ? JsonSerializer.Deserialize<FieldModel>(await File.ReadAllBytesAsync(file.FullName, cancel), Json.Options)! : FieldModel.Included;
                var figures = await terminal.WatchAsync(progress => ReadingEvaluation.OfAsync(path, truths, (picture, _, stop) => ReadAsync(reader, picture, stop), model, progress, cancel), cancel);
                return figures.Then<Answer>(f => new Answer(ReadingTable.Json(f), ReadingTable.Text(f)));
            }
        });
    }

    private static async Task<bool> IsClassifierAsync(DirectoryInfo folder, CancellationToken cancel) =>
        File.Exists(Path.Combine(folder.FullName, ModelBundle.ManifestFile)) && (await ModelBundle.ReadFolderAsync(folder.FullName, cancel)).Manifest.Family == DocumentContract.FamilyName;

    private static async Task<Outcome<ReadPage>> ReadAsync(PageReader reader, string path, CancellationToken cancel)
    {
        if (!File.Exists(path)) return Outcome<ReadPage>.Reject($"The picture '{path}' is not there, though truth.json names it.");
        var opened = PictureFile.Decode(await File.ReadAllBytesAsync(path, cancel), reader.Contract.Pictures);
        if (opened is not Outcome<Picture>.Done { Value: var picture }) return opened.Pass<ReadPage>();
        using (picture) return await reader.ReadAsync(picture, cancel);
    }
}
