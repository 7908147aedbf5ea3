using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Serverless.Serving.Cards;

/// <summary>
/// A page such as a model card, written once and rendered twice: Markdown for a repository or a terminal, and one HTML file that needs nothing
/// from anywhere, prints well and runs no script. All text is encoded here, because names of columns, categories and intents come from data.
/// </summary>
public sealed class CardPage
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _html = new();
    private readonly StringBuilder _markdown = new();
    private readonly string _title;
    private bool _pictures;

    /// <summary>Starts a page.</summary>
    /// <param name="title">What it is about.</param>
    /// <param name="lead">What it says, in a sentence.</param>
    public CardPage(string title, string lead)
    {
        _title = title;
        _html.Append(CultureInfo.InvariantCulture, $"<h1>{Encode(title)}</h1>\n<p class=\"lead\">{Encode(lead)}</p>\n");
        _markdown.Append(CultureInfo.InvariantCulture, $"# {Escape(title)}\n\n{Escape(lead)}\n");
    }

    /// <summary>Text for HTML content and quoted attributes.</summary>
    public static string Encode(string text) => Encoder.Encode(text);

    /// <summary>Starts a section.</summary>
    public CardPage Heading(string text) => Write($"<h2>{Encode(text)}</h2>\n", $"\n## {Escape(text)}\n");

    /// <summary>Starts a part of a section.</summary>
    public CardPage Subheading(string text) => Write($"<h3>{Encode(text)}</h3>\n", $"\n### {Escape(text)}\n");

    /// <summary>A paragraph.</summary>
    public CardPage Text(string text) => Write($"<p>{Encode(text)}</p>\n", $"\n{Escape(text)}\n");

    /// <summary>A command to copy.</summary>
    public CardPage Code(string code) => Write($"<pre><code>{Encode(code)}</code></pre>\n", $"\n```sh\n{code}\n```\n");

    /// <summary>A list of sentences.</summary>
    public CardPage List(IEnumerable<string> items)
    {
        var all = items.ToList();
        return Write(
            $"<ul>\n{string.Concat(all.Select(i => $"<li>{Encode(i)}</li>\n"))}</ul>\n",
            $"\n{string.Concat(all.Select(i => $"- {Escape(i)}\n"))}");
    }

    /// <summary>A table; the first cell of each row names it.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="columns">Headers; a leading <c>#</c> marks a column of numbers.</param>
    /// <param name="rows">As many cells a row as there are headers.</param>
    public CardPage Table(string caption, string[] columns, IEnumerable<CardCell[]> rows)
    {
        var names = Array.ConvertAll(columns, c => c.TrimStart('#'));
        var numbers = Array.ConvertAll(columns, c => c.StartsWith('#'));
        _html.Append("<table>\n<caption>").Append(Encode(caption)).Append("</caption>\n<thead><tr>");
        for (var i = 0; i < names.Length; i++) _html.Append(numbers[i] ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">").Append(Encode(names[i])).Append("</th>");
        _html.Append("</tr></thead>\n<tbody>\n");
        _markdown.Append(CultureInfo.InvariantCulture, $"\n{Escape(caption)}\n\n| {string.Join(" | ", names.Select(Escape))} |\n|{string.Concat(numbers.Select(n => n ? "---:|" : "---|"))}\n");
        foreach (var row in rows)
        {
            _html.Append("<tr>");
            foreach (var (i, cell) in row.Index())
            {
                _html.Append(i == 0 ? "<th scope=\"row\"" : "<td").Append(numbers[i] ? " class=\"n\">" : ">").Append(cell.Marked ? $"<strong>{Encode(cell.Text)}</strong>" : Encode(cell.Text));
                if (cell.Spark is { Count: > 0 } spark) Spark(spark);
                if (cell.Bar is var (from, to)) _html.Append(CultureInfo.InvariantCulture, $"<i style=\"--a:{100 * from:0.#}%;--b:{100 * to:0.#}%\"></i>");
                _html.Append(i == 0 ? "</th>" : "</td>");
            }

            _html.Append("</tr>\n");
            _markdown.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Select(c => c.Marked ? $"**{Escape(c.Text)}**" : Escape(c.Text)))} |\n");
        }

        _html.Append("</tbody>\n</table>\n");
        return this;
    }

    /// <summary>Plots side by side where there is room; Markdown has the tables and points to the HTML.</summary>
    public CardPage Charts(params ReadOnlySpan<CardChart> charts)
    {
        _html.Append("<div class=\"charts\">\n");
        foreach (var chart in charts) _html.Append(CultureInfo.InvariantCulture, $"<figure>\n{chart.ToSvg()}<figcaption>{Encode(chart.Title)}</figcaption>\n</figure>\n");
        _html.Append("</div>\n");
        _markdown.Append("\nThe plots are in `card.html`.\n");
        return this;
    }

    /// <summary>A picture with parts of it outlined; Markdown has its caption only.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="jpeg">The picture.</param>
    /// <param name="width">Of the picture, in the units of the outlines.</param>
    /// <param name="height">The same.</param>
    /// <param name="outlines">Corners of each, with what it is.</param>
    public CardPage Picture(string caption, byte[] jpeg, int width, int height, IEnumerable<(string Name, IEnumerable<(double X, double Y)> Corners)> outlines)
    {
        _pictures = true;
        _html.Append(CultureInfo.InvariantCulture, $"<figure class=\"page\">\n<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Encode(caption)}\">");
        _html.Append(CultureInfo.InvariantCulture, $"<image width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" href=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\"/>\n");
        foreach (var (name, corners) in outlines)
        {
            var points = string.Join(' ', corners.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.X:0.#},{c.Y:0.#}")));
            _html.Append(CultureInfo.InvariantCulture, $"<polygon points=\"{points}\"><title>{Encode(name)}</title></polygon>\n");
        }

        return Write($"</svg><figcaption>{Encode(caption)}</figcaption>\n</figure>\n", $"\n{Escape(caption)}: see the HTML.\n");
    }

    /// <summary>The card's files: <c>card.md</c> and <c>card.html</c>.</summary>
    public IReadOnlyDictionary<string, byte[]> Files() => new Dictionary<string, byte[]>
    {
        ["card.html"] = Html(),
        ["card.md"] = Encoding.UTF8.GetBytes(_markdown.ToString()),
    };

    /// <summary>The HTML file alone.</summary>
    public byte[] Html() => Encoding.UTF8.GetBytes($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'{(_pictures ? "; img-src data:" : "")}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Encode(_title)}</title>
        <style>
        {CardStyle.Css}
        </style>
        </head>
        <body>
        <main>
        {_html}</main>
        </body>
        </html>

        """);

    // A picture of the figures beside it, which say the same to those who do not see it.
    private void Spark(IReadOnlyList<double> shares)
    {
        var most = Math.Max(shares.Max(), 1e-9);
        _html.Append(CultureInfo.InvariantCulture, $"<svg class=\"spark\" viewBox=\"0 0 {5 * shares.Count} 24\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        foreach (var (i, share) in shares.Index()) _html.Append(CultureInfo.InvariantCulture, $"<path d=\"M{5 * i} 24v{-24 * share / most:0.#}h4V24z\"/>");
        _html.Append("</svg>");
    }

    // Markdown passes HTML through, so both kinds of syntax are made harmless; a line break would end a table's row.
    private static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '<' => safe.Append("&lt;"),
                '>' => safe.Append("&gt;"),
                '&' => safe.Append("&amp;"),
                '\\' or '|' or '*' or '`' or '[' => safe.Append('\\').Append(c),
                < ' ' => safe.Append(' '),
                _ => safe.Append(c),
            };
        }

        return safe.ToString();
    }

    private CardPage Write(string html, string markdown)
    {
        _html.Append(html);
        _markdown.Append(markdown);
        return this;
    }
}

/// <summary>A cell of a card's table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Bar">Where the bar under it begins and ends, 0 to 1.</param>
public readonly record struct CardCell(string Text, (double From, double To)? Bar = null)
{
    /// <summary>Whether its row is what the page is about.</summary>
    public bool Marked { get; init; }

    /// <summary>Heights of a small histogram under it.</summary>
    public IReadOnlyList<double>? Spark { get; init; }

    /// <summary>A cell with a bar from the left.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="share">Its length, 0 to 1.</param>
    public static CardCell Filled(string text, double share) => new(text, (0, share));

    /// <summary>A cell with a bar from the middle to the right for gains and to the left for losses.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="gain">Its length, -1 to 1.</param>
    public static CardCell FromMiddle(string text, double gain) => new(text, (0.5 + Math.Min(gain / 2, 0), 0.5 + Math.Max(gain / 2, 0)));

    /// <summary>A cell of text alone.</summary>
    public static implicit operator CardCell(string text) => new(text);
}
