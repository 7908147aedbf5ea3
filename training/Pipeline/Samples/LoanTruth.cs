namespace Serverless.Training.Samples;

/// <summary>
/// The truth behind <see cref="LoanSample"/>: log-odds of default as a sum of one term a column. Data, so that tests can hold a
/// trained scorecard against it. Region, sex and age have no term of their own: they only move with what has one.
/// </summary>
internal static class LoanTruth
{
    /// <summary>Log-odds of an applicant at every reference value, in the middle of the period.</summary>
    public const double Intercept = -1.80;

    /// <summary>Change in log-odds for each year after the middle of the period: a mild drift that a split by date meets.</summary>
    public const double DriftPerYear = 0.04;

    /// <summary>Log-odds of an applicant without a bureau file, in place of the three bureau columns' terms.</summary>
    public const double NoFile = 0.45;

    /// <summary>Log-odds of an applicant whose income was not verified, in place of the terms of income and debt to income.</summary>
    public const double NotVerified = 0.6;

    /// <summary>Log-odds of an applicant whose savings lie elsewhere, in place of the column's term.</summary>
    public const double SavingsUnknown = -0.2;

    /// <summary>Log-odds for each unit of a column, after <see cref="LogOdds"/> has taken logarithms of money and capped long tails.</summary>
    public static IReadOnlyDictionary<string, double> Slopes { get; } = new Dictionary<string, double>
    {
        ["amount"] = 0.25,
        ["term_months"] = 0.010,
        ["income"] = -0.55,
        ["years_employed"] = -0.05,
        ["debt_to_income"] = 0.022,
        ["credit_utilisation"] = 0.014,
        ["delinquencies_2y"] = 0.60,
        ["inquiries_6m"] = 0.17,
        ["savings_balance"] = -0.35,
        ["oldest_account_date"] = -0.04,
    };

    /// <summary>Log-odds by purpose.</summary>
    public static IReadOnlyDictionary<string, double> Purpose { get; } = new Dictionary<string, double>
    {
        ["car"] = -0.20,
        ["debt_consolidation"] = 0.30,
        ["education"] = 0.05,
        ["furniture"] = 0,
        ["home_improvement"] = -0.30,
        ["medical"] = 0.35,
        ["other"] = 0.15,
        ["wedding"] = 0.10,
    };

    /// <summary>Log-odds by employment.</summary>
    public static IReadOnlyDictionary<string, double> Employment { get; } = new Dictionary<string, double>
    {
        ["permanent"] = 0,
        ["public_sector"] = -0.40,
        ["fixed_term"] = 0.40,
        ["self_employed"] = 0.30,
        ["retired"] = -0.25,
    };

    /// <summary>Log-odds that the loan defaults within its first twelve months.</summary>
    public static double LogOdds(SampleLoan loan)
    {
        var sum = Intercept
            + (DriftPerYear * (loan.ApplicationDate.DayNumber - LoanPopulation.Middle.DayNumber) / 365.25)
            + Purpose[loan.Purpose]
            + Employment[loan.EmploymentType]
            + (Slopes["amount"] * Math.Log((double)loan.Amount / 9_000))
            + (Slopes["term_months"] * (loan.TermMonths - 36));
        sum += loan.Income is { } income ? Slopes["income"] * Math.Log((double)income / 36_000) : NotVerified;
        if (loan.YearsEmployed is { } years) sum += Slopes["years_employed"] * Math.Min(years, 15);
        if (loan.DebtToIncome is { } debt) sum += Slopes["debt_to_income"] * (debt - 30);
        sum += loan.SavingsBalance is { } savings
            ? Slopes["savings_balance"] * Math.Min(Math.Log(1 + ((double)savings / 1_000)), 3)
            : SavingsUnknown;
        if (loan.Bureau is not { } bureau) return sum + NoFile;
        return sum
            + (Slopes["credit_utilisation"] * (bureau.Utilisation - 40))
            + (Slopes["delinquencies_2y"] * Math.Min(bureau.Delinquencies, 4))
            + (Slopes["inquiries_6m"] * Math.Min(bureau.Inquiries, 6))
            + (Slopes["oldest_account_date"] * Math.Min((loan.ApplicationDate.DayNumber - bureau.OldestAccount.DayNumber) / 365.25, 20));
    }
}
