using SkiaSharp;

namespace Serverless.Training.Samples;

/// <summary>The families that papers are set in, loaded from files, because the program carries no fonts and knows no system's.</summary>
public sealed class Typefaces : IDisposable
{
    // File names of regular, bold, italic; the first families are those of fonts-dejavu-core, then fonts-liberation, then fonts-freefont-ttf.
    private static readonly string[][] Files =
    [
        ["DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"], ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"], ["DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"],
        ["LiberationMono-Regular.ttf", "LiberationMono-Bold.ttf", "LiberationMono-Italic.ttf"], ["LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", "LiberationSans-Italic.ttf"],
        ["LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf"], ["LiberationSansNarrow-Regular.ttf", "LiberationSansNarrow-Bold.ttf", "LiberationSansNarrow-Italic.ttf"],
        ["FreeMono.ttf", "FreeMonoBold.ttf", "FreeMonoOblique.ttf"], ["FreeSans.ttf", "FreeSansBold.ttf", "FreeSansOblique.ttf"], ["FreeSerif.ttf", "FreeSerifBold.ttf", "FreeSerifItalic.ttf"],
    ];

    private readonly SKTypeface?[][] _faces;

    private Typefaces(SKTypeface?[][] faces) => _faces = faces;

    /// <summary>Numbers of the families.</summary>
    internal static IReadOnlyList<int> All { get; } = [.. Enumerable.Range(0, Files.Length)];

    /// <summary>Numbers of the families whose letters are equally wide; of the last the strokes are thin, as on paper that has faded.</summary>
    internal static IReadOnlyList<int> Monospaced { get; } = [0, 3, 7];

    /// <summary>Where Debian's packages put fonts.</summary>
    public const string DefaultFolder = "/usr/share/fonts/truetype";

    /// <summary>Loads what a folder has, and the folders in it.</summary>
    /// <param name="folder">With .ttf files; needed are those of fonts-dejavu-core and fonts-liberation, the others add variety.</param>
    /// <exception cref="DirectoryNotFoundException">The folder is not there, or lacks what is needed; the message says what to install.</exception>
    public static Typefaces Load(string folder)
    {
        const string Missing = "Install the Debian packages fonts-dejavu-core and fonts-liberation, or name a folder that has their files with --fonts FOLDER.";
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder of fonts '{folder}'. {Missing}");
        var found = Directory.EnumerateFiles(folder, "*.ttf", SearchOption.AllDirectories).OrderBy(p => p, StringComparer.Ordinal).GroupBy(p => Path.GetFileName(p), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var lacking = Files[..7].Select(f => f[0]).Where(f => !found.ContainsKey(f)).ToList();
        if (lacking.Count > 0) throw new DirectoryNotFoundException($"The folder of fonts '{folder}' lacks {string.Join(", ", lacking)}. {Missing}");
        return new([.. Files.Select(family => family.Select(f => found.TryGetValue(f, out var path) ? SKTypeface.FromFile(path) : null).ToArray())]);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var face in _faces.SelectMany(f => f)) face?.Dispose();
    }

    /// <summary>The font of a style; families that are not there are replaced by one of the same kind.</summary>
    internal SKFont Of(TypeStyle style)
    {
        var family = _faces[style.Face][0] is null ? _faces[style.Face - 4] : _faces[style.Face];
        var face = (style.Bold && family.Length > 1 ? family[1] : null) ?? (style.Italic && family.Length > 2 ? family[2] : null) ?? family[0]!;
        return new SKFont(face, (float)style.Size) { Edging = SKFontEdging.Antialias, Subpixel = true, Hinting = SKFontHinting.None };
    }

    /// <summary>How wide a text is.</summary>
    internal double Width(string text, TypeStyle style)
    {
        using var font = Of(style);
        return font.MeasureText(text);
    }

    /// <summary>How wide a text is about, without fonts: enough for layouts that nobody sees, and the same everywhere.</summary>
    internal static double Nominal(string text, TypeStyle style)
    {
        if (Monospaced.Contains(style.Face)) return text.Length * 0.6 * style.Size;
        var width = 0.0;
        foreach (var sign in text)
        {
            width += sign switch
            {
                ' ' or '.' or ',' or ':' or ';' or '\'' or 'i' or 'l' or 'j' or 't' or 'f' or 'I' or '|' or '!' or '(' or ')' => 0.3,
                'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.85,
                >= 'A' and <= 'Z' => 0.68,
                _ => 0.55,
            };
        }

        return width * style.Size * (style.Bold ? 1.07 : 1) * (style.Face == 6 ? 0.82 : 1);
    }
}
