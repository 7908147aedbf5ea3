using System.CommandLine;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Documents;

namespace Serverless.Cli;

internal static class DocumentsEvaluateReading
{
    public static Command Create(Terminal terminal)
    {
        var data = Verb.ExistingFolder("--data", "Folder with pictures and truth.json, as 'sample documents' writes it.");
        var folder = new Option<DirectoryInfo?>("--model") { Description = "Folder with a reader; left out: the installed package." };
        var fields = new Option<FileInfo>("--fields") { Description = "Weights of 'train-fields' for key fields; left out: those that come with the program." }.AcceptExistingOnly();
        return new Command("evaluate", "Read pictures whose text is known, and measure characters and key fields.") { data, folder, fields }.Runs(terminal, async (parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(data).FullName;
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

    private static async Task<Outcome<ReadPage>> ReadAsync(PageReader reader, string path, CancellationToken cancel)
    {
        if (!File.Exists(path)) return Outcome<ReadPage>.Reject($"The picture '{path}' is not there, though truth.json names it.");
        var opened = PictureFile.Decode(await File.ReadAllBytesAsync(path, cancel), reader.Contract.Pictures);
        if (opened is not Outcome<Picture>.Done { Value: var picture }) return opened.Pass<ReadPage>();
        using (picture) return await reader.ReadAsync(picture, cancel);
    }
}
