namespace Serverless.Training.Samples;

/// <summary>One application of the sample, before it is known how the loan went.</summary>
internal sealed record SampleLoan
{
    /// <summary>When it was made.</summary>
    public required DateOnly ApplicationDate { get; init; }

    /// <summary>Amount asked for.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Term in months.</summary>
    public required int TermMonths { get; init; }

    /// <summary>One of the keys of <see cref="LoanTruth.Purpose"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>Yearly income; null when it was not verified.</summary>
    public required decimal? Income { get; init; }

    /// <summary>One of the keys of <see cref="LoanTruth.Employment"/>.</summary>
    public required string EmploymentType { get; init; }

    /// <summary>Years with the present employer; null for the retired.</summary>
    public required double? YearsEmployed { get; init; }

    /// <summary>Monthly debt payments, this loan's included, in percent of monthly income; null when income is.</summary>
    public required double? DebtToIncome { get; init; }

    /// <summary>What the credit bureau knows; null when it has no file.</summary>
    public required SampleBureau? Bureau { get; init; }

    /// <summary>Savings with this bank; null when the customer has no account here.</summary>
    public required decimal? SavingsBalance { get; init; }

    /// <summary>Region.</summary>
    public required string Region { get; init; }

    /// <summary>Sex, protected.</summary>
    public required string CustomerSex { get; init; }

    /// <summary>Age in years, protected.</summary>
    public required int CustomerAge { get; init; }

    /// <summary>The true probability of default, 0 to 1.</summary>
    public double TrueProbability => 1 / (1 + Math.Exp(-LoanTruth.LogOdds(this)));
}

/// <summary>What the credit bureau knows of an applicant.</summary>
/// <param name="Utilisation">Used share of revolving credit, percent.</param>
/// <param name="Delinquencies">Payments more than 30 days late in two years.</param>
/// <param name="Inquiries">Inquiries in six months.</param>
/// <param name="OldestAccount">When the oldest account was opened.</param>
internal sealed record SampleBureau(double Utilisation, int Delinquencies, int Inquiries, DateOnly OldestAccount);
