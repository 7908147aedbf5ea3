using System.Globalization;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training;
using Serverless.Training.Documents;

namespace Serverless.Cli;

/// <summary>A contract for pictures whose labels have usual columns, with sizes and colours, checked against the drop that it is inferred from.</summary>
internal static class DocumentsInfer
{
    public static async Task<Outcome<Answer>> RunAsync(Terminal terminal, FileSystemInfo[] data, string? portfolio, string path, CancellationToken cancel)
    {
        await using var drop = await DocumentData.OpenAsync(data, cancel);
        var found = await DocumentContractInference.ContractOfAsync(drop, portfolio ?? PortfolioName.Of(data[0].Name), cancel);
        if (found is not Outcome<DocumentContract>.Done { Value: var usual }) return found.Pass<Answer>();
        var context = new ReadingContext(TimeProvider.System.GetUtcNow());
        var read = await terminal.WatchAsync(progress => DocumentRows.ReadAsync(usual, drop, context, progress, cancel), cancel);
        if (read is not Outcome<TrainingRows>.Done { Value: DocumentRows rows }) return read.Pass<Answer>();
        var json = Json.File(DocumentContractInference.Sized(usual, rows));
        var checkedAgain = new DocumentFamily().ReadContract(json);
        if (checkedAgain is not Outcome<DataContract>.Done { Value: DocumentContract contract }) return checkedAgain.Pass<Answer>();
        await using var written = Verb.CreateFile(path);
        await written.WriteAsync(json, cancel);
        var counts = rows.Labels.Zip(rows.Labels.Select((_, label) => rows.InScope.Count(r => r.Class == label))).ToList();
        return new Answer(
            new JsonObject
            {
                ["outcome"] = "done",
                ["out"] = path,
                ["portfolio"] = contract.Portfolio,
                ["height"] = contract.Picture.Height,
                ["width"] = contract.Picture.Width,
                ["colours"] = contract.Picture.Colours?.ToString().ToLowerInvariant(),
                ["labels"] = new JsonObject(counts.Select(c => KeyValuePair.Create(c.First, (JsonNode?)c.Second))),
            },
            string.Join('\n',
            [
                .. counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.First,-24} {c.Second} pictures")),
                string.Create(CultureInfo.InvariantCulture, $"The network sees {contract.Picture.Width} x {contract.Picture.Height} pixels in {(contract.Picture.Colours == PictureColours.Grey ? "grey" : "colour")}."),
                $"Wrote {path}. Then: serverless documents train --contract {path} --data DATA --out DIR",
            ]));
    }
}
