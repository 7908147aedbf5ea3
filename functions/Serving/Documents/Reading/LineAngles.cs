namespace Serverless.Serving.Documents;

/// <summary>Tells whether lines stand on their heads. Safe for parallel calls.</summary>
/// <param name="graph">Takes float [n, 3, 48, 192], gives the probabilities of upright and of turned by 180 degrees.</param>
internal sealed class LineAngles(PictureGraph graph)
{
    private const int Width = 192, Height = 48, Batch = 16;

    /// <summary>The probability of each box that its text is turned.</summary>
    public double[] Turned(Picture page, IReadOnlyList<TiltedRectangle> boxes)
    {
        var turned = new double[boxes.Count];
        for (var from = 0; from < boxes.Count; from += Batch)
        {
            var count = Math.Min(Batch, boxes.Count - from);
            var values = new float[count * 3 * Height * Width];
            for (var i = 0; i < count; i++)
            {
                var box = boxes[from + i];
                using var line = page.Straightened(box.Box(), Math.Clamp((int)Math.Ceiling(Height * box.Width / box.Height), 1, Width), Height);
                PictureGraph.Fill(values, i, Width, line, PictureGraph.Channels.Symmetric);
            }

            var (answers, _) = graph.Run(values, [count, 3, Height, Width]);
            if (answers.Length != 2 * count) throw new InvalidModelException("The graph that tells turned lines gives other than two probabilities: register the reader again.");
            for (var i = 0; i < count; i++) turned[from + i] = answers[(2 * i) + 1];
        }

        return turned;
    }
}
