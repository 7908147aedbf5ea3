using System.Text.RegularExpressions;

namespace Serverless.Serving.Documents;

/// <summary>What a line looks like, by itself.</summary>
[Flags]
internal enum LineSign : long
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It ends as companies' names do in law.</summary>
    LegalForm = 1,

    /// <summary>It has a word of a trade.</summary>
    Trade = 1 << 1,

    /// <summary>It has a word for a street, a quarter or a part of a building.</summary>
    Street = 1 << 2,

    /// <summary>It has what may be a postcode.</summary>
    Postcode = 1 << 3,

    /// <summary>It begins with the number of a house, or a word for it.</summary>
    HouseNumber = 1 << 4,

    /// <summary>It has a comma.</summary>
    Comma = 1 << 5,

    /// <summary>It ends with a comma.</summary>
    EndsWithComma = 1 << 6,

    /// <summary>It has a telephone number or its word.</summary>
    Phone = 1 << 7,

    /// <summary>It has a mail or web address.</summary>
    Web = 1 << 8,

    /// <summary>It has a number of a company or its tax.</summary>
    Registration = 1 << 9,

    /// <summary>It has a date.</summary>
    Date = 1 << 10,

    /// <summary>It has a time.</summary>
    Time = 1 << 11,

    /// <summary>It has an amount.</summary>
    Amount = 1 << 12,

    /// <summary>It is a title.</summary>
    Title = 1 << 13,

    /// <summary>A label with a colon.</summary>
    Label = 1 << 14,

    /// <summary>It is all in capitals.</summary>
    Capitals = 1 << 15,

    /// <summary>It has no small or large letters.</summary>
    NoLetters = 1 << 16,

    /// <summary>Half or more of it are digits.</summary>
    Digits = 1 << 17,

    /// <summary>It has a digit.</summary>
    Digit = 1 << 18,

    /// <summary>It is one word.</summary>
    OneWord = 1 << 19,

    /// <summary>It has six words or more.</summary>
    ManyWords = 1 << 20,

    /// <summary>It has words of thanks and conditions.</summary>
    Thanks = 1 << 21,

    /// <summary>It has words of goods, sums or payment.</summary>
    Trading = 1 << 22,

    /// <summary>It names a customer or an employee.</summary>
    Person = 1 << 23,

    /// <summary>It names a country, or a region in the way of some.</summary>
    Region = 1 << 24,

    /// <summary>It begins with a small letter.</summary>
    Small = 1 << 25,

    /// <summary>It ends in brackets with a number in them.</summary>
    Brackets = 1 << 26,

    /// <summary>It says that it is an address.</summary>
    AddressWord = 1 << 27,

    /// <summary>It has words of accounts and numbers of papers.</summary>
    Reference = 1 << 28,

    /// <summary>It is words with a number behind them, as streets are written on the continent; no year.</summary>
    NumberBehind = 1 << 29,

    /// <summary>It begins with a postcode, as the lines do that towns stand in on the continent.</summary>
    PostcodeFirst = 1 << 30,

    /// <summary>It names a branch, or is words in brackets.</summary>
    Branch = 1L << 31,

    /// <summary>It names an owner, a manager, or what the company belongs to or was called.</summary>
    Owner = 1L << 32,

    /// <summary>It reads as mottos do: two trades or more, or words that sentences have and names have not, and no digit.</summary>
    Motto = 1L << 33,

    /// <summary>It is what a company is in law and nothing else: the end of a name above.</summary>
    FormAlone = 1L << 34,
}

/// <summary>The signs of a line.</summary>
internal sealed partial record LineSigns(LineSign Signs)
{
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    /// <summary>All signs.</summary>
    public static IReadOnlyList<LineSign> Kinds { get; } = [.. Enum.GetValues<LineSign>().Where(s => s != LineSign.None)];

    /// <summary>Whether the line has it.</summary>
    public bool Has(LineSign sign) => (Signs & sign) != 0;

    /// <summary>Looks at a line.</summary>
    public static LineSigns Of(PageLine line)
    {
        var text = line.Text;
        var (letters, capitals, digits) = (text.Count(char.IsLetter), text.Count(char.IsUpper), text.Count(char.IsAsciiDigit));
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        var signs = LineSign.None;
        void Set(bool has, LineSign sign) => signs |= has ? sign : 0;
        Set(LegalForm().IsMatch(text), LineSign.LegalForm);
        var bare = Bracketed().Replace(text, "");
        Set(LegalForm().IsMatch(bare) && !LegalForm().Replace(bare, "").Any(char.IsLetter), LineSign.FormAlone);
        Set(Trade().IsMatch(text), LineSign.Trade);
        Set(Street().IsMatch(text) || GluedStreet().IsMatch(text), LineSign.Street);
        var postcode = Postcode().Match(text);
        Set(postcode.Success, LineSign.Postcode);
        Set(postcode.Success && !text.AsSpan(0, postcode.Index).ContainsAnyExcept(" -.FDACHI".AsSpan()), LineSign.PostcodeFirst); // with the country's letters or without
        Set(House().IsMatch(text), LineSign.HouseNumber);
        Set(Behind().IsMatch(text), LineSign.NumberBehind);
        Set(text.Contains(',', StringComparison.Ordinal), LineSign.Comma);
        Set(text.TrimEnd().EndsWith(','), LineSign.EndsWithComma);
        Set(PhoneNumber().IsMatch(text), LineSign.Phone);
        Set(Web().IsMatch(text), LineSign.Web);
        Set(AnyDate().IsMatch(line.Digits), LineSign.Date);
        Set(Time().IsMatch(text), LineSign.Time);
        Set(Amount().IsMatch(line.Digits), LineSign.Amount);
        Set(LabelForm().IsMatch(text), LineSign.Label);
        Set(letters >= 3 && capitals > 0.85 * letters, LineSign.Capitals);
        Set(letters == 0, LineSign.NoLetters);
        Set(digits * 2 >= letters + digits && digits > 2, LineSign.Digits);
        Set(digits > 0, LineSign.Digit);
        Set(words == 1, LineSign.OneWord);
        Set(words >= 6, LineSign.ManyWords);
        Set(Region().IsMatch(text), LineSign.Region);
        Set(text.Length > 0 && char.IsLower(text[0]), LineSign.Small);
        Set(Brackets().IsMatch(text), LineSign.Brackets);
        Set(Branch().IsMatch(text), LineSign.Branch);
        Set(Owner().IsMatch(text), LineSign.Owner);
        Set(digits == 0 && (Sentence().IsMatch(text) || Quoted().IsMatch(text) || Trades(text) >= 2), LineSign.Motto);
        Set(Copy().IsMatch(text), LineSign.Title);
        foreach (var hit in line.Hits) signs |= Said(hit.Keyword);
        return new(signs);
    }

    /// <summary>Where the first form of law behind a name ends in a text, with those right behind it.</summary>
    public static int? FormEnd(string text, int start)
    {
        int? end = null;
        for (var form = LegalForm().Match(text, start); form.Success; form = form.NextMatch())
        {
            var between = text.AsSpan(end ?? start, form.Index - (end ?? start));
            if (end is null && between.Trim(" .,&\"'(").IsEmpty) continue; // it begins the name
            if (end is not null && !between.Trim(" .,&").IsEmpty) break;
            end = form.Index + form.Length;
        }

        return end;
    }

    private static int Trades(string text) => Separators().Split(text).Count(part => Trade().IsMatch(part));

    private static LineSign Said(Keyword keyword) => keyword switch
    {
        Keyword.Phone => LineSign.Phone,
        Keyword.Web => LineSign.Web,
        Keyword.Registration => LineSign.Registration,
        Keyword.ReceiptTitle or Keyword.PayslipTitle or Keyword.StatementTitle or Keyword.IdentityTitle or Keyword.FormTitle => LineSign.Title,
        Keyword.Thanks => LineSign.Thanks,
        Keyword.Date or Keyword.PayDate or Keyword.StatementDate or Keyword.Birth or Keyword.Due or Keyword.Printed or Keyword.Entry => LineSign.Date,
        Keyword.Customer or Keyword.Employee or Keyword.Clerk => LineSign.Person,
        Keyword.Address => LineSign.AddressWord,
        Keyword.Account or Keyword.Iban or Keyword.BankCode or Keyword.Number or Keyword.Period => LineSign.Reference,
        Keyword.GrandTotal or Keyword.Total or Keyword.NetPay or Keyword.Gross or Keyword.Deductions or Keyword.Subtotal or Keyword.Tax or Keyword.Rounding or Keyword.Rounded or Keyword.Cash or Keyword.Change
            or Keyword.Card or Keyword.Discount or Keyword.Quantity or Keyword.Price or Keyword.Amount or Keyword.Item or Keyword.Wage or Keyword.Transaction or Keyword.ClosingBalance or Keyword.OpeningBalance => LineSign.Trading,
        _ => LineSign.None,
    };

    [GeneratedRegex(@"(?<![a-z])(sdn\.?\s*\.?bh?d|bhd|s\/b|pte\.?\s?ltd|pty\.?\s?(ltd|limited)|pvt\.?\s?ltd|private limited|ltd|limited|l\.?l\.?c|llp|inc|corp|corporation|company|co\.|& co|plc|gmbh|mbh|ges\.m\.b\.h|ag|kg|kgaa|ohg|ug|e\.\s?k|e\.u|eg|(?<!\d\.?\s?)og|sarl|sas|s\.?a|eurl|s\.?l|s\.l\.u|s\.?r\.?l|s\.p\.a|spa|s\.n\.c|s\.a\.s|b\.?v|n\.v|v\.o\.f|dac|teo|enterprise|enterprises|trading|holdings|& sons|traders|genossenschaft|& cie|berhad|group|oy|ab|a\/s)\.?(?![a-z])|sdnbhd|gmbh", Options)]
    private static partial Regex LegalForm();

    [GeneratedRegex(@"restauran|caf[eé]|baker|bakker|bäcker|backer|slager|panific|bouw|getr[aä]nk|reinigung|mart(?![a-z])|market|markt|hardware|station|pharmac|farmac|apothe|store|shop|trading|enterprise|motor|seafood|kopitiam|book|buch|gift|deco|electr|elektr|kitchen|grill|bistro|cent(re|er)|fashion|marketing|machin|petrol|service|food|pizz|coffee|optic|clinic|klinik|auto|print|furniture|noodle|laundry|hotel|h[oô]tel|parking|logisti|engineer|maschinen|industr|system|consult|retail|solution|diy|restoran|kedai|pasaraya|perniagaan|syarikat|stesen|gasthaus|metzger|handel|bau(?![a-z])|tankstelle|blumen|friseur|software|drogerie|imbiss|spedition|boulanger|brasserie|librer|librair|panader|ferreter|supermer|ristorante|trattoria|bar(?![a-z])|bank|sparkasse|union|savings|society|kredit|credit|supply|supplies|mini|hyper|super|bros|brothers|international|global|food|beverage|eatery|house|deli|salon|spa(?![a-z])|gallery|studio|school|university|medical|dental|hospital|werk", Options)]
    private static partial Regex Trade();

    [GeneratedRegex(@"(?<![a-z])(jalan|jln|lorong|lebuh|persiaran|taman|tmn|kampung|kg\.|bandar|seksyen|desa|pusat|plaza|kawasan|batu|street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|parkway|pkwy|way|hwy|highway|close|crescent|court|square|sq|place|pl|terrace|gardens|parade|quay|link|walk|row|mall|building|bldg|tower|floor|level|unit|suite|ste|block|blk|lot|shop|ground|po box|p\.o|postfach|estate|park|industrial|retail|rue|avda|avenida|calle|c\/|paseo|place|bd|via|viale|v\.le|piazza|corso|an der|alte|haus|top|stiege|marg|nagar|sector|plot|layout|cross|opp|near|cnr|main street|house|complex|point|shopping|cent(re|er)|village|z\.a|hameau|zac|z\.i|local\s\d+|centro|winkelcentrum|einkaufszentrum|b[aâ]t|quai|route|chemin|pol\.|largo|strada|pike|station|temple|off\s(jalan|jln)|tingkat|esplanade|galeria|mukim|pekan|km|flr|jl|wisma|menara|bangunan|medan|lebuhraya|seri|no\.?\s?\d{1,4}(?!\d))(?![a-z])", Options)]
    private static partial Regex Street();

    [GeneratedRegex(@"((?<![a-z0-9])(am|im)\s\w+\s\d|stra(ß|ss|b)e|str\.|gasse|weg|allee|platz|(?<!enginee|cate|manufactu|sp|st|b)ring(?![a-z])|zeile|hof(?![a-z])|straat|laan|plein|kade|damm|ufer(?![a-z])|jalan|taman|jln|street|avenue|road|lorong|dijk|gracht|park(?![a-z])|center(?![a-z])|\d\.\s?(OG|UG|EG|Etage|Stock|étage)(?![a-z])|persiaran|bandar|perindustrian|boulevard|highway|parkway|crescent|industrial|building|plaza|kampung|seksyen|floor)", Options)]
    private static partial Regex GluedStreet();

    [GeneratedRegex(@"(?<![\d./#-])(\d{5,6}(?![\d/]|[.,]\d|-\d|-?[A-Za-z](?![A-Za-z]))|\d{5}-\d{4}(?![\d-]))|(?<=[A-Za-z]{4}-)\d{6}(?!\d)|(?<![A-Za-z])(CH|A|AT|D|DE|F|FR|NL|B|BE|L|I|IT|DK)-\d{4,5}(?!\d)\s*[A-Z]|(?<![A-Z])[A-Z]{1,2}\d{1,2}[A-Z]?\s?\d[A-Z]{2}(?![A-Za-z])|(?<![\d./-])[1-9]\d{3}(\s?[A-Z]{2})?\s+[A-Z][a-zA-Z]+|(?<![A-Za-z])(NSW|VIC|QLD|TAS|WA|SA|ACT|NT|Vic|ON|QC|BC)[\s,]+\d{4}|S\s?\(?\d{6}|(?<![A-Za-z])[A-Z]\d\d\s?[A-Z0-9]{4}(?![A-Za-z0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Postcode();

    [GeneratedRegex(@"^\W*((no|lot|blk|block|unit|plot|shop|level|h\.no|pt|#)\.?\s?\.?:?\s?[a-z]{0,2}-?\d|\d{1,5}[a-z]?([-/&,]\s?\d+[a-z]?)*[\s,.]+[a-z])", Options)]
    private static partial Regex House();

    [GeneratedRegex(@"^\W*\p{L}[\p{L}.'-]+(\s[\p{L}.'-]+){0,5}[\s,]+(?!(19|20)\d\d\W*$)\d{1,4}(\s?[a-z]|\s?[/-]\s?\d{1,3}[a-z]?|/[A-Z])?\W*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Behind();

    [GeneratedRegex(@"((?<![A-Za-z])[TF]\s?:\s?\+?\(?\d{2,}|\+\d{1,3}[\s-]?\(?\d|(?<![\d#])(?!0\d{4}-\d{4}(?!\d))\(?0\d{1,4}\)?[\s/-]{1,3}\d{3,}|(?<!\d)\(?\d{3}\)?[-.\s]\d{3}[-.]\d{4}(?!\d))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex PhoneNumber();

    [GeneratedRegex(@"@|www|http|\.(com|net|org|example|de|my|sg|uk|at|ch|fr|it|es|nl|au|in|ie|us)(?![a-z])", Options)]
    private static partial Regex Web();

    [GeneratedRegex(@"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}[\s-]?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez)[a-z]*[\s.-]?\d{2,4}", Options)]
    private static partial Regex AnyDate();

    [GeneratedRegex(@"\d{1,2}:\d\d|\d\s?(am|pm|hrs|uhr|hours?)(?![a-z])|(?<![a-z])hours?(?![a-z])", Options)]
    private static partial Regex Time();

    [GeneratedRegex(@"(?<!\d\.\d?)\d[.,]\d\d(?!\d|[./]\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Amount();

    [GeneratedRegex(@"^[^:]{2,22}:\s?\S|:$", RegexOptions.CultureInvariant)]
    private static partial Regex LabelForm();

    [GeneratedRegex(@"malaysia|singapore|germany|deutschland|austria|österreich|schweiz|switzerland|australia|ireland|united kingdom|england|scotland|united states|españa|nederland|indonesia|thailand|hong kong|new zealand|darul|selangor|pulau pinang|pahang|kelantan|terengganu|melaka|sembilan|sarawak|wilayah|persekutuan|maharashtra|karnataka|tamil nadu|gujarat|telangana|haryana|rajasthan|(?<![A-Za-z])(usa|wales|india|france|italia|canada|uk|w\.?\s?p\.?|johor|perak|penang|kedah|perlis|sabah|kerala|punjab|west bengal|(uttar|madhya|andhra) pradesh)(?![a-z])|,\s?[A-Z]{2}[.,]?\s+\d{5}", Options)]
    private static partial Regex Region();

    [GeneratedRegex(@"(?<![a-z])(branch|outlet|filiale|cawangan|sucursal|succursale)|(branch|outlet|filiale)(?![a-z])|^\W*\([^()\d]*\)\W*$", Options)]
    private static partial Regex Branch();

    [GeneratedRegex(@"(?<![a-z])((owned|operated|managed|run)\s?by|formerly|dahulu|dikenali|inh\.|inhaber|prop(rietor)?[.:\s]|manager|mgr|franchise|licen[cs]ee|(member|part|division|brand) of|gesch[aä]ftsf[uü]hrer)", Options)]
    private static partial Regex Owner();

    [GeneratedRegex(@"(?<![a-z])(your|you|we|our|for|more|every(day|one|thing)?|with|best|better|good|great|fresh|since|quality|always|only|simply|because|where|dealers?|sp[eé]ciali[sz]te?|suppliers?|importers?|retailers?|stockists?|manufacturers?|f[uü]rs?|und|auf|aus|mit|ihre?|mehr|immer|jeden|seit|pengedar|pembekal|dan|untuk|anda|kita|kami|setiap|pour|votre|vous|nous|notre|nos|tout|chez|para|siempre|per|nostr[aoi]|voor|elke|altijd)(?![a-z])", Options)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"^\s*[""“„'‘«][^""“”„]*[""”“'’»]+\W*$", Options)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\W*((customer|merchant|client)s?\s)?(copy|duplicat[ae]?|kopie|copia|copie|salinan|reprint)\W*$", Options)]
    private static partial Regex Copy();

    [GeneratedRegex(@"\s[-&|·:.]\s|[,:·|]\s?", Options)]
    private static partial Regex Separators();

    [GeneratedRegex(@"\([^()]*\)?", RegexOptions.CultureInvariant)]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"\([^()]*\d[^()]*\)?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Brackets();
}
