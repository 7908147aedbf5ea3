namespace Serverless.Serving.Documents;

/// <summary>What a line is in a letterhead, by the sign that says most of it.</summary>
internal enum LineRole
{
    /// <summary>No line.</summary>
    None,

    /// <summary>It belongs to the likeliest company.</summary>
    Issuer,

    /// <summary>Telephone, mail or web.</summary>
    Contact,

    /// <summary>A number of a company or its tax.</summary>
    Registration,

    /// <summary>It ends as companies' names do in law.</summary>
    Legal,

    /// <summary>An owner, or a branch.</summary>
    Owner,

    /// <summary>A motto.</summary>
    Motto,

    /// <summary>A postcode begins it.</summary>
    PostcodeFirst,

    /// <summary>It has a postcode.</summary>
    Postcode,

    /// <summary>The number of a house begins it.</summary>
    House,

    /// <summary>Words with a number behind them.</summary>
    NumberBehind,

    /// <summary>A street, a quarter or a part of a building, with a number.</summary>
    StreetAndNumber,

    /// <summary>A street, a quarter or a part of a building, without one.</summary>
    Street,

    /// <summary>A trade.</summary>
    Trade,

    /// <summary>A country or region.</summary>
    Region,

    /// <summary>A title, a label, a date or money.</summary>
    Other,

    /// <summary>A number of up to six digits alone, as postcodes are where their line was too long.</summary>
    Number,

    /// <summary>It has a digit.</summary>
    Digits,

    /// <summary>One word.</summary>
    Word,

    /// <summary>Words.</summary>
    Words,
}

/// <summary>Roles of lines that stand below each other, as features: pairs of neighbours tell where one thing ends and another begins.</summary>
internal static class LineRoles
{
    private static readonly int Count = Enum.GetValues<LineRole>().Length;
    private static readonly string[] Inside = Named("within"), Before = Named("begins"), After = Named("ends");

    /// <summary>Adds the pairs inside a run and at both its ends.</summary>
    public static void Add(FeatureBag bag, PageLayout page, IReadOnlyList<PageLine> run, IReadOnlyList<PageLine> issuer)
    {
        LineRole Of(PageLine? line) => line is null ? LineRole.None : issuer.Contains(line) ? LineRole.Issuer : LineRoles.Of(line);
        bag.Add(Before[Pair(Of(page.Above[run[0].Index]), Of(run[0]))]);
        bag.Add(After[Pair(Of(run[^1]), Of(page.Below[run[^1].Index]))]);
        for (var i = 1; i < run.Count; i++) bag.Add(Inside[Pair(Of(run[i - 1]), Of(run[i]))]);
    }

    private static LineRole Of(PageLine line) => line.Signs switch
    {
        var s when s.Has(LineSign.Postcode) => s.Has(LineSign.PostcodeFirst) ? LineRole.PostcodeFirst : LineRole.Postcode,
        var s when s.Has(LineSign.NoLetters) && line.Text.Trim(' ', '.', ',') is { Length: <= 6 } number && number.All(char.IsAsciiDigit) => LineRole.Number,
        var s when s.Has(LineSign.Phone | LineSign.Web) => LineRole.Contact,
        var s when s.Has(LineSign.Registration) => LineRole.Registration,
        var s when s.Has(LineSign.LegalForm) => LineRole.Legal,
        var s when s.Has(LineSign.Owner | LineSign.Branch) => LineRole.Owner,
        var s when s.Has(LineSign.Motto) => LineRole.Motto,
        var s when s.Has(LineSign.HouseNumber) => LineRole.House,
        var s when s.Has(LineSign.NumberBehind) => LineRole.NumberBehind,
        var s when s.Has(LineSign.Street) => s.Has(LineSign.Digit) ? LineRole.StreetAndNumber : LineRole.Street,
        var s when s.Has(LineSign.Trade) => LineRole.Trade,
        var s when s.Has(LineSign.Region) => LineRole.Region,
        var s when s.Has(LineSign.Title | LineSign.Label | LineSign.Date | LineSign.Amount | LineSign.Trading | LineSign.Reference | LineSign.Person) => LineRole.Other,
        var s when s.Has(LineSign.Digit) => LineRole.Digits,
        var s when s.Has(LineSign.OneWord) => LineRole.Word,
        _ => LineRole.Words,
    };

    private static int Pair(LineRole first, LineRole second) => ((int)first * Count) + (int)second;

    private static string[] Named(string prefix) => [.. Enum.GetNames<LineRole>().SelectMany(_ => Enum.GetNames<LineRole>(), (a, b) => $"{prefix}:{a}>{b}")];
}
