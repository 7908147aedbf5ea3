using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Samples;

namespace Serverless.Training.Documents;

/// <summary>Figures of read papers.</summary>
/// <param name="Papers">How many.</param>
/// <param name="CharacterAccuracy">Blanks included; see <see cref="TextTally"/>. Absent where the reading was simulated.</param>
/// <param name="CharacterAccuracyWithoutBlanks">Without blanks.</param>
/// <param name="KindAccuracy">Share of papers whose kind was told right.</param>
/// <param name="Fields">See <see cref="FieldTally"/>.</param>
public sealed record ReadingFigures(int Papers, double? CharacterAccuracy, double? CharacterAccuracyWithoutBlanks, double KindAccuracy, IReadOnlyDictionary<KeyFieldName, FieldFigures> Fields);

/// <summary>Reads a picture.</summary>
/// <param name="path">Of the picture.</param>
/// <param name="truth">What is known of it, for readers that only pretend.</param>
/// <param name="cancel">Stops.</param>
public delegate Task<Outcome<ReadPage>> PageReading(string path, DocumentTruth truth, CancellationToken cancel);

/// <summary>Compares what is read of pictures with the truth about them.</summary>
public static class ReadingEvaluation
{
    /// <summary>Reads a folder's <see cref="DocumentSample.TruthFile"/>.</summary>
    public static async Task<Outcome<IReadOnlyList<DocumentTruth>>> TruthAsync(string folder, CancellationToken cancel)
    {
        var path = Path.Combine(folder, DocumentSample.TruthFile);
        if (!File.Exists(path)) return Outcome<IReadOnlyList<DocumentTruth>>.Reject($"The folder '{folder}' has no {DocumentSample.TruthFile}: write one with 'serverless sample documents --out FOLDER'.");
        await using var file = File.OpenRead(path);
        try
        {
            var truths = await JsonSerializer.DeserializeAsync<List<DocumentTruth>>(file, Json.Options, cancel);
            return truths is { Count: > 0 } ? truths : Outcome<IReadOnlyList<DocumentTruth>>.Reject($"'{path}' lists no documents.");
        }
        catch (JsonException error)
        {
            return Outcome<IReadOnlyList<DocumentTruth>>.Reject($"'{path}' is no list of documents: {error.Message}");
        }
    }

    /// <summary>Reads all pictures and counts.</summary>
    /// <param name="folder">Of the pictures.</param>
    /// <param name="truths">The truth about them.</param>
    /// <param name="reading">How a picture is read.</param>
    /// <param name="model">Finds the key fields.</param>
    /// <param name="progress">Gets how far it is.</param>
    /// <param name="cancel">Stops between papers.</param>
    public static async Task<Outcome<ReadingFigures>> OfAsync(string folder, IReadOnlyList<DocumentTruth> truths, PageReading reading, FieldModel model, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var (text, fields, kinds) = (new TextTally(), new FieldTally(), 0);
        foreach (var (i, truth) in truths.Index())
        {
            cancel.ThrowIfCancellationRequested();
            progress.Report(new("reading", (double)i / truths.Count));
            var read = await reading(Path.Combine(folder, Path.GetFileName(truth.File)), truth, cancel);
            if (read is not Outcome<ReadPage>.Done { Value: var page }) return read.Pass<ReadingFigures>();
            var found = KeyFields.Of(page, model);
            text.Add(truth.Lines, page.Lines);
            fields.Add(truth.Type, truth.Fields, found);
            if (found.Kind == truth.Type) kinds++;
        }

        return new ReadingFigures(truths.Count, text.Accuracy, text.PlainAccuracy, (double)kinds / truths.Count, fields.Figures);
    }

    /// <summary>Counts on papers that are only set and read with simulated mistakes, or perfectly: what the key fields alone can do.</summary>
    /// <param name="papers">How many payslips, statements and receipts.</param>
    /// <param name="seed">The only source of chance.</param>
    /// <param name="mistakes">Whether the reading makes mistakes.</param>
    /// <param name="model">Finds the key fields.</param>
    /// <param name="looked">Gets each paper with what was found.</param>
    public static ReadingFigures Simulated(int papers, int seed, bool mistakes, FieldModel model, Action<DocumentTruth, ReadPage, KeyFields>? looked = null)
    {
        var (fields, kinds) = (new FieldTally(), 0);
        for (var i = 0; i < papers; i++)
        {
            var draws = Draws.For(i, seed);
            var sheet = DocumentSample.Sheet(draws, (PaperKind)(i % 3), Typefaces.Nominal);
            var page = SimulatedReading.Of(sheet, draws, perfect: !mistakes);
            var truth = PrintedLines.Truth(sheet, $"{i}", page.Width, page.Height, DocumentSample.Still);
            var found = KeyFields.Of(page, model);
            looked?.Invoke(truth, page, found);
            fields.Add(truth.Type, truth.Fields, found);
            if (found.Kind == truth.Type) kinds++;
        }

        return new(papers, null, null, (double)kinds / papers, fields.Figures);
    }
}
