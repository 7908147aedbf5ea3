using System.Text;

namespace Serverless.Serving.Documents;

/// <summary>
/// Reads pages: finds text, tells how the page lies, reads each line. One page at a time, with the threads of two cores, so that memory is bounded
/// however many ask. Safe for parallel calls until disposed.
/// </summary>
public sealed class PageReader : IServedModel
{
    /// <summary>Names of the files of a bundle.</summary>
    public const string ContractFile = "contract.json", DetectionFile = "detection.onnx", AngleFile = "angle.onnx", RecognitionFile = "recognition.onnx",
        CharactersFile = "characters.txt", GoldenFile = "golden.json", SourceFile = "source.json", LicenceFile = "licence.txt";

    /// <summary>The operators that its graphs may use, in the default domain.</summary>
    public static IReadOnlySet<string> Operators => ReadingGraph.Operators;

    private const int Sampled = 24; // the widest lines tell how the page lies

    private readonly ReadingGraph[] _graphs;
    private readonly TextDetector _detector;
    private readonly LineAngles _angles;
    private readonly TextRecognizer _recognizer;
    private readonly SemaphoreSlim _one = new(1, 1);

    private PageReader(ModelBundle bundle, ReadingContract contract, IReadOnlyList<string> characters, ReadingGraph[] graphs)
    {
        (Bundle, Contract, _graphs) = (bundle, contract, graphs);
        (_detector, _angles, _recognizer) = (new(graphs[0], contract.Detection), new(graphs[1]), new(graphs[2], characters, contract.Recognition));
    }

    /// <inheritdoc/>
    public ModelBundle Bundle { get; }

    /// <summary>How pages are read.</summary>
    public ReadingContract Contract { get; }

    /// <summary>Loads a reader.</summary>
    /// <exception cref="InvalidModelException">A file is missing or of another form, or a graph is refused.</exception>
    public static PageReader Load(ModelBundle bundle)
    {
        if (ReadingContract.Read(bundle.Read(ContractFile).Span) is not Outcome<DataContract>.Done { Value: ReadingContract contract })
            throw new InvalidModelException($"'{ContractFile}' of the bundle is no valid contract: register the reader again.");
        var characters = Characters(bundle.Read(CharactersFile).Span);
        var graphs = new List<ReadingGraph>();
        try
        {
            foreach (var (file, rank) in new[] { (DetectionFile, 4), (AngleFile, 2), (RecognitionFile, 3) }) graphs.Add(ReadingGraph.Load(bundle.Read(file), file, rank, shrinks: file == DetectionFile));
            return new PageReader(bundle, contract, characters, [.. graphs]);
        }
        catch
        {
            foreach (var graph in graphs) graph.Dispose();
            throw;
        }
    }

    /// <summary>Reads a page, when those that came before are read.</summary>
    /// <param name="page">The page, in any direction; up to a few degrees askew, or seen a little from the side.</param>
    /// <param name="cancel">Stops it, between two batches of lines.</param>
    public async Task<ReadPage> ReadAsync(Picture page, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => Read(page, cancel), cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Reads a picture's file with its key fields, when those that came before are read; rejected when it is no picture that can be read.</summary>
    /// <param name="file">PNG, JPEG or WebP.</param>
    /// <param name="cancel">Stops it, between two batches of lines.</param>
    public async Task<Outcome<ReadPaper>> ReadAsync(ReadOnlyMemory<byte> file, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel); // before it is decoded: a page in memory is what the bound is made of
        try
        {
            return await Task.Run<Outcome<ReadPaper>>(
                () =>
                {
                    var decoded = PictureFile.Decode(file.Span, Contract.Pictures);
                    if (decoded is not Outcome<Picture>.Done { Value: var picture }) return decoded.Pass<ReadPaper>();
                    using (picture)
                    {
                        var page = Read(picture, cancel);
                        return new ReadPaper(page, KeyFields.Of(page, FieldModel.Included));
                    }
                },
                cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        var golden = Bundle.Read<GoldenPage>(GoldenFile);
        using var page = golden.Open();
        golden.Check(Read(page, CancellationToken.None));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var graph in _graphs) graph.Dispose();
        _one.Dispose();
    }

    /// <summary>Reads a page at once.</summary>
    internal ReadPage Read(Picture page, CancellationToken cancel)
    {
        var regions = _detector.Find(page);
        cancel.ThrowIfCancellationRequested();
        var direction = PageDirection.Of(regions.Select(r => TiltedRectangle.Least(r.Hull)));
        var boxes = CutLines.Joined(regions.Select(r => Unclipped(PageDirection.Box(r, direction))));
        if (OnItsHead(page, boxes)) (direction, boxes) = (direction + Math.PI, Array.ConvertAll(boxes, b => b with { Angle = b.Angle + Math.PI }));
        var texts = _recognizer.Read(page, boxes, cancel);
        var lines = ReadingOrder.Of(boxes, direction)
            .Where(i => texts[i].Text.Length > 0 && texts[i].Confidence >= Contract.Recognition.LeastConfidence)
            .Select(i => new ReadLine(LatinText.Of(texts[i].Text), texts[i].Confidence, boxes[i].Box()));
        return new(page.Width, page.Height, [.. lines]);
    }

    private bool OnItsHead(Picture page, TiltedRectangle[] boxes)
    {
        TiltedRectangle[] widest = [.. boxes.OrderByDescending(b => b.Width / b.Height).Take(Sampled)];
        return widest.Length > 0 && _angles.Turned(page, widest).Average() > 0.5;
    }

    // The network is trained on text that is shrunk by the same rule (Vatti 1992, as in Liao et al. 2020).
    private TiltedRectangle Unclipped(TiltedRectangle box) => box.Widened(Contract.Detection.Unclip * box.Width * box.Height / (2 * (box.Width + box.Height)));

    private static List<string> Characters(ReadOnlySpan<byte> file)
    {
        var lines = Encoding.UTF8.GetString(file).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return [.. lines, " "]; // the last class
    }
}
