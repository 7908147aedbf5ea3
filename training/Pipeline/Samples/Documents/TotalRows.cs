using System.Globalization;
using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>The rows below the items: sums, taxes, payment.</summary>
internal sealed class TotalRows(Look look, double left, double right)
{
    private readonly Draws _draws = look.Draws;
    private readonly int _form = look.Draws.Chance(0.05) ? 6 : look.Draws.Between(0, 5);
    private readonly string _behind = look.Draws.Pick("", "", ":", " :", "");
    private readonly bool _symbolInLabel = look.Draws.Chance(0.15);
    private readonly string _symbol = look.Draws.Chance(0.4) ? look.Symbol : "";
    private readonly double _indent = look.Draws.Pick(0, 0, 0.2, 0.35) * (right - left);

    /// <summary>Sets a row.</summary>
    /// <param name="what">A word of <see cref="Wording"/>.</param>
    /// <param name="amount">Its amount.</param>
    /// <param name="counts">Whether it is the total to pay.</param>
    public void Set(string what, decimal amount, bool counts = false) => Row(look.Say(what), look.Number(amount), counts ? amount : null);

    /// <summary>Sets what was paid in large figures, without a word.</summary>
    public void Large(decimal amount, double y)
    {
        look.Sheet.Says(KeyFieldName.Total, Look.Plain(amount));
        look.Sheet.Put(look.Symbol + look.Number(amount), look.Body.Times(_draws.Between(1.5, 2.4)).Heavy, (left + right) / 2, y, Align.Centre, KeyFieldName.Total, look.Number(amount));
    }

    /// <summary>Sets two rows in one.</summary>
    public void Both(string what, decimal amount, string other, decimal otherAmount)
    {
        look.Sheet.Put($"{look.Say(what)}: {look.Number(amount)} {look.Say(other)}: {look.Number(otherAmount)}", look.Body.Times(0.9), left, look.Y);
        look.Down();
    }

    /// <summary>Sets what a tip would come to.</summary>
    public void Tips(decimal total)
    {
        var (together, beside) = (_draws.Chance(0.4), _draws.Chance(0.5));
        foreach (var percent in (int[])[15, 18, 20])
        {
            var tip = Math.Round(total * percent / 100, 2);
            if (together)
            {
                look.Sheet.Put($"{percent}%: (Tip {look.Symbol}{look.Number(tip)} Total {look.Symbol}{look.Number(total + tip)})", look.Body, left, look.Y);
                look.Down();
                continue;
            }

            var text = beside ? $"{percent}% (Tip {look.Symbol}{look.Number(tip)})" : $"{percent}% {look.Number(tip)} Total";
            look.Sheet.Put(text, look.Body, left, look.Y);
            look.Sheet.Put(_symbol + look.Number(total + tip), look.Body, right, look.Y, Align.Right);
            look.Down();
        }
    }

    /// <summary>Sets the number of things.</summary>
    public void Count(int count) => Row(look.Say("count"), count.ToString(CultureInfo.InvariantCulture), null, money: false);

    /// <summary>Sets a tax.</summary>
    public void Tax(string name, decimal rate, decimal tax)
    {
        var percent = rate.ToString("0.###", CultureInfo.InvariantCulture);
        Row(look.Case(_draws.Pick($"{name} {percent}%", $"{name}", $"{name} @ {percent}%", $"{name} ({percent}%)", $"{name} {percent}.00%", $"Total {name}")), look.Number(tax), null);
    }

    /// <summary>Sets a table of taxes.</summary>
    public void TaxTable(string name, decimal rate, decimal net, decimal tax, decimal gross)
    {
        string[] heads = [_draws.Pick($"{name} Summary", name, "Code", "%"), _draws.Pick("Amount", "Net", $"Amt ({look.Symbol.Trim()})", "Netto"), _draws.Pick("Tax", name, $"Tax ({look.Symbol.Trim()})"), _draws.Pick("Total", "Gross", "Brutto")];
        string[] row = [_draws.Pick("SR", "A", "S", "") + rate.ToString("0.##", CultureInfo.InvariantCulture) + "%", look.Number(net), look.Number(tax), look.Number(gross)];
        var columns = _draws.Between(3, 4);
        look.Down(0.5);
        foreach (var cells in (string[][])[heads, row])
        {
            for (var i = 0; i < columns; i++) look.Sheet.Put(cells[i], look.Body.Times(0.9), i == 0 ? left : left + ((right - left) * (i + 0.6) / (columns - 0.4)), look.Y, i == 0 ? Align.Left : Align.Right);
            look.Down();
        }
    }

    private void Row(string label, string number, decimal? total, bool money = true)
    {
        var (sheet, symbol) = (look.Sheet, money ? _symbol : "");
        if (total is { } amount) sheet.Says(KeyFieldName.Total, Look.Plain(amount));
        var style = total is not null && _draws.Chance(0.5) ? look.Body.Times(_draws.Pick(1, 1.2, 1.5)).Heavy : look.Body;
        look.Y += style.Size - look.Body.Size;
        if (_symbolInLabel && money && !label.Contains('(', StringComparison.Ordinal)) (label, symbol) = ($"{label} ({look.Symbol.Trim()})", "");
        label += _behind;
        var behind = symbol.StartsWith(' ');
        var printed = behind ? number + symbol : symbol + number;
        var gap = style.Size * 0.8;
        var narrow = sheet.Measure(label, style) + sheet.Measure(printed, style) + gap > right - left - _indent;
        while (narrow && sheet.Measure(label, style) + sheet.Measure(printed, style) + gap > right - left && style.Size > look.Body.Size * 0.6) style = style.Times(0.93);
        var x = narrow ? left : left + _indent;
        KeyFieldName? field = total is null ? null : KeyFieldName.Total;
        switch (_form)
        {
            case 0: // close together, on one line
                sheet.Put($"{label} {printed}", style, x, look.Y, Align.Left, field, number);
                break;
            case 1 when symbol.Trim().Length > 0 && !behind: // the currency by itself
                sheet.Put(label, style, x, look.Y);
                if (sheet.Measure(label, style) + sheet.Measure(printed, style) + (3 * gap) < right - x) sheet.Put(symbol.Trim(), style, right - sheet.Measure(number, style) - gap, look.Y, Align.Right);
                sheet.Put(number, style, right, look.Y, Align.Right, field);
                break;
            case 2: // the label ends where the amounts begin
                sheet.Put(label, style, right - Math.Max(sheet.Measure(printed, style) + gap, (right - left) * 0.3), look.Y, Align.Right);
                sheet.Put(printed, style, right, look.Y, Align.Right, field, number);
                break;
            case 6: // below each other
                sheet.Put(label, style, x, look.Y);
                look.Down();
                sheet.Put(printed, style, right, look.Y, Align.Right, field, number);
                break;
            default:
                sheet.Put(label, style, x, look.Y);
                sheet.Put(printed, style, right, look.Y, Align.Right, field, number);
                break;
        }

        look.Down();
    }
}
