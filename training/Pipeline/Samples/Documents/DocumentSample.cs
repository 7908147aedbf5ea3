using System.Globalization;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Documents;
using SkiaSharp;

namespace Serverless.Training.Samples;

/// <summary>Papers that come with applications, made up: pictures with the truth about them.</summary>
public static class DocumentSample
{
    /// <summary>File with the truth about all pictures.</summary>
    public const string TruthFile = "truth.json";

    /// <summary>File with the kind of each picture, for training a classifier.</summary>
    public const string LabelsFile = "labels.csv";

    /// <summary>Writes pictures, <see cref="TruthFile"/> and <see cref="LabelsFile"/> into a folder, which is created.</summary>
    /// <param name="folder">Where; files of the same names are replaced.</param>
    /// <param name="options">What is made.</param>
    /// <param name="faces">Fonts.</param>
    /// <param name="progress">Gets how far it is.</param>
    /// <param name="cancel">Stops between two documents.</param>
    /// <returns>How many of each kind.</returns>
    public static async Task<IReadOnlyDictionary<PaperKind, int>> WriteAsync(string folder, DocumentSampleOptions options, Typefaces faces, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var truths = new List<DocumentTruth>(options.Count);
        for (var i = 0; i < options.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            progress.Report(new("drawing documents", (double)i / options.Count));
            var (truth, picture) = Draw(i, options, faces);
            await File.WriteAllBytesAsync(Path.Combine(folder, truth.File), picture, cancel);
            truths.Add(truth);
        }

        var labels = new StringBuilder("file,label\n");
        foreach (var truth in truths) labels.Append(truth.File).Append(',').Append(NameOf(truth.Type)).Append('\n');
        await File.WriteAllTextAsync(Path.Combine(folder, LabelsFile), labels.ToString(), cancel);
        await File.WriteAllBytesAsync(Path.Combine(folder, TruthFile), Json.File(truths), cancel);
        return truths.CountBy(t => t.Type).OrderBy(c => c.Key).ToDictionary();
    }

    /// <summary>Draws one document: the picture's bytes (PNG; degraded ones JPEG) and the truth about it.</summary>
    /// <param name="number">Of the document; with the seed it decides everything.</param>
    /// <param name="options">What is made.</param>
    /// <param name="faces">Fonts.</param>
    public static (DocumentTruth Truth, byte[] Picture) Draw(int number, DocumentSampleOptions options, Typefaces faces)
    {
        var draws = Draws.For(number, options.Seed);
        var sheet = Sheet(draws, options.Kind ?? KindOf(number), faces.Width);
        using var drawn = SheetPainter.Paint(sheet, faces, draws);
        var name = string.Create(CultureInfo.InvariantCulture, $"{NameOf(sheet.Kind)}-{number:00000}.{(options.Degraded ? "jpg" : "png")}");
        if (!options.Degraded) return (PrintedLines.Truth(sheet, name, drawn.Width, drawn.Height, Still), Encoded(drawn, SKEncodedImageFormat.Png, 100));
        var (picture, moved) = Degradation.Of(drawn, options.Severity * draws.Between(0.5, 1), draws);
        using (picture) return (PrintedLines.Truth(sheet, name, picture.Width, picture.Height, moved), Encoded(picture, SKEncodedImageFormat.Jpeg, draws.Between(50, 85)));
    }

    /// <summary>Nothing moves.</summary>
    internal static Homography Still { get; } = new(1, 1, new(new(0, 0), new(1, 0), new(1, 1), new(0, 1)));

    /// <summary>Sets a sheet of a kind.</summary>
    internal static Sheet Sheet(Draws draws, PaperKind kind, TextWidth measure) => kind switch
    {
        PaperKind.Payslip => PayslipSample.Make(draws, measure),
        PaperKind.Statement => StatementSample.Make(draws, measure),
        PaperKind.Receipt => ReceiptSample.Make(draws, measure),
        PaperKind.Identity => OtherSamples.Identity(draws, measure),
        _ => OtherSamples.Form(draws, measure),
    };

    /// <summary>The kinds take turns.</summary>
    internal static PaperKind KindOf(int number) => (PaperKind)(number % 5);

    private static string NameOf(PaperKind kind) => kind.ToString().ToLowerInvariant();

    private static byte[] Encoded(SKBitmap bitmap, SKEncodedImageFormat format, int quality)
    {
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}

/// <summary>What documents are made.</summary>
/// <param name="Count">How many.</param>
/// <param name="Seed">The only source of chance.</param>
public sealed record DocumentSampleOptions(int Count, int Seed)
{
    /// <summary>Only this kind; absent: all kinds in turn.</summary>
    public PaperKind? Kind { get; init; }

    /// <summary>Whether they look as if a telephone had taken them.</summary>
    public bool Degraded { get; init; }

    /// <summary>How bad degraded ones are at most, 0 to 1.</summary>
    public double Severity { get; init; } = 1;
}
