namespace Serverless.Serving.Documents;

/// <summary>A part of a line.</summary>
internal readonly record struct Span(PageLine Line, int Start, int Length)
{
    /// <summary>Its characters.</summary>
    public string Text => Line.Text.Substring(Start, Length).Trim();
}

/// <summary>What may be a field's value.</summary>
/// <param name="Parts">Where it stands, in reading order.</param>
/// <param name="Normalised">In one form.</param>
/// <param name="Features">What speaks for and against it, by name; a weight for each is learned.</param>
internal sealed record Candidate(IReadOnlyList<Span> Parts, string Normalised, IReadOnlyList<(string Name, double Value)> Features)
{
    /// <summary>As read; what was cut in two, such as a postcode, is mended as one.</summary>
    public string Value => LatinText.Of(string.Join(' ', Parts.Select(p => p.Text)));

    /// <summary>Currency of an amount.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether a check of the value failed.</summary>
    public bool Doubtful { get; init; }

    /// <summary>The upright box around it on the page.</summary>
    public PageBox Box()
    {
        var corners = Parts.SelectMany(p => p.Line.Corners(p.Start, p.Length)).ToList();
        var (left, top, right, bottom) = (corners.Min(c => c.X), corners.Min(c => c.Y), corners.Max(c => c.X), corners.Max(c => c.Y));
        return new(new(left, top), new(right, top), new(right, bottom), new(left, bottom));
    }
}

/// <summary>Collects features.</summary>
internal sealed class FeatureBag
{
    private readonly List<(string, double)> _all = [];

    /// <summary>All so far.</summary>
    public IReadOnlyList<(string Name, double Value)> All => _all;

    /// <summary>Adds one; none with the value 0.</summary>
    public void Add(string name, double value = 1)
    {
        if (value != 0) _all.Add((name, value));
    }

    /// <summary>Adds one where a condition holds.</summary>
    public void AddIf(bool holds, string name)
    {
        if (holds) _all.Add((name, 1));
    }

    /// <summary>Adds the band of a number: one feature of several.</summary>
    /// <param name="name">Of the number.</param>
    /// <param name="value">The number.</param>
    /// <param name="limits">Upper limits of the bands but the last.</param>
    public void Band(string name, double value, params ReadOnlySpan<double> limits)
    {
        var band = 0;
        while (band < limits.Length && value >= limits[band]) band++;
        _all.Add((Names.Of(name, band), 1));
    }

    /// <summary>Names of bands, made once.</summary>
    private static class Names
    {
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<(string, int), string> Made = new();

        public static string Of(string name, int band) => Made.GetOrAdd((name, band), static key => $"{key.Item1}#{key.Item2.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
    }
}
