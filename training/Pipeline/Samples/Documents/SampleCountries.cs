namespace Serverless.Training.Samples;

/// <summary>Countries whose papers are generated.</summary>
internal static class SampleCountries
{
    private static readonly string[] Slashed = ["dd/MM/yyyy", "d/M/yyyy", "dd/MM/yy", "dd-MM-yyyy", "dd-MM-yy", "dd MMM yyyy", "d MMMM yyyy", "dd-MMM-yyyy", "dd/MMM/yyyy", "ddMMMyy", "yyyy-MM-dd", "dd.MM.yyyy", "yyyy/MM/dd", "dd MMM yy"];
    private static readonly string[] MonthFirst = ["MM/dd/yyyy", "M/d/yyyy", "MM/dd/yy", "MMM d, yyyy", "MMMM d, yyyy", "yyyy-MM-dd", "MM-dd-yyyy", "MMM dd yyyy", "dd MMM yyyy", "MM-dd-yy"];
    private static readonly string[] Dotted = ["dd.MM.yyyy", "dd.MM.yy", "d. MMMM yyyy", "yyyy-MM-dd", "d.M.yyyy", "dd.MM.yyyy", "dd/MM/yyyy"];
    private static readonly string[] Latin = ["dd/MM/yyyy", "dd/MM/yy", "dd-MM-yyyy", "dd.MM.yyyy", "yyyy-MM-dd", "d/MM/yyyy"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SampleCountry> All { get; } =
    [
        new("MY", "en", "MYR", ["RM", "RM", "RM ", "MYR "], '.', [",", ",", ""], Slashed)
        {
            Streets = ["{n} {w} {w}", "No. {n}, Jalan {w} {n}", "No {n} & {n}, Jalan {w} {n}/{n}", "{n}, Jln {w}", "Lot {n}, Jalan {w} {n}", "{n}-G, Jalan {w} {n}/{n}A", "Lot No. {n}, Lorong {w}", "No.{n}, Persiaran {w}", "Batu {n}, Jalan {w}", "PT {n}, Jalan Besar {w}", "{n}A, Lebuh {w}"],
            Places = ["Taman {w}", "Bandar {w}", "Kampung {w}", "Seksyen {n}", "Taman Perindustrian {w}", "Ground Floor", "Level {n}, {w} Mall", "Kawasan Perindustrian {w}", "Plaza {w}", "Desa {w}", "Pusat Bandar {w}", "Unit G-{n}, {w} Square", "Off Jalan {w}"],
            Posts = ["##### {t}", "##### {t}", "#####, {t}", "#####{t}"],
            Towns = ["Johor Bahru", "Kuala Lumpur", "Petaling Jaya", "Shah Alam", "Ipoh", "Klang", "Seremban", "Georgetown", "Kajang", "Puchong", "Batu Pahat", "Kuching", "Melaka", "Subang Jaya", "Sungai Petani", "Rawang"],
            Ends = ["Johor", "Selangor", "Perak", "W.P. Kuala Lumpur", "Selangor Darul Ehsan", "Malaysia", "Penang", "Johor, Malaysia", "Sarawak", "Negeri Sembilan", "Kedah", "Pahang", "Johor Darul Takzim", "Wilayah Persekutuan"],
            Suffixes = ["Sdn Bhd", "Sdn. Bhd.", "Sdn Bhd", "SDN.BHD.", "Enterprise", "Trading", "Bhd", "(M) Sdn Bhd", "Holdings Sdn Bhd"],
            Phones = ["0%-#######", "0%-#### ####", "+60%-### ####", "03-########", "01%-### ####", "0%#-######"],
            Registrations = ["(######-@)", "Co. Reg No: ######-@", "(Co. Reg : ######-@)", "Company No. ######-@", "GST ID: 00##########", "GST Reg No : 00##########", "(GST ID NO : 00##########)", "Reg. No. ############", "SST No: @##-####-########", "ROC NO. ######-@", "######-@"],
            Taxes = ["GST", "SST", "Service Tax", "GST"], Rates = [6m, 6m, 10m, 8m], Accounts = ["%###########", "%####-#####-#", "%############"], Rounds = true,
        },
        new("SG", "en", "SGD", ["$", "S$", "SGD ", "$ "], '.', [",", ""], Slashed)
        {
            Streets = ["{n} {w} {w}", "Blk {n} {w} {w} Ave {n} ~0%-####", "{n} {w} Road", "Blk {n} {w} Avenue {n} ~0%-##", "{n} {w} Street {n}, ~0%-##", "{n} {w} Crescent", "{n} Upper {w} Road ~B1-##", "Block {n}, {w} Drive", "{n} {w} Link ~0%-##/##"],
            Places = ["{w} Building", "{w} Point", "{w} Shopping Centre", "~0%-##", "{w} Industrial Park", "Level {n}"],
            Posts = ["Singapore ######", "Singapore (######)", "S(######)", "S######", "SINGAPORE ######"],
            Towns = ["Singapore"], Suffixes = ["Pte Ltd", "Pte. Ltd.", "Private Limited", "LLP", "(S) Pte Ltd"],
            Phones = ["6### ####", "(65) 6### ####", "+65 6### ####", "9### ####", "6#######"],
            Registrations = ["GST Reg No: M9-#######-#", "UEN: 20#######@", "Co. Reg. No.: 20#######@", "GST REG NO. 20#######@", "Reg No 20#######@"],
            Taxes = ["GST", "GST", "Service Charge"], Rates = [7m, 8m, 9m], Accounts = ["###-#####-#", "###-######-###", "##########"], Rounds = true,
        },
        new("US", "en", "USD", ["$", "$", "US$", "$ "], '.', [",", ",", ""], MonthFirst)
        {
            Streets = ["{n} {w}", "{n} US Hwy {n}", "{n} NW {w} Dr", "{n} {w} Pike", "{n} {w} St", "{n} {w} Street", "{n} N {w} Ave", "{n} West {w} Blvd", "{n} {w} Road", "{n} S. {w} Drive", "{n} {w} Ln", "{n} {w} Parkway", "{n} E {n}th St", "PO Box {n}", "{n} State Highway {n}", "{n} {w} Way"],
            Places = ["Suite {n}", "Ste {n}", "Unit {n}", "Floor {n}", "{w} Plaza", "{w} Center"],
            Posts = ["{t} #####", "{t}, #####-####", "{t} #####"],
            Towns = ["Austin, TX", "Portland, OR", "Columbus, OH", "Denver, CO", "Tampa, FL", "Boise, ID", "Raleigh, NC", "San Diego, CA", "Brooklyn, NY", "Madison, WI", "Nashville TN", "Tucson AZ", "Albany NY"],
            Ends = ["USA", "United States"],
            Suffixes = ["Inc", "Inc.", "LLC", "Corp.", "Co.", "Corporation", "& Co", "L.L.C.", "Company"],
            Phones = ["(%##) ###-####", "%##-###-####", "1-8##-###-####", "%##.###.####", "(%##)###-####"],
            Registrations = ["EIN ##-#######", "Store #####", "Store: #### Reg: ##", "ST# ##### OP# #####", "Tax ID ##-#######", "License # ######"],
            Taxes = ["Tax", "Sales Tax", "TAX", "State Tax"], Rates = [8.25m, 6m, 7.5m, 8.875m, 5m], Accounts = ["##########", "############", "#########", "####-######"],
        },
        new("GB", "en", "GBP", ["£", "£", "GBP ", "£ "], '.', [",", ""], Slashed)
        {
            Streets = ["{n} {w}", "The {w}, {w} Hill", "{n} {w} Street", "{n} {w} Road", "{n}-{n} High Street", "{n} {w} Lane", "{n} {w} Close", "{w} House, {n} {w} Way", "Unit {n}, {w} Estate", "{n} Market Place", "{n} {w} Gardens"],
            Places = ["{w} Retail Park", "{w} Business Park", "{w} Shopping Centre", "Floor {n}", "{w} House"],
            Posts = ["{t} @@% #@@", "{t}, @% #@@", "{t} @@## #@@", "{t} @@% #@@"],
            Towns = ["Leeds", "Bristol", "Norwich", "London", "Sheffield", "York", "Cardiff", "Glasgow", "Reading", "Exeter", "Bath", "Derby"],
            Ends = ["United Kingdom", "UK", "West Yorkshire", "Kent", "England"],
            Suffixes = ["Ltd", "Limited", "PLC", "plc", "LLP", "Ltd.", "& Sons", "& Sons Ltd"],
            Phones = ["01### ######", "020 #### ####", "+44 1### ######", "0%## ### ####", "07### ######"],
            Registrations = ["VAT No. ### #### ##", "VAT Reg No: GB#########", "Company No. 0#######", "Registered in England No. #######", "VAT: #########"],
            Taxes = ["VAT", "VAT @ 20%", "V.A.T."], Rates = [20m, 5m], Accounts = ["########"], Bban = "@@@@##############",
        },
        new("DE", "de", "EUR", ["€", "EUR", "EUR ", " €", " EUR"], ',', [".", ".", "", " "], Dotted)
        {
            Streets = ["{w} {n}", "Am {w} {n}", "{w}straße {n}", "{w}str. {n}", "{w}weg {n}", "Am {w}platz {n}", "{w}allee {n}-{n}", "Alte {w}gasse {n}", "An der {w} {n}", "{w}ring {n}a", "Postfach {n}", "Hauptstr. {n}", "Bahnhofstraße {n}", "Im {w} {n}"],
            Places = ["Haus {n}", "Gewerbepark {w}", "{w}-Center", "{n}. OG"],
            Posts = ["##### {t}", "##### {t}", "D-##### {t}"],
            Towns = ["Berlin", "Köln", "München", "Würzburg", "Kassel", "Lübeck", "Ulm", "Erfurt", "Münster", "Göttingen", "Bad Homburg", "Freiburg im Breisgau", "Regensburg"],
            Ends = ["Deutschland", "Germany"],
            Suffixes = ["GmbH", "AG", "KG", "GmbH & Co. KG", "e.K.", "OHG", "UG", "eG", "mbH", "e. K."],
            Phones = ["0%## / ######", "0%##/#######", "+49 %## ######", "0%##-######", "(0%##) #### ##"],
            Registrations = ["USt-IdNr.: DE#########", "St.-Nr. ##/###/#####", "Steuernummer: ###/####/####", "HRB #####", "UID Nr.: DE#########", "Steuer-Nr.: ## ### #####"],
            Taxes = ["MwSt", "MwSt.", "USt", "MWST", "Umsatzsteuer"], Rates = [19m, 7m], Accounts = ["##########", "#######", "### ### ###"], Bban = "##################",
        },
        new("AT", "de", "EUR", ["€", "EUR", "€ "], ',', [".", " "], Dotted)
        {
            Streets = ["{w} {n}", "{w}gasse {n}", "{w}straße {n}/{n}", "{w}ring {n}", "{w}platz {n}", "Untere {w}gasse {n}", "Linke {w}zeile {n}"],
            Places = ["Top {n}", "Stiege {n}", "{w}hof"],
            Posts = ["1##0 {t}", "A-#### {t}", "%### {t}"], Towns = ["Wien", "Graz", "Linz", "Salzburg", "Innsbruck", "Villach", "Wels"],
            Ends = ["Österreich", "Austria"], Suffixes = ["GmbH", "Ges.m.b.H.", "AG", "KG", "e.U.", "OG"],
            Phones = ["0%##/######", "+43 %## ######", "01/### ## ##"], Registrations = ["ATU########", "UID: ATU########", "FN ######@", "UID-Nr. ATU########"],
            Taxes = ["MwSt", "USt", "MwSt."], Rates = [20m, 10m], Accounts = ["###########"], Bban = "################",
        },
        new("CH", "de", "CHF", ["CHF", "CHF ", "Fr. "], '.', ["'", "'", ""], Dotted)
        {
            Streets = ["{w} {n}", "Im {w} {n}", "{w}strasse {n}", "{w}weg {n}", "{w}gasse {n}", "{w}platz {n}", "Obere {w}strasse {n}"],
            Places = ["Einkaufszentrum {w}", "Postfach", "{w} Center"], Posts = ["%### {t}", "CH-%### {t}"], Towns = ["Zürich", "Bern", "Basel", "Winterthur", "Luzern", "St. Gallen", "Chur", "Thun"], Ends = ["Schweiz", "Switzerland"],
            Suffixes = ["AG", "GmbH", "SA", "& Cie", "Genossenschaft"], Phones = ["0%# ### ## ##", "+41 %# ### ## ##"], Registrations = ["CHE-###.###.### MWST", "MWST-Nr. CHE-###.###.###", "UID CHE-###.###.###"],
            Taxes = ["MWST", "MwSt"], Rates = [7.7m, 8.1m, 2.5m], Accounts = ["##-######-#", "###-######.##@"], Bban = "#################", Rounds = true,
        },
        new("AU", "en", "AUD", ["$", "$", "AUD ", "A$"], '.', [",", ""], Slashed)
        {
            Streets = ["{n} {w} Esplanade", "{n} {w}", "{n} {w} Street", "{n} {w} Rd", "Shop {n}, {n} {w} Parade", "{n}/{n} {w} Avenue", "{n} {w} Hwy", "Cnr {w} & {w} Sts"],
            Places = ["{w} Plaza", "Shop {n}", "Level {n}", "{w} Shopping Village"],
            Posts = ["{t} %###", "{t}, %###"], Towns = ["Sydney NSW", "Melbourne VIC", "Perth WA", "Brisbane QLD", "Hobart TAS", "Geelong Vic", "Cairns QLD"], Ends = ["Australia"],
            Suffixes = ["Pty Ltd", "Pty. Ltd.", "Pty Limited", "Ltd"], Phones = ["(0%) #### ####", "04## ### ###", "1300 ### ###", "0% ########"], Registrations = ["ABN ## ### ### ###", "ABN: ##-###-###-###", "A.B.N. ###########", "ACN ### ### ###"],
            Taxes = ["GST", "GST included", "Incl GST"], Rates = [10m], Accounts = ["#### #####", "########", "######"], Rounds = true,
        },
        new("IN", "en", "INR", ["Rs.", "Rs ", "INR ", "₹"], '.', [",", ""], Slashed)
        {
            Streets = ["{n}, {w} {w} Main", "Shop No. {n}, {w} Marg", "{n}, {w} Road", "Plot {n}, Sector {n}", "{n}/{n} {w} Nagar", "No {n}, {n}th Cross, {w} Layout", "H.No. {n}-{n}, {w} Street"],
            Places = ["{w} Complex", "Near {w} Temple", "{w} Nagar", "Opp. {w} Station"], Posts = ["{t} - ######", "{t} ######", "{t}-######"], Towns = ["Pune", "Bengaluru", "Chennai", "Jaipur", "Kochi", "Hyderabad", "Nagpur"], Ends = ["Maharashtra", "India", "Karnataka", "Tamil Nadu", "Kerala"],
            Suffixes = ["Pvt Ltd", "Pvt. Ltd.", "Private Limited", "& Sons", "Traders", "LLP"], Phones = ["+91 9#########", "0##-########", "98########"], Registrations = ["GSTIN: ##@@@@@####@#Z#", "GSTIN ##@@@@@####@#Z#", "FSSAI No ##############", "CIN: U#####@@####PTC######"],
            Taxes = ["CGST", "SGST", "IGST", "GST"], Rates = [5m, 12m, 18m, 9m], Accounts = ["###########", "##############"], Rounds = true,
        },
        new("IE", "en", "EUR", ["€", "€", "EUR "], '.', [",", ""], Slashed)
        {
            Streets = ["{n} {w}", "{w} Cross", "{n} {w} Street", "{n} Upper {w} Road", "Unit {n} {w} Business Park", "{n} {w} Quay", "Main Street"], Places = ["{w} Shopping Centre", "Unit {n}", "{w} Retail Park"], Posts = ["{t} @## ****", "{t} {n}", "{t}"], Towns = ["Dublin", "Cork", "Galway", "Limerick", "Sligo", "Waterford"], Ends = ["Ireland", "Co. Cork", "Co. Galway"],
            Suffixes = ["Ltd", "DAC", "Limited", "plc", "Teo"], Phones = ["01 ### ####", "0%# ### ####", "+353 1 #######"], Registrations = ["VAT No. IE#######@@", "VAT IE #######@", "CRO ######"], Taxes = ["VAT"], Rates = [23m, 13.5m], Accounts = ["########"], Bban = "@@@@##############",
        },
        new("NL", "nl", "EUR", ["€", "€ ", "EUR "], ',', [".", ""], Latin)
        {
            Streets = ["{w}dijk {n}", "{w}gracht {n}", "{w} {n}", "{w}straat {n}", "{w}laan {n}", "{w}weg {n}-{n}", "{w}plein {n}", "{w}kade {n}"], Places = ["Winkelcentrum {w}", "Unit {n}", "{w} Business Park"], Posts = ["%### @@ {t}", "%###@@ {t}"], Towns = ["Utrecht", "Rotterdam", "Groningen", "Breda", "Zwolle", "Delft"], Ends = ["Nederland"],
            Suffixes = ["B.V.", "BV", "N.V.", "V.O.F."], Phones = ["0%#-#######", "+31 %# ### ####"], Registrations = ["KvK ########", "BTW NL#########B##"], Taxes = ["BTW", "BTW 21%"], Rates = [21m, 9m], Accounts = ["##########"], Bban = "@@@@##########",
        },
        new("FR", "fr", "EUR", ["€", " €", "EUR", " EUR"], ',', [" ", "", " "], Latin)
        {
            Streets = ["{n} chemin de {w}", "{n} quai {w}", "Hameau {w}, route de {w}", "{n} {w}", "{n} rue {w}", "{n}, rue de la {w}", "{n} avenue {w}", "{n} bd {w}", "Place {w}", "{n} bis rue du {w}", "Z.A. {w}"], Places = ["ZAC {w}", "Centre commercial {w}", "ZAC des {w}", "Bât. {w}", "Z.I. {w}"], Posts = ["##### {t}", "F-##### {t}"], Towns = ["Lyon", "Nantes", "Lille", "Rennes", "Dijon", "Tours", "Paris"], Ends = ["France"],
            Suffixes = ["SARL", "SAS", "S.A.", "EURL", "SA"], Phones = ["0% ## ## ## ##", "+33 % ## ## ## ##", "0%.##.##.##.##"], Registrations = ["SIRET ### ### ### #####", "TVA FR###########", "RCS {t} ### ### ###", "SIREN: #########"], Taxes = ["TVA", "TVA 20%"], Rates = [20m, 10m, 5.5m], Accounts = ["###########"], Bban = "#######################",
        },
        new("ES", "es", "EUR", ["€", " €", "EUR"], ',', [".", ""], Latin)
        {
            Streets = ["Ronda {w} {n}", "{w} {n}", "C/ {w}, {n}", "Calle {w} {n}", "Avda. de {w} {n}", "Plaza {w} {n}", "Pol. Ind. {w}, {n}", "Paseo {w}, {n}"], Places = ["Centro Comercial {w}", "Local {n}", "Bajo {n}"], Posts = ["##### {t}", "##### - {t}"], Towns = ["Sevilla", "Bilbao", "Zaragoza", "Madrid", "Murcia", "Burgos"], Ends = ["España"],
            Suffixes = ["S.L.", "S.A.", "SL", "S.L.U.", "S. Coop."], Phones = ["9## ### ###", "+34 9## ## ## ##"], Registrations = ["CIF: B########", "NIF B-########", "C.I.F. A########"], Taxes = ["IVA", "I.V.A."], Rates = [21m, 10m], Accounts = ["##########"], Bban = "####################",
        },
        new("IT", "it", "EUR", ["€", "€ ", "EUR "], ',', [".", ""], Latin)
        {
            Streets = ["{w} dei {w} {n}", "Largo {w} {n}", "Strada {w}, {n}", "Via {w}, {n}", "Via {w} {n}", "Piazza {w} {n}", "Corso {w}, {n}", "Viale {w} {n}", "V.le {w} {n}"], Places = ["Centro Commerciale {w}", "Zona Industriale {w}", "Interno {n}"], Posts = ["##### {t} (@@)", "##### {t}", "##### - {t}"], Towns = ["Torino", "Bologna", "Verona", "Milano", "Parma", "Bari"], Ends = ["Italia"],
            Suffixes = ["S.r.l.", "SRL", "S.p.A.", "s.n.c.", "S.a.s."], Phones = ["0## #######", "+39 0## ######", "0##/######"], Registrations = ["P.IVA ###########", "P. IVA: ###########", "Part. IVA ###########"], Taxes = ["IVA", "di cui IVA"], Rates = [22m, 10m], Accounts = ["############"], Bban = "@######################",
        },
    ];
}
