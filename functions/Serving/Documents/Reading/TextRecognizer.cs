namespace Serverless.Serving.Documents;

/// <summary>Reads lines. Safe for parallel calls.</summary>
/// <param name="graph">Takes float [n, 3, 48, width], gives the probability of each character in each of width / 8 steps.</param>
/// <param name="characters">What the network can write, without the blank, which is its first class; the last is the space.</param>
/// <param name="rules">Limits.</param>
internal sealed class TextRecognizer(ReadingGraph graph, IReadOnlyList<string> characters, RecognitionRules rules)
{
    private const int Height = 48, LeastWidth = 64, Multiple = 32;

    private readonly CtcText _text = new(characters, rules.SpaceFrom);

    /// <summary>What stands in each box, and how sure that is.</summary>
    public (string Text, double Confidence)[] Read(Picture page, IReadOnlyList<TiltedRectangle> boxes, CancellationToken cancel)
    {
        var read = new (string, double)[boxes.Count];
        var widths = boxes.Select(WidthOf).ToArray();
        foreach (var batch in Batches(widths))
        {
            cancel.ThrowIfCancellationRequested();
            var width = widths[batch[^1]];
            width = Math.Max(LeastWidth, (width + Multiple - 1) / Multiple * Multiple);
            var values = new float[batch.Length * 3 * Height * width];
            foreach (var (place, i) in batch.Index())
            {
                using var line = page.Straightened(boxes[i].Box(), widths[i], Height);
                ReadingGraph.Fill(values, place, width, line, ReadingGraph.Channels.Symmetric);
            }

            var (answers, shape) = graph.Run(values, [batch.Length, 3, Height, width]);
            if (shape is not [_, var steps, var classes] || classes != characters.Count + 1)
                throw new InvalidModelException($"The graph that reads text writes other than the {characters.Count} characters of its list: take graph and list of one PP-OCR release.");
            foreach (var (place, i) in batch.Index())
                read[i] = _text.Of(answers.AsSpan(place * (int)(steps * classes), (int)(steps * classes)));
        }

        return read;
    }

    private int WidthOf(TiltedRectangle box) => Math.Clamp((int)Math.Ceiling(Height * box.Width / Math.Max(1, box.Height)), 8, rules.MaxWidth);

    // Lines of about the same width together, so that little is computed for what fills up.
    private List<int[]> Batches(int[] widths)
    {
        var (batches, batch) = (new List<int[]>(), new List<int>());
        foreach (var i in Enumerable.Range(0, widths.Length).OrderBy(i => widths[i]))
        {
            if (batch.Count > 0 && (batch.Count + 1) * Math.Max(LeastWidth, widths[i]) > rules.BatchWidth)
            {
                batches.Add([.. batch]);
                batch.Clear();
            }

            batch.Add(i);
        }

        if (batch.Count > 0) batches.Add([.. batch]);
        return batches;
    }
}
