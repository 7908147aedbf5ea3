using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>An account, as it is told on papers.</summary>
internal static class BankDetails
{
    /// <summary>Pairs of an account: number, IBAN, or both, with what stands beside them.</summary>
    /// <param name="look">Of the paper.</param>
    /// <param name="iban">Whether an IBAN is wanted, where the country has them.</param>
    public static List<Pair> Of(Look look, bool iban)
    {
        var (draws, fiction) = (look.Draws, look.Fiction);
        List<Pair> pairs = [];
        if (draws.Chance(0.4)) pairs.Add(new(draws.Pick("Bank:", "Bank", "Bank Name:"), look.Case(fiction.Trade(bank: true))));
        if (draws.Chance(0.25) || !iban || fiction.Country.Bban is null)
        {
            var account = fiction.Account();
            look.Sheet.Says(KeyFieldName.Account, string.Concat(account.Where(char.IsAsciiLetterOrDigit)));
            pairs.Add(new(look.Label("account"), account, KeyFieldName.Account));
            if (draws.Chance(0.3)) pairs.Add(new(fiction.Country.Language == "de" ? "BLZ" : draws.Pick("Sort Code", "Routing No", "Branch Code"), draws.Fill(draws.Pick("########", "##-##-##", "#########"))));
        }

        if (iban && fiction.Country.Bban is { } bban)
        {
            var plain = fiction.Iban(bban);
            var printed = draws.Chance(0.75) ? string.Join(' ', plain.Chunk(4).Select(c => new string(c))) : plain;
            look.Sheet.Says(KeyFieldName.Iban, plain);
            var alone = !look.Sheet.Normalised.ContainsKey(KeyFieldName.Account);
            pairs.Add(new(look.Label(alone && draws.Chance(0.15) ? "account" : "iban"), printed, KeyFieldName.Iban));
            if (draws.Chance(0.5)) pairs.Add(new(draws.Pick("BIC", "BIC:", "SWIFT", "BIC/SWIFT"), draws.Fill("@@@@") + fiction.Country.Code + draws.Fill(draws.Pick("@@", "@#@@@"))));
        }

        return pairs;
    }

    /// <summary>Sets them.</summary>
    public static void Set(Look look, double left, double right, bool iban)
    {
        look.Down(0.5);
        Pairs.Set(look, Of(look, iban), left, right);
    }
}
