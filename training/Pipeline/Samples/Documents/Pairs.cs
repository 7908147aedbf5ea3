using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>A label and its value.</summary>
/// <param name="Label">May be empty.</param>
/// <param name="Text">What is printed as the value.</param>
/// <param name="Field">Field that it is.</param>
/// <param name="Value">The field's value within the text; absent: all of it.</param>
internal sealed record Pair(string Label, string Text, KeyFieldName? Field = null, string? Value = null);

/// <summary>Labels with values, in one of several forms for a block.</summary>
internal static class Pairs
{
    private enum Form
    {
        Inline,
        Tab,
        Ends,
        Above,
        TwoColumns,
        Strip,
    }

    /// <summary>Sets pairs below each other or side by side.</summary>
    public static void Set(Look look, IReadOnlyList<Pair> pairs, double left, double right, TypeStyle? style = null)
    {
        var (draws, body) = (look.Draws, style ?? look.Body);
        var widest = pairs.Max(p => look.Sheet.Measure(p.Label, body));
        var longest = pairs.Max(p => look.Sheet.Measure(p.Text, body));
        var room = right - left;
        var form = draws.Pick(Form.Inline, Form.Inline, Form.Tab, Form.Tab, Form.Ends, Form.Above, Form.TwoColumns, Form.Strip);
        if (form == Form.Strip && (pairs.Count > 5 || Math.Max(widest, longest) > room / pairs.Count * 0.9)) form = Form.Above;
        if (form is Form.Above or Form.TwoColumns && Math.Max(widest + longest, 2 * longest) > room * 0.48) form = Form.Inline;
        if (form is Form.Tab or Form.Ends && widest + longest > room * 0.95) form = Form.Inline;
        var heavy = draws.Chance(0.3) ? body.Heavy : body;
        switch (form)
        {
            case Form.Inline:
                foreach (var pair in pairs) Line(look, pair, left, body);
                break;
            case Form.Tab or Form.Ends:
                var tab = left + widest + (body.Size * draws.Between(0.6, 3));
                foreach (var pair in pairs)
                {
                    look.Sheet.Put(pair.Label, heavy, left, look.Y);
                    if (form == Form.Tab) look.Sheet.Put(pair.Text, body, Math.Min(tab, right - longest), look.Y, Align.Left, pair.Field, pair.Value);
                    else look.Sheet.Put(pair.Text, body, right, look.Y, Align.Right, pair.Field, pair.Value);
                    look.Down();
                }

                break;
            case Form.Strip:
                foreach (var (i, pair) in pairs.Index())
                {
                    look.Sheet.Put(pair.Label, heavy, left + (room * i / pairs.Count), look.Y);
                    look.Sheet.Put(pair.Text, body, left + (room * i / pairs.Count), look.Y + look.Step, Align.Left, pair.Field, pair.Value);
                }

                look.Down(2.2);
                break;
            default:
                for (var i = 0; i < pairs.Count; i += 2)
                {
                    for (var side = 0; side < 2 && i + side < pairs.Count; side++)
                    {
                        var (pair, x) = (pairs[i + side], left + (side * room * 0.52));
                        if (form == Form.Above)
                        {
                            look.Sheet.Put(pair.Label, heavy.Times(0.85), x, look.Y);
                            look.Sheet.Put(pair.Text, body, x, look.Y + look.Step, Align.Left, pair.Field, pair.Value);
                        }
                        else
                        {
                            Put(look, pair, x, body);
                        }
                    }

                    look.Down(form == Form.Above ? 2.3 : 1);
                }

                break;
        }
    }

    private static void Line(Look look, Pair pair, double left, TypeStyle style)
    {
        Put(look, pair, left, style);
        look.Down();
    }

    private static void Put(Look look, Pair pair, double left, TypeStyle style)
    {
        var text = pair.Label.Length == 0 ? pair.Text : $"{pair.Label}{(pair.Label.EndsWith(' ') ? "" : " ")}{pair.Text}";
        look.Sheet.Put(text, style, left, look.Y, Align.Left, pair.Field, pair.Field is null ? null : pair.Value ?? pair.Text);
    }
}
