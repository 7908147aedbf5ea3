using System.Text.RegularExpressions;

namespace Serverless.Training.Credit;

/// <summary>What a column's name tells, whatever its spelling: <c>maritalStatus</c>, <c>MARITAL_STATUS</c> and <c>marital-status</c> are the same.</summary>
internal static partial class ColumnName
{
    private static readonly string[] Protected =
    [
        "sex", "sexual", "gender", "male", "female", "race", "racial", "ethnic", "ethnicity", "religion", "religious", "marital",
        "maritalstatus", "marriage", "married", "nationality", "nationalorigin", "citizenship", "foreigner", "foreignworker", "immigrant",
        "disability", "disabled", "handicap", "pregnant", "pregnancy", "birth", "birthday", "birthdate", "birthyear", "dateofbirth", "dob",
    ];

    private static readonly string[][] ProtectedPairs =
    [
        ["family", "status"], ["civil", "status"], ["personal", "status"], ["national", "origin"], ["native", "country"], ["skin", "color"], ["skin", "colour"],
    ];

    /// <summary>Things that have an age; theirs is not the applicant's.</summary>
    private static readonly string[] Aged =
    [
        "account", "accounts", "acct", "bureau", "building", "business", "car", "collateral", "company", "credit", "employment", "file", "firm", "home",
        "house", "job", "line", "loan", "loans", "newest", "oldest", "property", "relationship", "trade", "tradeline", "tradelines", "vehicle",
    ];

    private static readonly string[] ForeignMoney = ["account", "amount", "balance", "currency", "debt", "exchange", "payment", "payments", "rate", "transaction", "transactions"];
    private static readonly string[] Codes = ["zip", "zipcode", "postcode", "postal", "naics", "sic", "nace", "mcc", "code"];
    private static readonly string[] Areas = ["zip", "zipcode", "postcode", "postal"];
    private static readonly string[] AfterStems = ["recover", "settle", "foreclos", "repossess", "chgoff", "chargeoff", "writeoff", "writtenoff", "collection", "liquidat"];

    private static readonly string[][] AfterPairs =
    [
        ["charge", "off"], ["charged", "off"], ["write", "off"], ["written", "off"], ["chg", "off"], ["last", "payment"], ["last", "pymnt"], ["last", "pmt"],
        ["next", "payment"], ["next", "pymnt"], ["default", "date"], ["date", "default"], ["payment", "received"], ["payments", "received"], ["total", "pymnt"], ["outstanding", "principal"],
    ];

    /// <summary>What makes such a name one of the applicant's history, as a bureau reports it, rather than of this loan.</summary>
    private static readonly string[] History =
    [
        "months", "mths", "month", "days", "since", "within", "past", "prior", "previous", "earlier", "ever", "history", "bureau", "num", "number", "count", "cnt", "no", "inq",
    ];

    private static readonly string[] Identifiers = ["id", "uuid", "guid"];
    private static readonly string[] Numberings = ["key", "ref", "reference", "nr", "no", "number", "index", "idx", "serial", "row"];
    private static readonly string[] Good = ["good", "paid", "repaid", "repay", "performing", "healthy", "solvent"];
    private static readonly string[] NotGood = ["not", "non", "un", "bad"];

    /// <summary>The part of a name that says it holds a protected attribute, or null.</summary>
    public static string? ProtectedPart(string name)
    {
        var tokens = Tokens(name);
        if (tokens.FirstOrDefault(t => Protected.Contains(t)) is { } word) return word;
        if (ProtectedPairs.FirstOrDefault(p => p.All(tokens.Contains)) is { } pair) return string.Join(' ', pair);
        if (tokens.Contains("age") && !tokens.Any(t => Aged.Contains(t))) return "age";
        return tokens.Contains("foreign") && !tokens.Any(t => ForeignMoney.Contains(t)) ? "foreign" : null;
    }

    /// <summary>The part of a name that says it is known only after the outcome, or null.</summary>
    public static string? AfterPart(string name)
    {
        var tokens = Tokens(name);
        if (tokens.Any(t => History.Contains(t))) return null;
        return tokens.FirstOrDefault(t => AfterStems.Any(stem => t.StartsWith(stem, StringComparison.Ordinal)))
            ?? (AfterPairs.FirstOrDefault(p => p.All(tokens.Contains)) is { } pair ? string.Join(' ', pair) : null);
    }

    /// <summary>Whether whole numbers under this name are codes rather than quantities.</summary>
    public static bool IsCode(string name) => Tokens(name).Any(t => Codes.Contains(t));

    /// <summary>Whether the name is that of a small area, which can stand in for race or origin.</summary>
    public static bool IsArea(string name) => Tokens(name).Any(t => Areas.Contains(t));

    /// <summary>Whether the name says that the column identifies something.</summary>
    public static bool IsIdentifier(string name) => Tokens(name).Any(t => Identifiers.Contains(t));

    /// <summary>Whether the name is that of a running number, such as <c>account_no</c>; <c>no_of_accounts</c> is none.</summary>
    public static bool IsNumbering(string name) => IsIdentifier(name) || (Tokens(name) is { Count: > 0 } tokens && Numberings.Contains(tokens[^1]));

    /// <summary>Whether a target of this name is true for good loans.</summary>
    public static bool IsGood(string name)
    {
        var tokens = Tokens(name);
        return tokens.Any(t => Good.Contains(t)) && !tokens.Any(t => NotGood.Contains(t));
    }

    /// <summary>The name as people would write it.</summary>
    public static string Spoken(string name)
    {
        var spoken = string.Join(' ', Tokens(name));
        return spoken.Length > 0 ? spoken : name;
    }

    /// <summary>Lower-case words of a name; digits are words of their own.</summary>
    internal static IReadOnlyList<string> Tokens(string name) => [.. Word().Matches(name).Select(w => w.Value.ToLowerInvariant())];

    [GeneratedRegex(@"\p{Lu}+(?![\p{Ll}])|\p{Lu}?[\p{Ll}\p{Lo}]+|\p{N}+")]
    private static partial Regex Word();
}
