namespace Serverless.Training.Samples;

/// <summary>What companies say of themselves: known turns, what they deal in, and words of a language in any order, since no list holds all mottos.</summary>
internal static class Mottos
{
    private static readonly string[] Known = ["Save more every day", "Simply food", "Fresh every day", "Quality you can trust", "Live well.", "Your family store", "Best in town", "Since 1958", "Frisch auf den Tisch", "Gut und günstig", "The taste of home", "Everyday low prices", "We care for you", "Eat. Drink. Enjoy.", "Fine food & wine", "Mehr fürs Geld", "24 hours", "Open daily 10am - 10pm", "Handwerk seit 1921", "Good food, good mood", "Your partner in business", "Serving the community", "Dine in - Take away - Delivery", "Coffee & more", "Bon appétit", "Home of the best noodles", "Everything for the home"];
    private static readonly string[] Dealing = ["Dealer in", "Dealers in all kinds of", "Specialist in", "Supplier of", "Importer & exporter of", "Pengedar", "Pembekal", "Kedai", "Retailers of", "Ihr Fachgeschäft für", "Spécialiste de", "Todo en"];
    private static readonly string[] Goods = ["hardware", "paint", "timber", "perabot", "tilam", "kasut", "spare parts", "stationery", "gifts", "furniture", "tyres", "batteries", "seafood", "fruits", "Farben", "Werkzeuge", "Getränke", "fleurs", "vins", "herramientas", "uniforms", "books", "toys", "electrical goods", "building materials"];
    private static readonly string[] English = ["your", "the", "best", "quality", "fresh", "always", "where", "every", "home", "of", "we", "for", "good", "more", "taste", "in", "town", "food", "family", "day", "life", "value", "friends", "and", "with", "service", "you", "since", "first", "great", "prices", "better", "local", "because", "it", "is"];
    private static readonly string[] Malay = ["sedap", "mesra", "harga", "jimat", "selera", "kita", "murah", "dan", "segar", "setiap", "hari", "untuk", "anda", "kualiti", "terbaik", "pilihan", "keluarga"];
    private static readonly string[] German = ["Ihr", "Partner", "für", "Frische", "jeden", "Tag", "gut", "und", "Tradition", "aus", "der", "Region", "mit", "Herz", "Qualität", "seit", "Generationen", "mehr", "vom", "Meister"];
    private static readonly string[] Roman = ["la", "fraîcheur", "tous", "les", "jours", "chez", "nous", "saveurs", "du", "terroir", "le", "pain", "des", "artisans", "depuis", "toujours", "pour", "calidad", "y", "servicio", "siempre", "cerca", "il", "gusto", "della", "tradizione", "con", "passione"];

    /// <summary>One of them.</summary>
    /// <param name="draws">Chance.</param>
    /// <param name="country">Whose language is spoken.</param>
    /// <param name="industries">Trades there.</param>
    /// <param name="adjective">A word of praise.</param>
    public static string Of(Draws draws, SampleCountry country, string[] industries, string adjective)
    {
        var text = draws.Between(0, 9) switch
        {
            0 or 1 => $"{adjective} {draws.Pick(industries)}",
            2 or 3 => string.Join(draws.Pick(" - ", ", ", " & ", " | ", " · "), draws.Shuffled(industries).Take(draws.Between(2, 3))),
            4 => $"{draws.Pick(Dealing)} {string.Join(", ", draws.Shuffled(Goods).Take(draws.Between(1, 3)))}{draws.Pick("", $" & {draws.Pick(Goods)}")}",
            5 or 6 => Sentence(draws, country.Language switch { "de" => German, "en" => country.Code is "MY" or "SG" && draws.Chance(0.4) ? Malay : English, _ => Roman }),
            _ => draws.Pick(Known),
        };
        return draws.Chance(0.12) ? $"\"{text}\"" : text;
    }

    private static string Sentence(Draws draws, string[] words)
    {
        var text = string.Join(' ', draws.Shuffled(words).Take(draws.Between(3, 6)));
        return char.ToUpperInvariant(text[0]) + text[1..] + draws.Pick("", "", ".", "!");
    }
}
