using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Documents;

namespace Serverless.Cli;

internal static class DocumentsRead
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "Pictures of pages: PNG, JPEG or WebP, told apart by content.", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var folder = new Option<DirectoryInfo?>("--model") { Description = "Folder with a reader, as 'models export' gives it, or with the graphs of a PP-OCR release; left out: the installed package." };
        var output = Verb.Optional("--out", "Folder that gets a JSON file for each page.");
        var html = new Option<bool>("--html") { Description = "Also write each page with its boxes as HTML; needs --out." };
        return new Command("read", "Read the text of pages; needs no storage.") { files, folder, output, html }.Runs(terminal, async (parsed, cancel) =>
        {
            if (parsed.GetValue(html) && parsed.GetValue(output) is null) return Outcome<Answer>.Reject("--html writes files: say where with --out DIR.");
            var opened = await OpenAsync(terminal, parsed.GetValue(folder), cancel);
            if (opened is not Outcome<PageReader>.Done { Value: var reader }) return opened.Pass<Answer>();
            using (reader) return await terminal.WatchAsync(progress => RunAsync(reader, parsed.GetRequiredValue(files), parsed.GetValue(output), parsed.GetValue(html), progress, cancel), cancel);
        });
    }

    /// <summary>The reader of a folder or, without one, of the installed package.</summary>
    public static async Task<Outcome<PageReader>> OpenAsync(Terminal terminal, DirectoryInfo? folder, CancellationToken cancel)
    {
        if (folder is not null && File.Exists(Path.Combine(folder.FullName, ModelBundle.ManifestFile))) return PageReader.Load(await ModelBundle.ReadFolderAsync(folder.FullName, cancel));
        return (await DocumentsRegister.OpenAsync(terminal, folder, DocumentsRegister.Default("default"), cancel)).Then<PageReader>(bundle => PageReader.Load(bundle));
    }

    // A file that cannot be read does not keep the others from being read; where none can, that is the outcome.
    private static async Task<Outcome<Answer>> RunAsync(PageReader reader, FileInfo[] files, string? output, bool html, IProgress<Training.TrainingProgress> progress, CancellationToken cancel)
    {
        if (output is not null) Directory.CreateDirectory(output);
        var (pages, texts, faults) = (new JsonArray(), new List<string>(), new List<string>());
        foreach (var (i, file) in files.Index())
        {
            progress.Report(new($"reading {file.Name}", (double)i / files.Length));
            var opened = file.Length > reader.Contract.Pictures.MaxBytes
                ? Outcome<Picture>.Reject(string.Create(CultureInfo.InvariantCulture, $"The file has {file.Length} bytes and may have {reader.Contract.Pictures.MaxBytes}: send the picture smaller, or as JPEG."))
                : PictureFile.Decode(await File.ReadAllBytesAsync(file.FullName, cancel), reader.Contract.Pictures);
            if (opened is not Outcome<Picture>.Done { Value: var picture })
            {
                var reasons = ((Outcome<Picture>.Rejected)opened).Reasons;
                faults.AddRange(reasons.Select(r => $"{file.Name}: {r}"));
                pages.Add(new JsonObject { ["file"] = file.Name, ["reasons"] = JsonSerializer.SerializeToNode(reasons, Json.Options) });
                continue;
            }

            using (picture)
            {
                var page = await reader.ReadAsync(picture, cancel);
                var fields = KeyFields.Of(page, FieldModel.Included);
                var json = DocumentJson.Of(file.Name, page, fields);
                pages.Add(json);
                texts.Add(string.Join('\n', [$"{file.Name}  {page.Width} x {page.Height}", .. page.Lines.Select(Described), .. Described(fields)]));
                if (output is null) continue;
                var name = Path.Combine(output, file.Name);
                await File.WriteAllBytesAsync($"{name}.json", Json.File(json), cancel);
                if (html) await File.WriteAllBytesAsync($"{name}.html", DocumentPage.Html(file.Name, picture, page, fields), cancel);
            }
        }

        if (texts.Count == 0) return Outcome<Answer>.Reject(faults);
        return new Answer(new JsonObject { ["outcome"] = "done", ["version"] = reader.Bundle.Version, ["pages"] = pages }, string.Join('\n', [.. texts, .. faults]));
    }

    private static string Described(ReadLine line) => string.Create(CultureInfo.InvariantCulture, $"  {line.Confidence,5:0.00}  {line.Box.TopLeft.X,5:0},{line.Box.TopLeft.Y,-5:0}  {line.Text}");

    private static IEnumerable<string> Described(KeyFields fields) => Enum.GetValues<KeyFieldName>().Where(name => fields[name] is not null).Select(name => string.Create(
        CultureInfo.InvariantCulture, $"  {JsonNamingPolicy.CamelCase.ConvertName(name.ToString()),-8} {fields[name]!.Value}  {fields[name]!.Confidence:0.00}{(fields[name]!.ForHuman ? "  for a person to look at" : "")}"));
}
