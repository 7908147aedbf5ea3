namespace Serverless.Serving.Documents;

/// <summary>From a map of probabilities to regions of text (Liao et al. 2020, 3.4): what is joined above a threshold, its hull, its mean probability.</summary>
internal static class TextRegions
{
    private const double LeastSide = 2; // pixels of the map: less is a speck

    /// <summary>Finds them, those with most pixels first.</summary>
    /// <param name="map">Probability of text, row after row.</param>
    /// <param name="width">Of the map.</param>
    /// <param name="height">Of the map.</param>
    /// <param name="rules">Threshold, least score, most lines.</param>
    public static List<TextRegion> Of(ReadOnlySpan<float> map, int width, int height, DetectionRules rules)
    {
        var regions = new List<TextRegion>();
        foreach (var runs in Joined(map, width, height, (float)rules.Threshold).OrderByDescending(c => c.Sum(r => r.To - r.From)).Take(rules.MaxLines))
        {
            // The ends of the rows have all corners of the hull.
            var hull = TiltedRectangle.Hull(runs.SelectMany(r => new PagePoint[] { new(r.From + 0.5, r.Y + 0.5), new(r.To - 0.5, r.Y + 0.5) }));
            var rectangle = TiltedRectangle.Least(hull);
            if (rectangle.Short < LeastSide) continue;
            var score = MeanWithin(map, width, height, rectangle);
            if (score >= rules.BoxScore) regions.Add(new(hull, score));
        }

        return regions;
    }

    /// <summary>Pixels above the threshold that touch each other, corners included, as runs in rows (Rosenfeld and Pfaltz 1966, with disjoint sets).</summary>
    internal static List<List<Run>> Joined(ReadOnlySpan<float> map, int width, int height, float threshold)
    {
        var (runs, parents, above) = (new List<Run>(), new List<int>(), 0);
        for (var y = 0; y < height; y++)
        {
            var row = map.Slice(y * width, width);
            var first = runs.Count;
            for (var x = 0; x < width; x++)
            {
                if (row[x] <= threshold) continue;
                var from = x;
                while (x < width && row[x] > threshold) x++;
                parents.Add(runs.Count);
                runs.Add(new(y, from, x));
            }

            for (int here = first, over = above; here < runs.Count && over < first;)
            {
                if (runs[over].To >= runs[here].From && runs[over].From <= runs[here].To) parents[Root(parents, here)] = Root(parents, over);
                if (runs[over].To < runs[here].To) over++;
                else here++;
            }

            above = first;
        }

        return [.. runs.Index().GroupBy(r => Root(parents, r.Index), r => r.Item).Select(c => c.ToList())];
    }

    private static int Root(List<int> parents, int of)
    {
        while (parents[of] != of) of = parents[of] = parents[parents[of]];
        return of;
    }

    private static double MeanWithin(ReadOnlySpan<float> map, int width, int height, TiltedRectangle rectangle)
    {
        var box = rectangle.Box();
        PagePoint[] corners = [box.TopLeft, box.TopRight, box.BottomRight, box.BottomLeft];
        var (sum, count) = (0.0, 0);
        for (var y = Math.Max(0, (int)corners.Min(c => c.Y)); y < Math.Min(height, corners.Max(c => c.Y)); y++)
        {
            for (var x = Math.Max(0, (int)corners.Min(c => c.X)); x < Math.Min(width, corners.Max(c => c.X)); x++)
            {
                if (!rectangle.Holds(x + 0.5, y + 0.5)) continue;
                sum += map[(y * width) + x];
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }

    /// <summary>Neighbouring pixels of a row.</summary>
    /// <param name="Y">The row.</param>
    /// <param name="From">The first.</param>
    /// <param name="To">Behind the last.</param>
    internal readonly record struct Run(int Y, int From, int To);
}

/// <summary>A region of text.</summary>
/// <param name="Hull">Corners of its convex hull.</param>
/// <param name="Score">Mean probability, 0 to 1.</param>
internal sealed record TextRegion(IReadOnlyList<PagePoint> Hull, double Score);
