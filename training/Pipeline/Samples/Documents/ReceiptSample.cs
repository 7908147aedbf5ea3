using System.Globalization;
using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>Receipts of shops on narrow paper, and invoices on wide paper.</summary>
internal static class ReceiptSample
{
    /// <summary>Makes one.</summary>
    public static Sheet Make(Draws draws, TextWidth measure)
    {
        var wide = draws.Chance(0.22);
        var width = wide ? draws.Between(900, 1300) : draws.Between(420, 860);
        var face = draws.Chance(wide ? 0.1 : 0.5) ? draws.Pick(Typefaces.Monospaced) : draws.Pick(Typefaces.All);
        var sheet = new Sheet(PaperKind.Receipt, width, measure);
        var style = new TypeStyle(face, wide ? width / draws.Between(52, 75) : width / draws.Between(21, 32) * (Typefaces.Monospaced.Contains(face) ? 0.85 : 1), !wide && draws.Chance(0.12));
        var look = new Look(draws, new Fiction(draws, draws.Pick(SampleCountries.All)), sheet, style);
        var (left, right) = (width * draws.Between(0.03, 0.09), width * draws.Between(0.91, 0.97));
        look.Y = style.Size * draws.Between(1.5, 4);
        var align = draws.Chance(wide ? 0.35 : 0.75) ? Align.Centre : Align.Left;
        var (below, bare) = (!wide && draws.Chance(0.06), !wide && draws.Chance(0.06)); // the letterhead behind all else; nothing between it and the goods
        void Head() => Letterhead.Set(look, align == Align.Centre ? width / 2.0 : left, align, right - left, bare: bare);
        if (!below) Head();
        else if (draws.Chance(0.6)) Line(look, draws.Pick("Welcome", look.Fiction.Word(), "* * *", "Sale"), width / 2.0, Align.Centre);
        Separator(look, left, right);
        if (!bare && draws.Chance(0.65))
        {
            var title = style.Times(draws.Pick(1, 1, 1.2, 1.5)) with { Bold = draws.Chance(0.5) };
            var centred = draws.Chance(0.7);
            sheet.Put(look.Say("title"), title, centred ? width / 2.0 : left, look.Y + (title.Size - style.Size), centred ? Align.Centre : Align.Left);
            look.Down(1.4);
        }

        double? shown = !below && !bare && draws.Chance(0.03) ? look.Y + (1.5 * style.Size) : null; // what was paid, in large figures before all else
        if (shown is not null) look.Down(3);
        var day = draws.Day();
        var late = bare || draws.Chance(0.22);
        if (!bare)
        {
            Meta(look, left, right, day, late);
            Separator(look, left, right);
        }

        var sum = Items(look, left, right, wide, bare);
        Separator(look, left, right);
        Totals(look, wide && draws.Chance(0.6) ? left + ((right - left) * 0.5) : left, right, sum, shown);
        Footer(look, left, right, day, late, wide);
        if (!below && draws.Chance(0.04)) HeadOffice(look, left);
        if (below)
        {
            look.Down(draws.Between(0.2, 1.2));
            if (draws.Chance(0.5)) Line(look, draws.Pick("Thank you for shopping at", "You visited", "Vielen Dank für Ihren Einkauf bei", "Merci de votre visite"), align == Align.Centre ? width / 2.0 : left, align);
            Head();
        }

        sheet.Height += style.Size * draws.Between(1, 5);
        return sheet;
    }

    private static void HeadOffice(Look look, double left)
    {
        var lines = Letterhead.Lines(look, _ => false);
        lines[0] = look.Draws.Pick("", "Head office: ", "HQ: ", "Registered office: ") + lines[0];
        Block(look, left, lines);
    }

    private static void Block(Look look, double left, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            look.Sheet.Put(line, look.Body, left, look.Y);
            look.Down();
        }
    }

    private static void Line(Look look, string text, double x, Align align)
    {
        look.Sheet.Put(look.Case(text), look.Body, x, look.Y, align);
        look.Down();
    }

    private static void Meta(Look look, double left, double right, DateOnly day, bool late)
    {
        var draws = look.Draws;
        List<Pair> pairs = [];
        if (!late) pairs.Add(Dated(look, day));
        for (var i = draws.Between(0, 4); i > 0; i--)
        {
            pairs.Add(draws.Chance(0.5)
                ? new(look.Label("number"), draws.Fill(draws.Pick("########", "INV-#####", "@@#######", "###-###-####", "#####", "CS####/####")))
                : new(look.Label("clerk"), draws.Pick(look.Fiction.Person(), draws.Fill("0#"), draws.Fill("%##"), "Walk-in", "Admin")));
        }

        if (pairs.Count == 0) return;
        Pairs.Set(look, draws.Shuffled(pairs), left, right);
        if (draws.Chance(0.12)) // to whom
        {
            Block(look, left, [draws.Pick("Bill To:", "Customer:", "Sold to", "Ship To:"), look.Fiction.Person(), .. Letterhead.Lines(look, _ => false)]);
        }
    }

    private static Pair Dated(Look look, DateOnly day)
    {
        var draws = look.Draws;
        var text = look.Day(day);
        look.Sheet.Says(KeyFieldName.Date, Look.Iso(day));
        var printed = draws.Between(0, 5) switch
        {
            0 or 1 => $"{text}{draws.Pick(" ", "  ", ", ")}{draws.Time()}",
            2 when draws.Chance(0.4) => $"{draws.Time()} {text}",
            3 when draws.Chance(0.4) => $"{text} ({day.DayOfWeek.ToString()[..3]}) {draws.Time()}",
            4 when draws.Chance(0.3) => $"{day.DayOfWeek}, {text}",
            5 when draws.Chance(0.35) => $"{text} {draws.Time()} {draws.Fill(draws.Pick("@@## @@## T# R#########", "#### ### ### #######", "#####", "#### ## #### ####"))}",
            _ => text,
        };
        return new(draws.Chance(0.72) ? look.Label("date") : "", printed, KeyFieldName.Date, text);
    }

    private static decimal Items(Look look, double left, double right, bool wide, bool bare)
    {
        var (draws, sheet, body) = (look.Draws, look.Sheet, look.Body);
        var form = wide ? 3 : bare && draws.Chance(0.5) ? 0 : draws.Between(0, 4);
        var scale = draws.Pick(2.0, 8, 20, 100, 600);
        var currency = draws.Chance(0.15) ? look.Symbol : "";
        var (quantityX, priceX) = (left + ((right - left) * 0.52), left + ((right - left) * 0.76));
        if (form == 3 || draws.Chance(0.3))
        {
            var room = right - priceX - body.Size;
            void Head(string what, double x)
            {
                var text = look.Say(what);
                if (sheet.Measure(text, body) < room) sheet.Put(text, body, x, look.Y, Align.Right);
            }

            sheet.Put(look.Say("item"), body, left, look.Y);
            if (form == 3) Head("quantity", quantityX);
            if (form == 3) Head("price", priceX);
            Head("amount", right);
            look.Down();
            Separator(look, left, right);
        }

        decimal sum = 0;
        var spare = draws.Chance(0.08);
        for (var i = draws.Pick(1, 1, 2, 3, 4, 5, 7, 9, 12); i > 0; i--)
        {
            var (price, count) = (draws.Money(scale * 0.3, scale * 3), draws.Chance(0.6) ? 1 : draws.Between(2, 12));
            if (draws.Chance(0.4)) price = Math.Max(Math.Round(price * 2) / 2, 0.5m);
            var (amount, name) = (price * count, look.Say("goods"));
            sum += amount;
            var printed = currency + look.Number(amount) + (spare ? " " + draws.Pick("SR", "A", "T", "B", "S", "ZRL") : "");
            var times = string.Create(CultureInfo.InvariantCulture, $"{count}{draws.Pick(" x ", "x", " @ ", " X ", " PC * ", " Stk x ")}{look.Number(price)}");
            switch (form)
            {
                case 0:
                    if (draws.Chance(0.5)) name = string.Create(CultureInfo.InvariantCulture, $"{count} {name}");
                    break;
                case 1:
                    sheet.Put(name, body, left, look.Y);
                    look.Down();
                    name = "  " + times;
                    break;
                case 2:
                    sheet.Put(draws.Fill("955########## ") + name, body.Times(0.9), left, look.Y);
                    look.Down();
                    name = times;
                    break;
                case 3:
                    sheet.Put(count.ToString(CultureInfo.InvariantCulture), body, quantityX, look.Y, Align.Right);
                    sheet.Put(look.Number(price), body, priceX, look.Y, Align.Right);
                    break;
                default:
                    name = $"{name} {draws.Fill("#####")}";
                    break;
            }

            sheet.Put(name.Trim(), body, left, look.Y);
            sheet.Put(printed, body, right, look.Y, Align.Right);
            look.Down();
            if (form != 0 || count == 1 || !draws.Chance(0.3)) continue;
            sheet.Put($"@ {look.Number(price)}", body.Times(0.9), left + (2 * body.Size), look.Y);
            look.Down();
        }

        return sum;
    }

    private static void Totals(Look look, double left, double right, decimal sum, double? shown)
    {
        var (draws, country) = (look.Draws, look.Fiction.Country);
        var rows = new TotalRows(look, left, right);
        var rate = draws.Pick(country.Rates);
        var onTop = country.Code == "US" || draws.Chance(0.35);
        var tax = Math.Round(sum * rate / (onTop ? 100 : 100 + rate), 2);
        var (discount, service) = (draws.Chance(0.1) ? Math.Round(sum * 0.1m, 2) : 0, draws.Chance(0.1) ? Math.Round(sum * 0.1m, 2) : 0);
        var plain = sum - discount + service;
        var total = onTop ? plain + tax : plain;
        var rounded = country.Rounds && draws.Chance(0.55) ? Math.Round(total * 20, MidpointRounding.AwayFromZero) / 20 : total;
        if (draws.Chance(0.25)) rows.Count(draws.Between(1, 14));
        if (onTop || draws.Chance(0.45)) rows.Set("subtotal", onTop ? sum : draws.Chance(0.5) ? plain - tax : plain);
        if (discount > 0) rows.Set("discount", -discount);
        if (service > 0) rows.Set("service", service);
        if (onTop || draws.Chance(0.3)) rows.Tax(draws.Pick(country.Taxes), rate, tax);
        if (rounded != total || (country.Rounds && draws.Chance(0.3)))
        {
            var before = draws.Chance(0.6);
            if (before && shown is null) rows.Set("total", total);
            rows.Set("rounding", rounded - total);
            if (shown is null) rows.Set("rounded", rounded, counts: true);
        }
        else if (shown is null)
        {
            rows.Set("total", rounded, counts: true);
        }

        if (shown is { } y) rows.Large(rounded, y);
        else if (draws.Chance(0.75))
        {
            if (draws.Chance(0.55))
            {
                var given = draws.Chance(0.3) ? rounded : Math.Ceiling(rounded / draws.Pick(1m, 5m, 10m, 50m)) * draws.Pick(1m, 1m, 1m);
                given = Math.Max(given, rounded);
                if (draws.Chance(0.5) && given < rounded * 3) given = Math.Ceiling(rounded / 10) * 10;
                var back = given > rounded || draws.Chance(0.5);
                if (back && draws.Chance(0.08))
                {
                    rows.Both("cash", given, "change", given - rounded);
                }
                else
                {
                    rows.Set("cash", given);
                    if (back) rows.Set("change", given - rounded);
                }
            }
            else
            {
                rows.Set("card", rounded);
            }
        }

        if (country.Code == "US" && draws.Chance(0.3)) rows.Tips(rounded);
        if (draws.Chance(0.25)) rows.TaxTable(draws.Pick(country.Taxes), rate, onTop ? plain : plain - tax, tax, total);
    }

    private static void Footer(Look look, double left, double right, DateOnly day, bool late, bool wide)
    {
        var (draws, sheet) = (look.Draws, look.Sheet);
        if (late)
        {
            look.Down(draws.Between(0.2, 1));
            var dated = Dated(look, day);
            Pairs.Set(look, draws.Chance(0.4) ? [dated, new(look.Label("clerk"), draws.Fill("##"))] : [dated], left, right);
        }

        if (draws.Chance(0.2))
        {
            Block(look, left, [draws.Fill(draws.Pick("**** **** **** ####", "XXXXXXXXXXXX####", "CARD NO: ####XXXXXXXX####")), draws.Fill("APPROVAL CODE: ######"), draws.Fill("TID ########  MID ############")]);
        }

        if (wide && draws.Chance(0.5)) BankDetails.Set(look, left, right, draws.Chance(0.6));
        if (draws.Chance(0.2))
        {
            var text = draws.Pick($"Points earned {draws.Between(1, 90)}", draws.Fill("TC# #### #### #### ####"), "RINGGIT THIRTY AND CENTS NINETY FIVE ONLY", draws.Fill("9########## ##"), draws.Fill("Member card ########"), "Suggested tip 18% 20% 22%", "Tip: ____________", "TSE-Signatur: 8f7a6d5s", draws.Fill("AUTH CODE: ######"), draws.Fill("Ref # ############"));
            sheet.Put(text, look.Body, left, look.Y);
            look.Down();
        }

        for (var i = draws.Between(0, 4); i > 0; i--)
        {
            sheet.Put(look.Say("thanks"), look.Body, (left + right) / 2, look.Y, Align.Centre);
            look.Down();
        }

        if (draws.Chance(0.15)) sheet.Put($"{draws.Pick("Printed", "Reprint", "Valid until", "Exchange before", "Due Date:", "Points as at", "Returns through", "Offer ends")} {look.Day(day.AddDays(draws.Between(-9, 60)))}", look.Body, left, look.Y);
    }

    private static void Separator(Look look, double left, double right)
    {
        var (draws, sheet) = (look.Draws, look.Sheet);
        switch (draws.Between(0, 3))
        {
            case 0:
                sheet.Rule(left, right, look.Y - (look.Body.Size * 0.4), draws.Between(1.0, 3));
                look.Down(0.7);
                break;
            case 1 when draws.Chance(0.5):
                var sign = draws.Pick("-", "=", "*", "_", ".");
                var count = (int)((right - left) * draws.Between(0.7, 1) / sheet.Measure(sign, look.Body));
                for (var i = 0; i < count; i++) sheet.Bars.Add(new(left + (i * sheet.Measure(sign, look.Body)), look.Y - (look.Body.Size * 0.3), sheet.Measure(sign, look.Body) * 0.6, 2, 70));
                look.Down(0.8);
                break;
            default:
                look.Down(draws.Between(0, 0.8));
                break;
        }
    }
}
