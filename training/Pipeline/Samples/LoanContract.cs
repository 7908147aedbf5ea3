using Serverless.Serving.Credit;

namespace Serverless.Training.Samples;

/// <summary>The data contract of <see cref="LoanSample"/>.</summary>
internal static class LoanContract
{
    private static readonly IReadOnlyList<string> NoFile = [LoanSample.NoFile];

    public static CreditContract Create() => new()
    {
        Family = CreditContract.FamilyName,
        Portfolio = LoanSample.Portfolio,
        Version = "1",
        Bad = ["defaulted"],
        Models = new() { Kinds = [ModelKind.Scorecard] },
        Gate = new() { Floors = new Dictionary<string, double> { ["auc"] = 0.65 } },
        Columns =
        [
            new() { Name = "loan_id", Type = ColumnType.Category, Role = ColumnRole.Id },
            new() { Name = "application_date", Type = ColumnType.Date, Role = ColumnRole.Date },
            Number("amount", 100, 100_000, Monotone.Increasing, true, "The amount applied for is high."),
            Number("term_months", 6, 120, Monotone.Increasing, true, "The term applied for is long."),
            Category("purpose", LoanTruth.Purpose.Keys, true, "Loans for the stated purpose have been repaid less often."),
            Number("income", 0, 10_000_000, Monotone.Decreasing, false, "The income is low for a loan of this kind, or was not verified."),
            Category("employment_type", LoanTruth.Employment.Keys, false, "The kind of employment offers less certain income."),
            Number("years_employed", 0, 70, Monotone.Decreasing, false, "The time with the present employer is short.", note: "Empty for retired applicants."),
            Number("debt_to_income", 0, 200, Monotone.Increasing, true, "Payments on debts, with this loan, take a large share of the income.", note: "Percent of monthly income; empty when the income was not verified."),
            Number("credit_utilisation", 0, 200, Monotone.Increasing, true, "A large share of the available credit is in use, or the credit bureau has no file.", NoFile, "Percent; -9: the credit bureau has no file."),
            Number("delinquencies_2y", 0, 50, Monotone.Increasing, true, "Payments were late in the last two years, or the credit bureau has no file.", NoFile, "Payments more than 30 days late; -9: no file."),
            Number("inquiries_6m", 0, 50, Monotone.Increasing, true, "Credit was applied for often in the last six months, or the credit bureau has no file.", NoFile, "-9: no file."),
            Number("savings_balance", 0, 10_000_000, Monotone.Decreasing, true, "The savings with this bank are low, or there are none.", note: "Empty when the customer has no savings account here."),
            new() { Name = "oldest_account_date", Type = ColumnType.Date, Monotone = Monotone.Decreasing, Reason = "The credit history is short, or the credit bureau has no file.", Note = "Empty when the bureau has no file; counts as days before the application." },
            new() { Name = "region", Type = ColumnType.Category, Role = ColumnRole.Ignored, Note = "Left out: where people live can stand in for their origin." },
            new() { Name = "customer_sex", Type = ColumnType.Category, Role = ColumnRole.Protected },
            new() { Name = "customer_age", Type = ColumnType.Number, Role = ColumnRole.Protected },
            new() { Name = "status", Type = ColumnType.Category, Role = ColumnRole.Target, Allowed = ["defaulted", "repaid"] },
        ],
    };

    private static Column Number(string name, double least, double most, Monotone monotone, bool actionable, string reason, IReadOnlyList<string>? special = null, string? note = null) => new()
    {
        Name = name,
        Type = ColumnType.Number,
        Minimum = least,
        Maximum = most,
        Monotone = monotone,
        Actionable = actionable,
        Reason = reason,
        Special = special ?? [],
        Note = note,
    };

    private static Column Category(string name, IEnumerable<string> allowed, bool actionable, string reason) => new()
    {
        Name = name,
        Type = ColumnType.Category,
        Allowed = [.. allowed],
        Actionable = actionable,
        Reason = reason,
    };
}
