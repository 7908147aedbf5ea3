using System.Globalization;
using System.Text;

namespace Serverless.Serving.Cards;

/// <summary>
/// A plot as inline SVG. Its text is drawn by the reader's browser: servers and containers have no fonts, and a plot drawn there
/// loses every label.
/// </summary>
/// <param name="Title">What it shows, the caption below it.</param>
/// <param name="Description">What it says, for those who do not see it.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Series">What is drawn, at most two.</param>
public sealed record CardChart(string Title, string Description, CardAxis X, CardAxis Y, IReadOnlyList<CardSeries> Series)
{
    private const double Left = 58, Right = 444, Top = 30, Bottom = 270;

    /// <summary>Whether the line y = x is drawn, where prediction and outcome agree.</summary>
    public bool Diagonal { get; init; }

    /// <summary>Vertical lines with a name, such as thresholds.</summary>
    public IReadOnlyList<(string Name, double X)> Marks { get; init; } = [];

    /// <summary>The plot, 460 by 320 units, scaled by the page.</summary>
    public string ToSvg()
    {
        var svg = new StringBuilder($"<svg viewBox=\"0 0 460 320\" role=\"img\" aria-label=\"{CardPage.Encode(Description)}\">\n");
        Axes(svg);
        if (Diagonal) svg.Append(CultureInfo.InvariantCulture, $"<path class=\"same\" d=\"{Path([(Math.Max(X.Min, Y.Min), Math.Max(X.Min, Y.Min)), (Math.Min(X.Max, Y.Max), Math.Min(X.Max, Y.Max))])}\"/>\n");
        foreach (var (i, series) in Series.Index()) Draw(svg, i, series);
        var marks = Marks.Where(m => m.X > X.Min && m.X < X.Max).ToList();
        foreach (var (_, x) in marks) svg.Append(CultureInfo.InvariantCulture, $"<path class=\"mark\" d=\"{Path([(x, Y.Min), (x, Y.Max)])}\"/>\n");
        foreach (var (i, (name, x)) in marks.Index())
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"name\" x=\"{AtX(x) + 5:0.#}\" y=\"{Top + 12 + (15 * i):0.#}\">{CardPage.Encode(name)}</text>\n");
        return svg.Append("</svg>\n").ToString();
    }

    private void Axes(StringBuilder svg)
    {
        foreach (var tick in X.Ticks())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"{Path([(tick, Y.Min), (tick, Y.Max)])}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{AtX(tick):0.#}\" y=\"{Bottom + 17}\" text-anchor=\"middle\">{X.Label(tick)}</text>\n");
        }

        foreach (var tick in Y.Ticks())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"{Path([(X.Min, tick), (X.Max, tick)])}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 7}\" y=\"{AtY(tick) + 4:0.#}\" text-anchor=\"end\">{Y.Label(tick)}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" fill=\"none\" d=\"{Path([(X.Min, Y.Max), (X.Min, Y.Min), (X.Max, Y.Min)])}\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Right) / 2}\" y=\"310\" text-anchor=\"middle\">{CardPage.Encode(X.Name)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"14\" y=\"{(Top + Bottom) / 2}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {(Top + Bottom) / 2})\">{CardPage.Encode(Y.Name)}</text>\n");
    }

    private void Draw(StringBuilder svg, int number, CardSeries series)
    {
        if (Series.Count > 1)
        {
            var x = Left + (190 * number);
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"s{number}\" d=\"M{x} 14h26\"/><text x=\"{x + 32}\" y=\"18\">{CardPage.Encode(series.Name)}</text>\n");
        }

        if (series.Kind == CardSeriesKind.Area)
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"a{number}\" d=\"{Path([(series.Points[0].X, Y.Min), .. series.Points.Select(p => (p.X, p.Y)), (series.Points[^1].X, Y.Min)])}z\"/>\n");
        if (series.Kind != CardSeriesKind.Dots)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"s{number}\" d=\"{Path(series.Points.Select(p => (p.X, p.Y)))}\"/>\n");
            return;
        }

        foreach (var (x, y, low, high) in series.Points)
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"whisker\" d=\"{Path([(x, low), (x, high)])}\"/><circle class=\"dot\" cx=\"{AtX(x):0.#}\" cy=\"{AtY(y):0.#}\" r=\"4\"/>\n");
    }

    private string Path(IEnumerable<(double X, double Y)> points) =>
        "M" + string.Join('L', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{AtX(p.X):0.#} {AtY(p.Y):0.#}")));

    private double AtX(double x) => Left + ((Math.Clamp(x, X.Min, X.Max) - X.Min) / (X.Max - X.Min) * (Right - Left));

    private double AtY(double y) => Bottom - ((Math.Clamp(y, Y.Min, Y.Max) - Y.Min) / (Y.Max - Y.Min) * (Bottom - Top));
}

/// <summary>An axis of a plot.</summary>
/// <param name="Name">What it measures.</param>
/// <param name="Min">Where it begins.</param>
/// <param name="Max">Where it ends; above <paramref name="Min"/>.</param>
/// <param name="Percent">Whether shares are written as percent.</param>
public sealed record CardAxis(string Name, double Min, double Max, bool Percent = false)
{
    /// <summary>A share from 0 to 100 %.</summary>
    public static CardAxis Share(string name, double max = 1) => new(name, 0, max, true);

    /// <summary>Four to ten round numbers on the axis; adding zero keeps a minus away from zero.</summary>
    public IEnumerable<double> Ticks()
    {
        var rough = (Max - Min) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        for (var i = Math.Ceiling((Min / step) - 1e-9); i * step <= Max + (step * 1e-9); i++) yield return (i * step) + 0.0;
    }

    /// <summary>How a tick is written.</summary>
    public string Label(double tick) => Percent
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * tick:0.##}%")
        : string.Create(CultureInfo.InvariantCulture, $"{tick:0.##}");
}

/// <summary>How a series is drawn.</summary>
public enum CardSeriesKind
{
    /// <summary>A line through the points.</summary>
    Line,

    /// <summary>A line with the area below it filled.</summary>
    Area,

    /// <summary>Dots with whiskers.</summary>
    Dots,
}

/// <summary>What a plot draws.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="Points">Its points by ascending x; low and high are the ends of the whisker of a dot.</param>
public sealed record CardSeries(string Name, CardSeriesKind Kind, IReadOnlyList<(double X, double Y, double Low, double High)> Points)
{
    /// <summary>A line or area through points.</summary>
    public static CardSeries Of(string name, CardSeriesKind kind, IEnumerable<(double X, double Y)> points) =>
        new(name, kind, [.. points.Select(p => (p.X, p.Y, p.Y, p.Y))]);
}
