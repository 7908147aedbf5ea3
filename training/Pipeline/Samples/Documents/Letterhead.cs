using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>Who issued a paper: name, numbers and address, in many orders and places.</summary>
internal static class Letterhead
{
    /// <summary>Sets it.</summary>
    /// <param name="look">Of the paper.</param>
    /// <param name="x">Where, by <paramref name="align"/>.</param>
    /// <param name="align">What x means.</param>
    /// <param name="room">Widest line, in pixels.</param>
    /// <param name="bank">Whether it is a bank.</param>
    /// <param name="bare">Whether nothing stands behind the address.</param>
    public static void Set(Look look, double x, Align align, double room, bool bank = false, bool bare = false)
    {
        var (draws, fiction, sheet) = (look.Draws, look.Fiction, look.Sheet);
        var name = look.Body.Times(draws.Pick(1, 1, 1.15, 1.3, 1.6, 2.0)) with { Bold = draws.Chance(0.5) };
        void Line(string text, TypeStyle style, KeyFieldName? field = null, string? value = null)
        {
            while (sheet.Measure(text, style) > room && style.Size > look.Body.Size * 0.6) style = style.Times(0.93);
            look.Y += Math.Max(0, style.Size - look.Body.Size);
            sheet.Put(text, style, x, look.Y, align, field, value);
            look.Down();
        }

        if (draws.Chance(0.03))
        {
            Sender(look, x, align, room, bank);
            if (!bare && draws.Chance(0.6)) Line(Contact(look), look.Body);
            return;
        }

        Name(look, name, Line, bank);
        var registered = draws.Chance(0.55);
        if (registered && draws.Chance(0.6)) Line(fiction.Registration(), look.Body);
        if (draws.Chance(0.18)) Line(look.Case(fiction.Slogan()), draws.Chance(0.6) ? look.Body : name.Times(draws.Between(0.6, 1)));
        if (draws.Chance(0.08))
        {
            var owner = look.Case(fiction.Owner()).Split(' ');
            var cut = owner.Length > 3 && draws.Chance(0.3) ? draws.Between(2, owner.Length - 2) : owner.Length;
            Line(string.Join(' ', owner[..cut]), look.Body);
            if (cut < owner.Length) Line(string.Join(' ', owner[cut..]), look.Body);
        }

        if (draws.Chance(0.06)) Line(draws.Pick("Since ", "Est. ") + draws.Between(1948, 2015).ToString(System.Globalization.CultureInfo.InvariantCulture), look.Body);
        if (draws.Chance(0.15)) Line(look.Case(fiction.Word() + draws.Pick(" Branch", " Outlet", "", " Filiale")), look.Body);
        var early = draws.Chance(0.12);
        if (early) Line(Contact(look), look.Body);
        var told = !draws.Chance(0.08) && Address(look, Line, room, bare);
        if (bare) return;
        if (!early && !told && draws.Chance(0.75)) Line(Contact(look), look.Body);
        if (draws.Chance(0.3)) Line(Contact(look), look.Body);
        if (draws.Chance(0.25)) Line(fiction.Web(), look.Body);
        if (draws.Chance(0.05)) Line(look.Case($"({fiction.Word()} {draws.Pick("Outlet", "Branch", "Mall")})"), look.Body);
        if (draws.Chance(0.04)) Line(look.Case(draws.Pick("Shopping hours", "Sun-Thu: 1000 hrs - 2200 hrs", "Mo-Sa 8-20 Uhr", "Business hours 9.00 - 18.00")), look.Body);
        if (registered && draws.Chance(0.7)) Line(fiction.Registration(), look.Body);
    }

    /// <summary>The lines of an address for whoever.</summary>
    public static List<string> Lines(Look look, Func<string, bool> fits)
    {
        var (draws, parts) = (look.Draws, look.Fiction.Address());
        var capitals = look.Capitals || draws.Chance(0.3);
        if (draws.Chance(0.15)) return Broken([.. parts.Select(p => capitals ? p.ToUpperInvariant() : p)], draws.Between(18, 44), fits);
        List<string> lines = [];
        var comma = draws.Pick(",", ",", "");
        var between = draws.Pick(", ", ", ", ", ", ", ", ",", ",", " ", " ", " · ");
        var often = draws.Pick(0.15, 0.4, 0.7, 1);
        foreach (var part in parts)
        {
            var text = capitals ? part.ToUpperInvariant() : part;
            if (lines.Count > 0 && draws.Chance(often) && fits(lines[^1] + between + text)) lines[^1] += between + text;
            else lines.Add(text);
        }

        for (var i = 0; i + 1 < lines.Count; i++) lines[i] += comma;
        if (draws.Chance(0.15)) lines[^1] += ".";
        return lines;
    }

    // As programs do that know no parts of an address: where the line is full.
    private static List<string> Broken(List<string> parts, int most, Func<string, bool> fits)
    {
        List<string> lines = [];
        foreach (var word in string.Join(", ", parts).Split(' '))
        {
            if (lines.Count > 0 && lines[^1].Length + word.Length < most && fits($"{lines[^1]} {word}")) lines[^1] += " " + word;
            else lines.Add(word);
        }

        return lines;
    }

    private static void Name(Look look, TypeStyle style, Action<string, TypeStyle, KeyFieldName?, string?> line, bool bank)
    {
        var (draws, fiction) = (look.Draws, look.Fiction);
        var trade = fiction.Trade(bank);
        var suffix = draws.Chance(0.62) ? fiction.Suffix() : "";
        var before = fiction.Country.Language is "fr" or "es" or "it" && suffix.Length > 0 && draws.Chance(0.3);
        var full = suffix.Length == 0 ? trade : before ? $"{suffix} {trade}" : $"{trade} {suffix}";
        var capitals = look.Capitals || draws.Chance(0.45);
        string Cased(string text) => capitals ? text.ToUpperInvariant() : text;
        (full, suffix) = (Cased(full), Cased(suffix));
        if (draws.Chance(0.1)) line(draws.Pick(fiction.Person().ToLowerInvariant(), "*** COPY ***", look.Say("title"), draws.Fill("%#######"), "Welcome to", draws.Fill("Paid with Visa ####"), draws.Time(), draws.Fill("Table %#")), look.Body, null, null);
        var form = draws.Between(0, 10);
        if (form is 0 or 10 && suffix.Length > 0) // a trade name above, the company's in law small below
        {
            line(Cased(fiction.Trade(bank)), style.Times(draws.Pick(1.2, 1.2, 1.5)).Heavy, null, null);
            if (draws.Chance(0.3)) line(look.Case(fiction.Slogan()), look.Body, null, null);
            if (draws.Chance(0.2)) line(draws.Pick("Operated by:", "Owned by", "A brand of", "Managed by"), look.Body, null, null);
            line(draws.Chance(0.2) ? $"by {full} {draws.Fill("(######-@)")}" : draws.Chance(0.15) ? $"({full})" : full, look.Body, KeyFieldName.Company, full);
        }
        else if (form == 1 && full.Contains(' ', StringComparison.Ordinal)) // on two lines
        {
            var words = full.Split(' ');
            var cut = suffix.Length > 0 && !before && draws.Chance(0.6) ? words.Length - suffix.Split(' ').Length : draws.Between(1, words.Length - 1);
            line(string.Join(' ', words[..cut]), style, KeyFieldName.Company, null);
            var rest = string.Join(' ', words[cut..]);
            line(rest + (draws.Chance(0.12) ? draws.Fill(draws.Pick(" ######-@", " (######-@)")) : ""), draws.Chance(0.2) ? style.Times(draws.Pick(0.6, 0.75, 1.25)) : style, KeyFieldName.Company, rest);
        }
        else if (form == 3 && draws.Chance(0.25))
        {
            line($"{full} {draws.Pick("t/a", "T/A", "trading as", "dba")} {Cased(fiction.Trade(bank))}", style, KeyFieldName.Company, full);
        }
        else if (form == 2) // its number beside it
        {
            line($"{full} {draws.Fill(draws.Pick("(######-@)", "(%#####@)", "(######-@)", "######-@", "(20##########)", "(Co. No. ######@)"))}", style, KeyFieldName.Company, full);
        }
        else
        {
            line(full, style, KeyFieldName.Company, null);
        }

        look.Sheet.Says(KeyFieldName.Company, full);
    }

    // Whether a telephone number stands behind it.
    private static bool Address(Look look, Action<string, TypeStyle, KeyFieldName?, string?> line, double room, bool bare)
    {
        var lines = Lines(look, text => look.Sheet.Measure(text, look.Body) < room);
        var label = look.Draws.Chance(0.05) ? look.Draws.Pick("Address: ", "Add: ", "Addr : ", "Outlet: ", "Branch : ") : "";
        var told = !bare && look.Draws.Chance(0.07) && look.Sheet.Measure(lines[^1], look.Body) < room * 0.5;
        var phone = look.Draws.Pick(" Tel: ", " TEL ", ", Tel. ", " · ", " | ", " Tel No. ", " HP: ") + look.Fiction.Phone();
        foreach (var (i, text) in lines.Index()) line((i == 0 ? label : "") + text + (told && i == lines.Count - 1 ? phone : ""), look.Body, KeyFieldName.Address, text);
        look.Sheet.Says(KeyFieldName.Address, string.Join(' ', lines));
        return told;
    }

    // All in one line, as in the windows of envelopes.
    private static void Sender(Look look, double x, Align align, double room, bool bank)
    {
        var (draws, fiction, sheet) = (look.Draws, look.Fiction, look.Sheet);
        var full = look.Case($"{fiction.Trade(bank)} {fiction.Suffix()}".TrimEnd());
        var between = draws.Pick(" · ", " · ", " | ", " - ");
        var address = look.Case(string.Join(between, fiction.Address()));
        var style = look.Body.Times(0.85);
        while (sheet.Measure(full + between + address, style) > room && style.Size > look.Body.Size * 0.5) style = style.Times(0.93);
        sheet.Put(full + between + address, style, x, look.Y, align, KeyFieldName.Address, address);
        sheet.Marks.Add(new(KeyFieldName.Company, sheet.Inks.Count - 1, 0, full.Length));
        sheet.Says(KeyFieldName.Company, full);
        sheet.Says(KeyFieldName.Address, address);
        look.Down();
    }

    private static string Contact(Look look)
    {
        var (draws, phone) = (look.Draws, look.Fiction.Phone());
        return draws.Between(0, 7) switch
        {
            0 => $"Tel: {phone} Fax: {look.Fiction.Phone()}",
            1 => $"TEL {phone}",
            2 => $"Phone: {phone}",
            3 => phone,
            4 => $"Tel : {phone}",
            5 => $"T: {phone}  F: {look.Fiction.Phone()}",
            6 => look.Fiction.Country.Language == "de" ? $"Telefon {phone}" : $"Tel No. {phone}",
            _ => $"Tel.{phone}",
        };
    }
}
