using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Serving.Credit;
using Serverless.Training.Cards;

namespace Serverless.Training.Credit;

/// <summary>The parts of a scorecard's card on what it is for, what it learned from and what it takes for granted.</summary>
internal static class CreditCardData
{
    /// <summary>What it may be used for, and by whom it is answered for.</summary>
    public static void Purpose(CardPage page, CreditContract contract) => page.Heading("Purpose").Table("What the model is for", ["Question", "Answer"],
    [
        ["Purpose", contract.Purpose ?? $"Estimate the probability that an application in portfolio {contract.Portfolio} becomes a bad loan, to approve, refer or decline it. ('purpose' of the contract says more.)"],
        ["Owner", contract.Owner ?? "not named: write 'owner' into the contract"],
        ["Used by", "the scoring of loan applications, under the decision policy below; each decision names this version"],
        ["Not for", "other portfolios, prices, limits of existing accounts, collections, or provisions: none of these was tested"],
    ]);

    /// <summary>Where the rows come from and which of them were used.</summary>
    public static void Data(CardPage page, CreditCardInput input)
    {
        var contract = input.Contract;
        var roles = contract.Columns.CountBy(c => c.Role).ToDictionary();
        page.Heading("Data").Table("What it learned from", ["Fact", "Value"],
        [
            ["Bad loan", $"{contract.Columns.Single(c => c.Role == ColumnRole.Target).Name} is {string.Join(" or ", contract.Bad)}"],
            ["Performance window", contract.PerformanceMonths is { } months ? string.Create(CultureInfo.InvariantCulture, $"{months} months; younger loans are left out, good and bad") : "none is stated: every row is taken to have its outcome"],
            ["Period", input.Period is { } period ? string.Create(CultureInfo.InvariantCulture, $"{period.First:yyyy-MM-dd} to {period.Last:yyyy-MM-dd}") : "the contract names no date"],
            ["Rows used", CardParts.Count(input.Manifest.Rows)],
            ["Holdout", $"{CardParts.Share(contract.Training.Holdout)} of the rows, {(input.SplitByDate ? "the latest by date" : "a random share of each outcome")}"],
            ["Columns", $"{Count(ColumnRole.Input)} inputs, {Count(ColumnRole.Protected)} protected and never an input, {Count(ColumnRole.Ignored)} ignored"],
            ["Drops", contract.Drops == Serving.DropMode.Increment ? "the union of all accepted drops, later rows replacing earlier ones" : "this drop alone"],
            ["Files", $"dataset {input.Manifest.DataSha256}: the drop's report tells its quality, column by column"],
        ]);

        string Count(ColumnRole role) => CardParts.Count(roles.GetValueOrDefault(role));
    }

    /// <summary>What must be true for the figures to hold.</summary>
    public static void Assumptions(CardPage page, CreditContract contract, ModelKind kind) => page.Heading("Assumptions").List(
    [
        "What a loan became is recorded rightly and in time, and every input was known when the loan was applied for.",
        "Applications to come resemble the rows that it learned from: the stability index below and in every drop's report watches that.",
        kind switch
        {
            ModelKind.GlassBox => "Columns add up: the log-odds of a bad loan are a sum of one term for each column and for each of some pairs of columns, all below. What three columns tell only together is lost.",
            ModelKind.BoostedTrees => "Trees can join any columns, in steps along the bins below; beyond the least and greatest value that they saw they stay flat.",
            ModelKind.Imported => "The graph was trained elsewhere: what it learned from is not known here. The rows above calibrated it (the earlier or random part) and measured it (the holdout), none of them both. Whoever registered it answers for its training data.",
            _ => "Columns add up: the log-odds of a bad loan are a sum of one term for each column, with the bins below. What only two columns together tell has to be a column of its own in the contract.",
        },
        contract.Columns.Any(c => c.Monotone is Monotone.Increasing or Monotone.Decreasing or Monotone.Unimodal)
            ? $"Risk moves one way, or turns once, along {string.Join(", ", contract.Columns.Where(c => c.Monotone is Monotone.Increasing or Monotone.Decreasing or Monotone.Unimodal).Select(c => c.Name))}, because the contract says so; the gate sweeps each of them."
            : "No direction of risk is prescribed by the contract: the data chose all of them.",
        "Missing values mean the same tomorrow as in training: each column has a bin for them, whose points were learned like any other's.",
    ]);
}
