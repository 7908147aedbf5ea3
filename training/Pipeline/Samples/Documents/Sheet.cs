using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>How wide a text is in a style, in pixels.</summary>
internal delegate double TextWidth(string text, TypeStyle style);

/// <summary>How text looks.</summary>
/// <param name="Face">Number of the family: see <see cref="Typefaces"/>.</param>
/// <param name="Size">Of the type, in pixels.</param>
/// <param name="Bold">Heavier.</param>
/// <param name="Italic">Slanted.</param>
internal sealed record TypeStyle(int Face, double Size, bool Bold = false, bool Italic = false)
{
    /// <summary>Larger or smaller.</summary>
    public TypeStyle Times(double factor) => this with { Size = Size * factor };

    /// <summary>Bold.</summary>
    public TypeStyle Heavy => this with { Bold = true };
}

/// <summary>Where the place of a text is measured.</summary>
internal enum Align
{
    /// <summary>Where it begins.</summary>
    Left,

    /// <summary>In its middle.</summary>
    Centre,

    /// <summary>Where it ends.</summary>
    Right,
}

/// <summary>A piece of text on a sheet.</summary>
/// <param name="Text">Its characters.</param>
/// <param name="Style">How it looks.</param>
/// <param name="X">Where it begins.</param>
/// <param name="Baseline">Where its letters stand.</param>
/// <param name="Width">How wide it is.</param>
internal sealed record Ink(string Text, TypeStyle Style, double X, double Baseline, double Width)
{
    /// <summary>Upper edge.</summary>
    public double Top => Baseline - (0.78 * Style.Size);

    /// <summary>Lower edge.</summary>
    public double Bottom => Baseline + (0.22 * Style.Size);
}

/// <summary>A filled box: a rule, or a shade behind text.</summary>
internal sealed record Bar(double X, double Y, double Width, double Height, byte Grey);

/// <summary>A part of a piece that is a field's value.</summary>
internal sealed record FieldMark(KeyFieldName Name, int Ink, int Start, int Length);

/// <summary>A page in the making: text, rules and the truth about them, in pixels from the upper left. Height grows with what is put on it.</summary>
internal sealed class Sheet(PaperKind kind, double width, TextWidth measure)
{
    private readonly Dictionary<KeyFieldName, string> _normalised = [];

    /// <summary>Kind of paper.</summary>
    public PaperKind Kind => kind;

    /// <summary>Of the page.</summary>
    public double Width => width;

    /// <summary>Of the page; at least what is on it.</summary>
    public double Height { get; set; }

    /// <summary>All text.</summary>
    public List<Ink> Inks { get; } = [];

    /// <summary>All rules and shades, drawn first.</summary>
    public List<Bar> Bars { get; } = [];

    /// <summary>Where fields are.</summary>
    public List<FieldMark> Marks { get; } = [];

    /// <summary>Normalised values of the fields.</summary>
    public IReadOnlyDictionary<KeyFieldName, string> Normalised => _normalised;

    /// <summary>How wide a text is.</summary>
    public double Measure(string text, TypeStyle style) => measure(text, style);

    /// <summary>Puts a text somewhere.</summary>
    /// <param name="text">Not empty.</param>
    /// <param name="style">How.</param>
    /// <param name="x">Where, by <paramref name="align"/>.</param>
    /// <param name="baseline">Where its letters stand.</param>
    /// <param name="align">What x means.</param>
    /// <param name="field">Field whose value is in it.</param>
    /// <param name="value">The value; absent: all of the text.</param>
    public void Put(string text, TypeStyle style, double x, double baseline, Align align = Align.Left, KeyFieldName? field = null, string? value = null)
    {
        if (text.Length == 0) return;
        var wide = measure(text, style);
        var left = align switch { Align.Left => x, Align.Right => x - wide, _ => x - (wide / 2) };
        Inks.Add(new(text, style, left, baseline, wide));
        Height = Math.Max(Height, baseline + style.Size);
        if (field is not { } name) return;
        var start = value is null ? 0 : text.LastIndexOf(value, StringComparison.Ordinal);
        if (start < 0) throw new ArgumentException("The value must be in the text.", nameof(value));
        Marks.Add(new(name, Inks.Count - 1, start, (value ?? text).Length));
    }

    /// <summary>A rule across.</summary>
    public void Rule(double from, double to, double y, double thick = 2, byte grey = 60) => Bars.Add(new(from, y, to - from, thick, grey));

    /// <summary>Says the normalised value of a field that is on the page.</summary>
    public void Says(KeyFieldName name, string normalised) => _normalised[name] = normalised;
}
