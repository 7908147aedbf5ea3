using System.Globalization;

namespace Serverless.Training.Samples;

/// <summary>Made-up names, companies, addresses and numbers of a country.</summary>
internal sealed class Fiction(Draws draws, SampleCountry country)
{
    private static readonly string[] Starts = ["Ba", "Be", "Bo", "Ca", "Cor", "Da", "Del", "Do", "El", "Fa", "Fen", "Ga", "Gri", "Ha", "Hol", "Ja", "Jo", "Ka", "Kel", "Lo", "Lu", "Ma", "Mer", "Mo", "Na", "Ni", "Or", "Pa", "Per", "Qua", "Ra", "Ro", "Sa", "Se", "Sol", "Ta", "Ter", "Tri", "Ur", "Va", "Ve", "Wal", "Wen", "Yo", "Za", "Zu", "Ash", "Brook", "Clay", "Stein", "Berg", "Lin"];
    private static readonly string[] Ends = ["ra", "den", "lin", "mo", "ta", "ri", "gan", "ville", "ko", "nia", "dor", "sen", "ton", "wick", "bach", "feld", "ning", "la", "mar", "ven", "rux", "tek", "na", "ley", "ham", "ster", "po", "wa", "jaya", "indah", "mas", "ria", "to", "co", "ford", "ward"];
    private static readonly string[] First = ["Anna", "James", "Wei Ling", "Siti", "Ahmad", "Maria", "Thomas", "Priya", "Lukas", "Sophie", "Omar", "Grace", "Daniel", "Katrin", "Hui Min", "Raj", "Emma", "Peter", "Nurul", "Jürgen", "Claire", "Marco", "Eva", "Liam"];
    private static readonly string[] Last = ["Tan", "Lim", "Wong", "Lee", "Müller", "Schmidt", "Weber", "Hofmann", "Smith", "Patel", "Kumar", "Rahman", "Ismail", "Brown", "Taylor", "O'Brien", "Novak", "Rossi", "Garcia", "Dubois", "Jansen", "Keller", "Huber", "Chong", "Yap", "Walker", "Singh", "Becker", "Bauer", "Murphy"];
    private static readonly string[] Adjectives = ["Golden", "Blue", "Green", "Happy", "Old", "New", "Royal", "Sunny", "Red", "Silver", "Lucky", "Urban", "Little", "Grand", "Fresh", "Mega", "Super", "Prime", "Family", "City", "Perfect", "Star", "United", "Global", "Modern", "First"];
    private static readonly string[] Nouns = ["Lotus", "Kettle", "Anchor", "Oak", "Lion", "Garden", "Harbour", "Bean", "Wok", "Olive", "Lantern", "Bridge", "Crown", "Spoon", "Pearl", "Bamboo", "Mill", "Rose", "Corner", "Dragon", "Fox", "River", "Village", "Dragonfly", "Point", "Lane", "Park", "Square", "Court", "Hill", "Street"];
    private static readonly string[] English = ["Restaurant", "Café", "Cafe", "Bakery", "Mart", "Hardware", "Stationery", "Pharmacy", "Supermarket", "Trading", "Enterprise", "Motor", "Seafood Restaurant", "Kopitiam", "Book Store", "Gift & Deco", "Electrical", "Kitchen", "Grill", "Bistro", "Home Centre", "Fashion", "Marketing", "Machinery", "Petrol Station", "Service Station", "Food Court", "Pizza", "Coffee", "Optical", "Clinic", "Auto Parts", "Printing", "Furniture", "Market", "Stores", "Department Store", "Bar & Grill", "Noodle House", "Laundry", "Hotel", "Parking", "Logistics", "Engineering", "Industries", "Systems", "Consulting", "Foods", "Services", "Retail", "Solutions", "DIY"];
    private static readonly string[] Malay = ["Restoran", "Kedai Makan", "Pasaraya", "Kedai Buku", "Perniagaan", "Syarikat", "Kedai Runcit", "Klinik", "Farmasi", "Stesen Minyak", "Pusat"];
    private static readonly string[] German = ["Bäckerei", "Gasthaus", "Apotheke", "Baumarkt", "Getränkemarkt", "Metzgerei", "Café", "Restaurant", "Buchhandlung", "Supermarkt", "Elektro", "Tankstelle", "Blumen", "Friseur", "Maschinenbau", "Logistik", "Werkzeugbau", "Software", "Handel", "Reinigung", "Drogerie", "Pizzeria", "Imbiss", "Bau", "Spedition"];
    private static readonly string[] Roman = ["Boulangerie", "Pharmacie", "Brasserie", "Hôtel", "Librairie", "Panadería", "Farmacia", "Restaurante", "Ferretería", "Supermercado", "Ristorante", "Panificio", "Libreria", "Bar", "Trattoria", "Bakkerij", "Apotheek", "Slagerij", "Eetcafé", "Bouwmarkt"];

    /// <summary>The country.</summary>
    public SampleCountry Country => country;

    /// <summary>A word that is none.</summary>
    public string Word() => draws.Pick(Starts) + (draws.Chance(0.25) ? draws.Pick(Ends).ToLowerInvariant() : "") + draws.Pick(Ends);

    /// <summary>A person.</summary>
    public string Person() => draws.Chance(0.15) ? $"{draws.Pick(Last)} {draws.Pick(First)}" : $"{draws.Pick(First)} {draws.Pick(Last)}";

    /// <summary>What a company is called, without what it is in law.</summary>
    public string Trade(bool bank)
    {
        if (bank) return Bank();
        var industry = draws.Pick(Industries);
        var before = country.Language != "en";
        if (country.Code is "MY" or "SG" && draws.Chance(0.25)) (industry, before) = (draws.Pick(Malay), true);
        var name = draws.Between(0, 11) switch
        {
            0 => $"{draws.Pick(Last)} {draws.Pick(Last)}",
            1 => $"{draws.Pick(Last)}'s",
            2 => $"The {draws.Pick(Adjectives)} {draws.Pick(Nouns)}",
            3 => $"{draws.Pick(Adjectives)} {draws.Pick(Nouns)}",
            4 => $"{draws.Pick(Last)} & {draws.Pick(Last)}",
            5 => draws.Fill(draws.Pick("@@@", "@.@.@.", "@@", "@&@", "@@%", "@@@ @@")),
            6 => $"{Word()} {draws.Pick(Nouns)}",
            7 => $"{draws.Pick(Last)} {draws.Pick("Brothers", "Bros", "Hup Seng", "Kee", "Soon Lee", "Heng")}",
            8 => $"{Word()}{draws.Pick("", "", " 24", "-Mart", "Max", " Express", " Plus", ".com")}",
            _ => draws.Chance(0.4) ? $"{Word()} {Word()}" : Word(),
        };
        if (draws.Chance(0.07)) name += $" ({draws.Pick(Word(), $"Taman {Word()}", "M", draws.Pick(country.Towns))})";
        if (draws.Chance(0.2)) return name;
        return before ? $"{industry} {name}" : $"{name} {industry}";
    }

    /// <summary>What a company says of itself.</summary>
    public string Slogan() => Mottos.Of(draws, country, Industries, draws.Pick(Adjectives));

    /// <summary>Who owns it, which is not its name.</summary>
    public string Owner() => draws.Pick($"Inh. {Person()}", $"Inhaber: {Person()}", $"Prop: {Person()}", $"Manager: {Person()}", $"Owned by: {Trade(bank: false)}", $"(Formerly known as {Trade(bank: false)})", $"(Dahulu dikenali sebagai {Trade(bank: false)})", $"(Licensee of {Trade(bank: false)})", $"(Owned by {Trade(bank: false)}, {draws.Fill("#########")})", $"A member of {Word()} Group", $"Franchise of {Word()}", $"Store Mgr {Person()}", $"Geschäftsführer {Person()}");

    /// <summary>What a company is in law; empty for some.</summary>
    public string Suffix() => draws.Pick(country.Suffixes);

    /// <summary>The parts of an address in order, to be set on lines.</summary>
    public List<string> Address()
    {
        List<string> parts = [Filled(draws.Pick(country.Streets))];
        for (var i = draws.Between(0, 2); i > 0 && country.Places.Length > 0; i--) parts.Insert(draws.Chance(country.Code == "MY" ? 0.25 : 0.5) ? 0 : parts.Count, Filled(draws.Pick(country.Places)));
        parts.Add(draws.Fill(Filled(draws.Pick(country.Posts))));
        if (country.Ends.Length > 0 && draws.Chance(0.35)) parts.Add(draws.Pick(country.Ends));
        return [.. parts.Select(draws.Fill)];
    }

    /// <summary>A telephone number.</summary>
    public string Phone() => draws.Fill(draws.Pick(country.Phones));

    /// <summary>A number of the company or its tax, with its word.</summary>
    public string Registration() => draws.Fill(draws.Pick(country.Registrations).Replace("{t}", draws.Pick(country.Towns), StringComparison.Ordinal));

    /// <summary>A national account number as printed.</summary>
    public string Account() => draws.Fill(draws.Pick(country.Accounts));

    /// <summary>An account number of ISO 13616, without blanks; its check digits by ISO 7064 MOD 97-10.</summary>
    public string Iban(string bban)
    {
        var national = draws.Fill(bban);
        var rest = 0;
        foreach (var sign in national + country.Code + "00") rest = char.IsAsciiDigit(sign) ? ((rest * 10) + sign - '0') % 97 : ((rest * 100) + sign - 'A' + 10) % 97;
        return string.Create(CultureInfo.InvariantCulture, $"{country.Code}{98 - rest:00}{national}");
    }

    /// <summary>A web page or a mail address.</summary>
    public string Web() => draws.Pick($"www.{Word().ToLowerInvariant()}.com", $"info@{Word().ToLowerInvariant()}.{country.Code.ToLowerInvariant()}", $"{Word().ToLowerInvariant()}.example", $"http://www.{Word().ToLowerInvariant()}.net/");

    private string[] Industries => country.Language switch { "de" => German, "en" => English, _ => draws.Chance(0.3) ? English : Roman };

    private string Bank() => draws.Between(0, 6) switch
    {
        0 => $"{Word()} Bank",
        1 => country.Language == "de" ? $"Sparkasse {draws.Pick(country.Towns)}" : $"{Word()} Savings Bank",
        2 => country.Language == "de" ? $"Volksbank {Word()}" : $"First {Word()} Credit Union",
        3 => $"Bank of {Word()}",
        4 => $"{draws.Pick(Adjectives)} {draws.Pick(Nouns)} Bank",
        5 => $"{Word()} Building Society",
        _ => $"{draws.Fill("@@@")} Bank",
    };

    private string Filled(string pattern)
    {
        while (pattern.IndexOf("{w}", StringComparison.Ordinal) is >= 0 and var at) pattern = pattern.Remove(at, 3).Insert(at, draws.Chance(0.15) ? $"{Word()} {Word()}" : Word());
        while (pattern.IndexOf("{n}", StringComparison.Ordinal) is >= 0 and var at) pattern = pattern.Remove(at, 3).Insert(at, draws.Between(1, draws.Pick(9, 60, 400, 3_000)).ToString(CultureInfo.InvariantCulture));
        return pattern.Replace("{t}", draws.Pick(country.Towns), StringComparison.Ordinal);
    }
}
