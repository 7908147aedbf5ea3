using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Serving.Credit;
using Serverless.Training.Cards;

namespace Serverless.Training.Credit;

/// <summary>The part of a card on the autoencoder, where the model has one.</summary>
internal static class CreditCardOutliers
{
    public static void Write(CardPage page, CreditCardInput input)
    {
        if (input is not { Autoencoder: { } file, Contract.Autoencoder: { } rules }) return;
        var (units, above) = (file.Encoding.Columns.Sum(c => c.Units), input.Outliers.Count(o => o));
        page.Heading("Applications unlike those trained on")
            .Text("Beside the score, a network (an autoencoder) tells applications unlike those that it learned from, and finds similar past loans for whoever decides. It learned nothing of outcomes and changes no score.")
            .Text(input.Contract.Policy.ReferOutOfDistribution
                ? "An application above its limit is referred to a person. It declines nobody: above the limit the score does not either."
                : "The policy does not refer what is above its limit, so it decides nothing.")
            .Table("The autoencoder", ["Fact", "Value"],
            [
                ["Input", string.Create(CultureInfo.InvariantCulture, $"{CardParts.Count(file.Encoding.Columns.Count)} columns as {CardParts.Count(units)} units in {ApplicationEncoding.Width} values of 0 or 1{(units > ApplicationEncoding.Width ? ", hashed" : "")}")],
                ["Code", string.Create(CultureInfo.InvariantCulture, $"{Autoencoder.CodeLength} numbers, by which past loans are similar")],
                ["Rows that it learned from", $"{CardParts.Count(file.Rows)}, in {CardParts.Count(file.Epochs)} passes"],
                ["Limit of the reconstruction error", $"{CardParts.Figure(file.Limit)}: {CardParts.Share(rules.Percentile)} of {CardParts.Count(file.LimitRows)} other rows lie within it"],
                ["Rows of the holdout above the limit", $"{CardParts.Count(above)} ({CardParts.Share((double)above / input.Outliers.Count)}); it learned from rows of the holdout too, though from no outcome"],
                ["Past loans kept", $"{CardParts.Count(rules.PastCases)} at most: the hash of the id, the outcome and the code of each, never what the applicant stated"],
            ]);
    }
}
