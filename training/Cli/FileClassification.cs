using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Cli;

/// <summary>Classifies a file of texts, block by block. A text that cannot be classified keeps its place, with (rejected) for an intent.</summary>
internal static class FileClassification
{
    private const int Block = 256;

    public static async Task<Outcome<Answer>> RunAsync(TextClassifier model, FileInfo data, string path, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        await using var content = await LocalDrop.OpenAsync(data.FullName, cancel);
        var opened = await DropTable.OpenAsync(content, model.Contract.Format, model.Contract.Limits, cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var csv }) return opened.Pass<Answer>();
        await using (csv)
        {
            var text = csv.IndexOf(model.Contract.TextColumn);
            if (text < 0) return Outcome<Answer>.Reject($"The header lacks '{model.Contract.TextColumn}', the text column of the model's contract: add it.{csv.DelimiterAdvice}");
            var id = model.Contract.IdColumn is { } column ? csv.IndexOf(column) : -1;
            await using var output = new StreamWriter(Verb.CreateFile(path));
            await output.WriteAsync("id,intent,probability,ambiguous\n");
            List<(string Id, string Text)> block = [];
            var (rows, rejected) = (0, 0);
            for (var more = true; more;)
            {
                block.Clear();
                while (block.Count < Block && (more = await csv.ReadAsync(cancel)))
                {
                    rows++;
                    block.Add((id >= 0 && csv.Complete ? csv[id].ToString() : rows.ToString(CultureInfo.InvariantCulture), csv.Complete ? csv[text].ToString() : ""));
                }

                foreach (var (row, answer) in block.Zip(Answers(model, block)))
                {
                    rejected += answer is null ? 1 : 0;
                    var best = answer?.Top[0].Probability.ToString("F6", CultureInfo.InvariantCulture);
                    await output.WriteAsync($"{Quoted(row.Id)},{(answer is null ? "(rejected)" : Quoted(answer.Intent ?? ""))},{best},{(answer?.Ambiguous == true ? "true" : "false")}\n");
                }

                progress.Report(new("classifying", csv.Fraction));
            }

            var json = new JsonObject { ["outcome"] = "done", ["rows"] = rows, ["rejected"] = rejected, ["classifyRowsPerSecond"] = Math.Round(rows / watch.Elapsed.TotalSeconds), ["version"] = model.Bundle.Version, ["out"] = path };
            return new Answer(json, $"Classified {rows} texts ({rejected} rejected) with version {model.Bundle.Version}: {path}");
        }
    }

    /// <summary>One run for the block; where a text of it is refused, each on its own, so that the others are answered.</summary>
    private static IEnumerable<Classification?> Answers(TextClassifier model, List<(string Id, string Text)> block)
    {
        if (block.Count == 0) return [];
        return model.Classify([.. block.Select(r => r.Text)], 1) is Outcome<IReadOnlyList<Classification>>.Done all
            ? all.Value
            : block.Select(r => model.Classify([r.Text], 1) is Outcome<IReadOnlyList<Classification>>.Done one ? one.Value[0] : null);
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
