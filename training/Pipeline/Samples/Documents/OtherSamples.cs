using System.Globalization;
using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>Identity pages and forms: they have no key fields here, and teach what is none of the other papers.</summary>
internal static class OtherSamples
{
    private static readonly string[] Titles = ["IDENTITY CARD", "DRIVING LICENCE", "PASSPORT", "PERSONALAUSWEIS", "RESIDENCE PERMIT", "REISEPASS", "FÜHRERSCHEIN", "NATIONAL ID"];
    private static readonly string[] FormTitles = ["Loan Application Form", "Account Opening Form", "Application for Credit", "Kreditantrag", "Change of Address", "Selbstauskunft", "Antrag auf Kontoeröffnung", "Claim Form", "Direct Debit Mandate"];
    private static readonly string[] FormFields = ["Full name", "Date of birth", "Current address", "Postcode", "Employer", "Monthly income", "Amount requested", "Purpose of loan", "Telephone", "E-mail", "Marital status", "Number of dependants", "Name, Vorname", "Geburtsdatum", "Anschrift", "Arbeitgeber", "Monatliches Nettoeinkommen", "Gewünschter Kreditbetrag", "Unterschrift", "Place, date", "IBAN", "Occupation"];

    /// <summary>Makes a page of an identity document, with a picture, numbers and a zone for machines (ICAO 9303, without its check digits).</summary>
    public static Sheet Identity(Draws draws, TextWidth measure)
    {
        var width = draws.Between(800, 1200);
        var sheet = new Sheet(PaperKind.Identity, width, measure) { Height = width * draws.Between(0.62, 0.72) };
        var style = new TypeStyle(draws.Pick(Typefaces.All), width / draws.Between(38.0, 50));
        var fiction = new Fiction(draws, draws.Pick(SampleCountries.All));
        var look = new Look(draws, fiction, sheet, style) { Y = style.Size * 2.2 };
        sheet.Put(draws.Pick(Titles), style.Times(1.4).Heavy, width * 0.05, look.Y);
        sheet.Put(fiction.Word().ToUpperInvariant(), style, width * 0.95, look.Y, Align.Right);
        look.Down(2);
        var (photo, size) = (draws.Chance(0.8) ? width * 0.05 : width * 0.7, width * 0.25);
        sheet.Bars.Add(new(photo, look.Y - style.Size, size, size * 1.25, 190));
        sheet.Bars.Add(new(photo + (size * 0.3), look.Y, size * 0.4, size * 0.5, 120));
        sheet.Bars.Add(new(photo + (size * 0.15), look.Y + (size * 0.65), size * 0.7, size * 0.5, 140));
        var person = fiction.Person();
        List<Pair> pairs =
        [
            new(draws.Pick("Surname", "Name", "1. Surname"), person.Split(' ')[^1].ToUpperInvariant()), new(draws.Pick("Given names", "Vornamen", "2. Given names"), person.Split(' ')[0].ToUpperInvariant()),
            new(draws.Pick("Date of birth", "Geburtsdatum", "3. Date of birth"), look.Day(draws.Day().AddYears(-25))), new(draws.Pick("Document No.", "Dokumentennummer", "ID No"), draws.Fill("@########")),
            new(draws.Pick("Nationality", "Staatsangehörigkeit"), fiction.Country.Code), new(draws.Pick("Date of expiry", "Gültig bis", "Valid until"), look.Day(draws.Day().AddYears(8))), new(draws.Pick("Sex", "Place of birth"), draws.Pick("F", "M", draws.Pick(fiction.Country.Towns))),
        ];
        var x = photo < width * 0.5 ? width * 0.36 : width * 0.05;
        Pairs.Set(look, pairs[..draws.Between(4, 7)], x, x + (width * 0.6));
        if (draws.Chance(0.7))
        {
            look.Y = Math.Max(look.Y + look.Step, (width * 0.62) - (2 * look.Step));
            var zone = new TypeStyle(Typefaces.Monospaced[0], width / 40.0);
            foreach (var line in (string[])[$"P<{fiction.Country.Code}X{person.Split(' ')[^1].ToUpperInvariant().Replace('\'', '<')}<<{person.Split(' ')[0].ToUpperInvariant()}".PadRight(44, '<')[..44], draws.Fill("@########<#@@@#######M#######<<<<<<<<<<<<<<##")])
            {
                var fitted = zone.Times(Math.Min(1, width * 0.9 / sheet.Measure(line, zone)));
                sheet.Put(line, fitted, width * 0.05, look.Y);
                look.Down(1.2);
            }
        }

        return sheet;
    }

    /// <summary>Makes a form that is filled in, in part.</summary>
    public static Sheet Form(Draws draws, TextWidth measure)
    {
        var width = draws.Between(1000, 1300);
        var sheet = new Sheet(PaperKind.Form, width, measure) { Height = width * 1.414 };
        var style = new TypeStyle(draws.Pick(Typefaces.All), width / draws.Between(54.0, 72));
        var look = new Look(draws, new Fiction(draws, draws.Pick(SampleCountries.All)), sheet, style) { Y = style.Size * 3 };
        var (left, right) = (width * 0.07, width * 0.93);
        sheet.Put(draws.Pick(FormTitles), style.Times(1.7).Heavy, left, look.Y);
        look.Down(2.5);
        var filled = style with { Face = draws.Pick(Typefaces.All), Italic = true };
        foreach (var (i, name) in draws.Shuffled(FormFields).Take(draws.Between(8, 15)).Index())
        {
            if (i % 5 == 0 && draws.Chance(0.6))
            {
                sheet.Bars.Add(new(left, look.Y - style.Size, right - left, style.Size * 1.4, 215));
                sheet.Put(string.Create(CultureInfo.InvariantCulture, $"{(i / 5) + 1}. {draws.Pick("Personal details", "Your employment", "Angaben zur Person", "Declaration", "Section")}"), style.Heavy, left + 6, look.Y);
                look.Down(1.8);
            }

            sheet.Put(name, style.Times(0.85), left, look.Y);
            var box = draws.Chance(0.5);
            if (box) sheet.Rule(left, right, look.Y + (look.Step * 1.4), 1.5);
            if (draws.Chance(0.7)) sheet.Put(Answer(look, name), filled, box ? left + 8 : left + ((right - left) * 0.42), look.Y + (box ? look.Step * 1.1 : 0));
            look.Down(box ? 2.6 : 1.7);
        }

        sheet.Put(draws.Pick("I confirm that the above is true.", "Ich versichere die Richtigkeit meiner Angaben.", "Please use block capitals."), style.Times(0.85), left, look.Y);
        return sheet;
    }

    private static string Answer(Look look, string field) => field switch
    {
        "Date of birth" or "Geburtsdatum" or "Place, date" => look.Day(look.Draws.Day()),
        "Monthly income" or "Amount requested" or "Monatliches Nettoeinkommen" or "Gewünschter Kreditbetrag" => look.Number(look.Draws.Money(900, 30_000)),
        "Telephone" => look.Fiction.Phone(),
        "Current address" or "Anschrift" => string.Join(", ", look.Fiction.Address()),
        "Employer" or "Arbeitgeber" => look.Fiction.Trade(bank: false),
        "IBAN" => look.Fiction.Country.Bban is { } bban ? look.Fiction.Iban(bban) : look.Fiction.Account(),
        _ => look.Fiction.Person(),
    };
}
