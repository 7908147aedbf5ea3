namespace Serverless.Serving.Documents;

/// <summary>Lines in the order in which they are read.</summary>
internal static class ReadingOrder
{
    /// <summary>From top to bottom, in one height from left to right, as who looks in a direction sees them.</summary>
    /// <param name="boxes">The lines.</param>
    /// <param name="direction">In which most of them are read, in radians.</param>
    /// <returns>Their places in the list.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<TiltedRectangle> boxes, double direction)
    {
        var (cos, sin) = (Math.Cos(direction), Math.Sin(direction));
        double Along(int i) => (boxes[i].Centre.X * cos) + (boxes[i].Centre.Y * sin);
        double Down(int i) => (boxes[i].Centre.Y * cos) - (boxes[i].Centre.X * sin);
        var rows = new List<List<int>>();
        foreach (var i in Enumerable.Range(0, boxes.Count).OrderBy(Down))
        {
            // In one height when the middle of one lies within the middle half of the other.
            if (rows.Count > 0 && rows[^1] is var row && Math.Abs(Down(i) - row.Average(Down)) <= Math.Min(boxes[i].Height, row.Average(r => boxes[r].Height)) / 2) row.Add(i);
            else rows.Add([i]);
        }

        return [.. rows.SelectMany(row => row.OrderBy(Along))];
    }
}
