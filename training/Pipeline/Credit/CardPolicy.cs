using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Training.Cards;

namespace Serverless.Training.Credit;

/// <summary>The part of a scorecard's card on the contract's decision policy: what it would have done with the holdout.</summary>
internal static class CreditCardPolicy
{
    public static void Write(CardPage page, CreditCardInput input)
    {
        var policy = input.Contract.Policy;
        var (approve, decline) = (Percent(policy.ApproveBelow), Percent(policy.DeclineFrom));
        page.Heading("Decision policy")
            .Text(policy.ReferUnseen
                ? "The contract decides by bands of the probability. An application with a value that training never saw is referred instead of approved."
                : "The contract decides by bands of the probability.")
            .Table("Bands of the policy on the holdout", ["Decision", "Probability of bad", "#Rows", "#Share of rows", "#Went bad"],
            [
                Band("approve", $"below {approve}", p => p < policy.ApproveBelow),
                Band("refer to a person", $"{approve} to below {decline}", p => p >= policy.ApproveBelow && p < policy.DeclineFrom),
                Band("decline", $"from {decline}", p => p >= policy.DeclineFrom),
            ]);

        CardCell[] Band(string decision, string band, Func<double, bool> holds)
        {
            var rows = Enumerable.Range(0, input.Bad.Count).Where(i => holds(input.Probability[i])).ToList();
            var share = (double)rows.Count / input.Bad.Count;
            return [decision, band, CardParts.Count(rows.Count), CardCell.Filled(CardParts.Share(share), share), rows.Count == 0 ? "no rows" : CardParts.Share((double)rows.Count(i => input.Bad[i]) / rows.Count)];
        }
    }

    /// <summary>The policy's bounds in points of the served scorecard.</summary>
    public static IReadOnlyList<(string Name, double Points)> Cuts(CreditCardInput input) =>
    [
        ("decline up to here", PointsAt(input, input.Contract.Policy.DeclineFrom)),
        ("approve from here", PointsAt(input, input.Contract.Policy.ApproveBelow)),
    ];

    private static double PointsAt(CreditCardInput input, double probability) =>
        (Math.Log(probability / (1 - probability)) - input.Scorecard.Intercept) / input.Scorecard.Slope;

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %");
}
