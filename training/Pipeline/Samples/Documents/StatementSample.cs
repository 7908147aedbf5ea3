using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>Statements of bank accounts: entries of a month between two balances.</summary>
internal static class StatementSample
{
    /// <summary>Makes one.</summary>
    public static Sheet Make(Draws draws, TextWidth measure)
    {
        var width = draws.Between(1000, 1300);
        var sheet = new Sheet(PaperKind.Statement, width, measure);
        var style = new TypeStyle(draws.Pick(Typefaces.All), width / draws.Between(54.0, 78));
        var look = new Look(draws, new Fiction(draws, draws.Pick(SampleCountries.All)), sheet, style);
        var (left, right) = (width * draws.Between(0.04, 0.09), width * draws.Between(0.91, 0.96));
        look.Y = style.Size * draws.Between(2.0, 5);
        var place = draws.Between(0, 3);
        Letterhead.Set(look, place switch { 0 => width / 2.0, 1 => right, _ => left }, place switch { 0 => Align.Centre, 1 => Align.Right, _ => Align.Left }, (right - left) * 0.6, bank: true);
        look.Down();
        var day = draws.Day();
        var top = look.Y;
        var narrow = draws.Chance(0.5);
        if (draws.Chance(0.75)) Customer(look, left);
        var (opening, entries) = (draws.Money(400, 40_000), Entries(look, day));
        var closing = opening + entries.Sum(e => e.Amount);
        if (narrow) (top, look.Y) = (look.Y, top);
        Title(look, narrow ? left + ((right - left) * 0.5) : left, right);
        var summary = draws.Chance(0.45);
        Meta(look, narrow ? left + ((right - left) * 0.5) : left, right, day, summary ? opening : null, closing, entries);
        if (narrow) look.Y = Math.Max(look.Y, top);
        look.Down(draws.Between(0.3, 1.2));
        Table(look, left, right, opening, entries, summary ? null : closing);
        if (draws.Chance(0.4)) sheet.Put(draws.Pick("Please check this statement carefully.", "Member of the deposit protection scheme.", "Einwendungen sind unverzüglich zu erheben.", "Page 1 of 3", "Interest rate 0.50 % p.a."), style.Times(0.8), left, look.Y + (2 * look.Step));
        sheet.Height = Math.Max(sheet.Height + (2 * style.Size), draws.Chance(0.5) ? width * 1.414 : 0);
        return sheet;
    }

    private static void Customer(Look look, double x)
    {
        List<string> lines = [look.Fiction.Person(), .. Letterhead.Lines(look, _ => false)];
        if (look.Draws.Chance(0.35)) lines.Insert(0, look.Draws.Pick("Herrn", "Mr", "Ms", "Account holder", "Kontoinhaber"));
        foreach (var line in lines)
        {
            look.Sheet.Put(line, look.Body, x, look.Y);
            look.Down();
        }

        look.Down();
    }

    private static void Title(Look look, double left, double right)
    {
        var draws = look.Draws;
        var style = look.Body.Times(draws.Pick(1.1, 1.4, 1.8)) with { Bold = draws.Chance(0.7) };
        look.Y += style.Size - look.Body.Size;
        var text = look.Say("statement");
        if (look.Sheet.Measure(text, style) > right - left) style = look.Body.Heavy;
        look.Sheet.Put(text, style, left, look.Y);
        look.Down(1.5);
    }

    private static List<(DateOnly Day, string Text, decimal Amount)> Entries(Look look, DateOnly day)
    {
        var draws = look.Draws;
        List<(DateOnly, string, decimal)> entries = [];
        var at = day.AddDays(-draws.Between(24, 33));
        for (var i = draws.Between(3, 16); i > 0 && at < day; i--)
        {
            at = at.AddDays(draws.Between(0, 4));
            if (at >= day) break;
            var amount = draws.Money(3, 900);
            if (draws.Chance(0.15)) amount = draws.Money(700, 5_000);
            entries.Add((at, $"{look.Say("transaction")} {draws.Pick(look.Fiction.Trade(bank: false), look.Fiction.Person(), "")}".Trim(), draws.Chance(0.72) ? -amount : amount));
        }

        return entries;
    }

    private static void Meta(Look look, double left, double right, DateOnly day, decimal? opening, decimal closing, List<(DateOnly Day, string Text, decimal Amount)> entries)
    {
        var (draws, sheet) = (look.Draws, look.Sheet);
        List<Pair> pairs = BankDetails.Of(look, draws.Chance(0.85)).Where(p => !p.Label.StartsWith("Bank", StringComparison.OrdinalIgnoreCase) || p.Field is not null).ToList();
        pairs.Add(new(look.Label("statedate"), look.Day(day), KeyFieldName.Date));
        sheet.Says(KeyFieldName.Date, Look.Iso(day));
        if (draws.Chance(0.4)) pairs.Add(new(draws.Pick("Statement No:", "Auszug-Nr.", "Sheet", "Page", "Blatt"), draws.Fill("##")));
        if (draws.Chance(0.35)) pairs.Add(new(look.Label("period"), $"{look.Day(day.AddDays(-31))} {draws.Pick("-", "to", "–", "bis")} {look.Day(day.AddDays(-1))}"));
        if (draws.Chance(0.3)) pairs.Add(new(draws.Pick("Customer No", "Kundennummer", "Customer ID", "Kunden-Nr."), draws.Fill("#######")));
        pairs = draws.Shuffled(pairs);
        if (opening is { } before)
        {
            List<Pair> sums = [new(look.Label("opening"), Printed(look, before))];
            if (draws.Chance(0.6)) sums.AddRange([new(look.Label("moneyin"), Printed(look, entries.Where(e => e.Amount > 0).Sum(e => e.Amount))), new(look.Label("moneyout"), Printed(look, -entries.Where(e => e.Amount < 0).Sum(e => e.Amount)))]);
            sums.Add(new(look.Label("closing"), Printed(look, closing), KeyFieldName.Total, look.Number(closing)));
            sheet.Says(KeyFieldName.Total, Look.Plain(closing));
            Pairs.Set(look, pairs, left, right);
            look.Down(0.5);
            Pairs.Set(look, sums, left, right);
            return;
        }

        Pairs.Set(look, pairs, left, right);
    }

    private static string Printed(Look look, decimal amount) => look.Symbol.StartsWith(' ') ? look.Number(amount) + look.Symbol : look.Symbol + look.Number(amount);

    private static void Table(Look look, double left, double right, decimal opening, List<(DateOnly Day, string Text, decimal Amount)> entries, decimal? closing)
    {
        var (draws, sheet) = (look.Draws, look.Sheet);
        var running = draws.Chance(0.6);
        var (textX, amountX) = (left + ((right - left) * draws.Between(0.14, 0.2)), running ? left + ((right - left) * 0.8) : right);
        if (draws.Chance(0.5)) sheet.Bars.Add(new(left, look.Y - look.Body.Size, right - left, look.Body.Size * 1.3, 222));
        var german = look.Fiction.Country.Language == "de";
        sheet.Put(german ? draws.Pick("Datum", "Buchung", "Valuta") : draws.Pick("Date", "Posted"), look.Body.Heavy, left, look.Y);
        sheet.Put(german ? draws.Pick("Verwendungszweck", "Vorgang", "Text") : draws.Pick("Description", "Details", "Transaction"), look.Body.Heavy, textX, look.Y);
        sheet.Put(german ? "Betrag" : draws.Pick("Amount", "Value", "Debit/Credit"), look.Body.Heavy, amountX, look.Y, Align.Right);
        if (running) sheet.Put(german ? "Saldo" : "Balance", look.Body.Heavy, right, look.Y, Align.Right);
        look.Down(1.3);
        var balanceX = running ? right : amountX;
        if (draws.Chance(0.6)) Balance(look, textX, balanceX, look.Say("opening"), look.Number(opening), null);
        var balance = opening;
        foreach (var (day, text, amount) in entries)
        {
            balance += amount;
            sheet.Put(look.Day(day), look.Body, left, look.Y);
            var shown = text;
            while (shown.Length > 8 && textX + sheet.Measure(shown, look.Body) > amountX - (look.Body.Size * 6)) shown = shown[..^1].TrimEnd();
            sheet.Put(shown, look.Body, textX, look.Y);
            sheet.Put(look.Number(amount), look.Body, amountX, look.Y, Align.Right);
            if (running && draws.Chance(0.9)) sheet.Put(look.Number(balance), look.Body, right, look.Y, Align.Right);
            look.Down();
        }

        if (draws.Chance(0.3)) sheet.Rule(left, right, look.Y - (look.Body.Size * 0.5));
        look.Down(0.3);
        if (closing is not { } last) return;
        sheet.Says(KeyFieldName.Total, Look.Plain(last));
        Balance(look, draws.Chance(0.5) ? textX : left, balanceX, look.Say("closing"), look.Number(last), KeyFieldName.Total);
    }

    private static void Balance(Look look, double left, double right, string label, string number, KeyFieldName? field)
    {
        var style = field is not null && look.Draws.Chance(0.6) ? look.Body.Heavy : look.Body;
        var printed = look.Draws.Chance(0.3) ? look.Symbol.StartsWith(' ') ? number + look.Symbol : look.Symbol + number : number;
        look.Sheet.Put(label, style, left, look.Y);
        look.Sheet.Put(printed, style, right, look.Y, Align.Right, field, field is null ? null : number);
        look.Down();
    }
}
