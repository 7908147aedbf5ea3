using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>Payslips: what an employer paid for a month, how it comes about, and where it goes.</summary>
internal static class PayslipSample
{
    /// <summary>Makes one.</summary>
    public static Sheet Make(Draws draws, TextWidth measure)
    {
        var width = draws.Between(1000, 1300);
        var sheet = new Sheet(PaperKind.Payslip, width, measure);
        var style = new TypeStyle(draws.Pick(Typefaces.All), width / draws.Between(54.0, 78));
        var look = new Look(draws, new Fiction(draws, draws.Pick(SampleCountries.All)), sheet, style);
        var (left, right) = (width * draws.Between(0.04, 0.09), width * draws.Between(0.91, 0.96));
        look.Y = style.Size * draws.Between(2.0, 5);
        var place = draws.Between(0, 3);
        var titleFirst = draws.Chance(0.3);
        var day = draws.Day();
        if (titleFirst) Title(look, left, right, day);
        var top = look.Y;
        Letterhead.Set(look, place switch { 0 => width / 2.0, 1 => right, _ => left }, place switch { 0 => Align.Centre, 1 => Align.Right, _ => Align.Left }, (right - left) * (place == 0 ? 0.9 : 0.52));
        if (place == 1 || (place == 2 && draws.Chance(0.4))) Beside(look, place == 1 ? left : left + ((right - left) * 0.6), top, Employee);
        look.Down();
        if (!titleFirst) Title(look, left, right, day);
        Meta(look, left, right, day);
        look.Down(draws.Between(0.3, 1));
        var net = Amounts(look, left, right);
        look.Down(draws.Between(0.3, 1.5));
        var paidFirst = draws.Chance(0.2);
        if (paidFirst) Paid(look, left, right);
        Net(look, left, right, net);
        if (!paidFirst) Paid(look, left, right);
        if (draws.Chance(0.4)) sheet.Put(draws.Pick("This is a computer generated payslip, no signature required.", "Please keep this document.", "Bitte bewahren Sie diesen Beleg auf.", "Confidential"), style.Times(0.85), left, look.Y + (2 * look.Step));
        sheet.Height = Math.Max(sheet.Height + (2 * style.Size), draws.Chance(0.5) ? width * 1.414 : 0);
        return sheet;
    }

    private static void Title(Look look, double left, double right, DateOnly day)
    {
        var draws = look.Draws;
        var style = look.Body.Times(draws.Pick(1.1, 1.4, 1.8)) with { Bold = draws.Chance(0.7) };
        look.Y += style.Size - look.Body.Size;
        var text = look.Say("payslip") + (draws.Chance(0.4) ? $" {draws.Pick("", "- ", "for ")}{look.Month(day)}" : "");
        var align = draws.Pick(Align.Left, Align.Centre, Align.Right);
        look.Sheet.Put(text, style, align switch { Align.Left => left, Align.Right => right, _ => (left + right) / 2 }, look.Y, align);
        look.Down(1.5);
    }

    private static void Beside(Look look, double x, double top, Action<Look, double> block)
    {
        var below = look.Y;
        look.Y = top;
        block(look, x);
        look.Y = Math.Max(below, look.Y);
    }

    private static void Employee(Look look, double x)
    {
        List<string> lines = [look.Fiction.Person(), .. Letterhead.Lines(look, _ => false)];
        if (look.Draws.Chance(0.4)) lines.Insert(0, look.Draws.Pick("Employee", "Private & Confidential", "Herrn", "Frau", "To:"));
        foreach (var line in lines)
        {
            look.Sheet.Put(line, look.Body, x, look.Y);
            look.Down();
        }
    }

    private static void Meta(Look look, double left, double right, DateOnly day)
    {
        var draws = look.Draws;
        List<Pair> pairs = [new(look.Label("employee"), look.Fiction.Person())];
        if (draws.Chance(0.85))
        {
            pairs.Add(new(look.Label("paydate"), look.Day(day), KeyFieldName.Date));
            look.Sheet.Says(KeyFieldName.Date, Look.Iso(day));
        }

        var first = new DateOnly(day.Year, day.Month, 1);
        if (draws.Chance(0.6)) pairs.Add(new(look.Label("period"), draws.Chance(0.6) ? look.Month(day) : $"{look.Day(first)} {draws.Pick("-", "to", "–")} {look.Day(first.AddMonths(1).AddDays(-1))}"));
        for (var i = draws.Between(1, 5); i > 0; i--) pairs.Add(new(look.Label("person"), draws.Fill(draws.Pick("####", "@@ ## ## ## @", "1257L", "I", "##-###", "1", "Sales", "###-##-####", "Operations"))));
        if (draws.Chance(0.2)) pairs.Add(new(draws.Pick("Date of Birth:", "Geburtsdatum", "DOB", "Join Date", "Eintritt", "Hire Date:"), look.Day(day.AddDays(-draws.Between(400, 15_000)))));
        Pairs.Set(look, draws.Shuffled(pairs), left, right);
    }

    private static decimal Amounts(Look look, double left, double right)
    {
        var (draws, sheet) = (look.Draws, look.Sheet);
        var basic = draws.Money(900, 9_000);
        List<(string Name, decimal Amount)> earnings = [(look.Say("earning"), basic)], deductions = [];
        for (var i = draws.Between(0, 4); i > 0; i--) earnings.Add((look.Say("earning"), draws.Money(20, 600)));
        for (var i = draws.Between(1, 5); i > 0; i--) deductions.Add((look.Say("deduction"), Math.Round(basic * (decimal)draws.Between(0.01, 0.12), 2)));
        var (gross, minus) = (earnings.Sum(e => e.Amount), deductions.Sum(d => d.Amount));
        earnings.Add((look.Say("gross"), gross));
        if (draws.Chance(0.8)) deductions.Add((look.Say("minus"), minus));
        var (sideBySide, yearly) = (draws.Chance(0.5), draws.Chance(0.35) ? draws.Between(2, 12) : 0);
        var (top, middle) = (look.Y, left + ((right - left) * 0.48));
        Table(look, draws.Pick("Earnings", "Payments", "Description", "Bezüge"), earnings, left, sideBySide ? middle : right, yearly);
        var bottom = look.Y;
        if (sideBySide) look.Y = top;
        Table(look, draws.Pick("Deductions", "Abzüge", "Deduction"), deductions, sideBySide ? left + ((right - left) * 0.53) : left, right, yearly);
        look.Y = Math.Max(bottom, look.Y);
        if (draws.Chance(0.4)) sheet.Rule(left, right, look.Y - (look.Body.Size * 0.5));
        look.Down(0.6);
        return gross - minus;
    }

    private static void Table(Look look, string head, List<(string Name, decimal Amount)> rows, double left, double right, int yearly)
    {
        var (draws, sheet) = (look.Draws, look.Sheet);
        var amountX = yearly > 0 ? left + ((right - left) * 0.72) : right;
        if (draws.Chance(0.4)) sheet.Bars.Add(new(left, look.Y - look.Body.Size, right - left, look.Body.Size * 1.3, 222));
        sheet.Put(look.Case(head), look.Body.Heavy, left, look.Y);
        if (draws.Chance(0.7)) sheet.Put(look.Case(draws.Pick("Amount", "Current", look.Symbol.Trim(), "Betrag")), look.Body.Heavy, amountX, look.Y, Align.Right);
        if (yearly > 0) sheet.Put(draws.Pick("YTD", "Year to date", "Jahr"), look.Body.Heavy, right, look.Y, Align.Right);
        look.Down(1.2);
        foreach (var (name, amount) in rows)
        {
            sheet.Put(name, look.Body, left, look.Y);
            sheet.Put(look.Number(amount), look.Body, amountX, look.Y, Align.Right);
            if (yearly > 0) sheet.Put(look.Number(amount * yearly), look.Body, right, look.Y, Align.Right);
            look.Down();
        }

        look.Down(0.5);
    }

    private static void Net(Look look, double left, double right, decimal net)
    {
        var (draws, sheet) = (look.Draws, look.Sheet);
        var style = look.Body.Times(draws.Pick(1, 1.2, 1.4)) with { Bold = draws.Chance(0.7) };
        sheet.Says(KeyFieldName.Total, Look.Plain(net));
        var (label, number) = (look.Label("net"), look.Number(net));
        var symbol = draws.Chance(0.5) ? look.Symbol : "";
        var printed = symbol.StartsWith(' ') ? number + symbol : symbol + number;
        look.Y += style.Size - look.Body.Size;
        switch (draws.Between(0, 4))
        {
            case 0:
                sheet.Put($"{label} {printed}", style, left, look.Y, Align.Left, KeyFieldName.Total, number);
                break;
            case 1: // value below its label
                sheet.Put(label, style.Times(0.8), right, look.Y, Align.Right);
                look.Down(1.2);
                sheet.Put(printed, style, right, look.Y, Align.Right, KeyFieldName.Total, number);
                break;
            case 2:
                var x = left + ((right - left) * 0.55);
                sheet.Put(label, style, x, look.Y);
                sheet.Put(printed, style, right, look.Y, Align.Right, KeyFieldName.Total, number);
                break;
            case 3: // three sums in a row, each below its label
                (string Head, string Value, KeyFieldName? Field)[] sums = [(look.Say("gross"), look.Number(net + draws.Money(100, 900)), null), (look.Say("minus"), look.Number(draws.Money(100, 900)), null), (label, printed, KeyFieldName.Total)];
                foreach (var (i, (head, value, field)) in sums.Index())
                {
                    var at = left + ((right - left) * i / 3);
                    sheet.Put(head, look.Body, at, look.Y);
                    sheet.Put(value, look.Body.Heavy, at, look.Y + (look.Step * 1.1), Align.Left, field, field is null ? null : number);
                }

                look.Down();
                break;
            default:
                sheet.Put(label, style, left, look.Y);
                sheet.Put(printed, style, right, look.Y, Align.Right, KeyFieldName.Total, number);
                break;
        }

        look.Down(1.6);
    }

    private static void Paid(Look look, double left, double right)
    {
        if (look.Draws.Chance(0.7)) BankDetails.Set(look, left, right, look.Draws.Chance(0.8));
    }
}
