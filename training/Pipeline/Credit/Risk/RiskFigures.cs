namespace Serverless.Training.Credit.Risk;

/// <summary>What a book of loans is expected to lose, by grade; the content of <c>risk.json</c>. The same file, model and contract give the same figures.</summary>
public sealed record RiskFigures
{
    /// <summary>Version of this form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The portfolio.</summary>
    public required string Portfolio { get; init; }

    /// <summary>Version of the model that gave the probabilities.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>Version of the contract whose risk rules were used.</summary>
    public required string ContractVersion { get; init; }

    /// <summary>SHA-256 (hex) of the file of loans.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>Rows of the file.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows among them that could not be valued and are left out.</summary>
    public required int RowsInError { get; init; }

    /// <summary>The first faults, by row and column.</summary>
    public IReadOnlyList<string> FirstFaults { get; init; } = [];

    /// <summary>The day on which outcomes were looked up, where the contract has a performance window.</summary>
    public DateOnly? ObservedOn { get; init; }

    /// <summary>The chance with which the test of a grade warns wrongly.</summary>
    public required double Significance { get; init; }

    /// <summary>The scenarios.</summary>
    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    /// <summary>The grades, the safest first.</summary>
    public required IReadOnlyList<GradeFigures> Grades { get; init; }

    /// <summary>All loans: money and loans are the exact sums of the grades'.</summary>
    public required GradeFigures Total { get; init; }
}

/// <summary>A scenario.</summary>
/// <param name="Name">Its name in the contract.</param>
/// <param name="Odds">Times that the odds of a bad loan grow.</param>
public sealed record Scenario(string Name, double Odds);

/// <summary>The loans of a grade.</summary>
/// <param name="Name">Its name in the contract.</param>
/// <param name="Band">What it takes, for people.</param>
/// <param name="Loans">How many.</param>
/// <param name="Probability">Their mean probability of going bad, 0 to 1; absent without loans.</param>
/// <param name="Money">Exposure and expected loss; absent where the contract states no loss given default.</param>
/// <param name="Outcomes">What became of those whose outcome is known; absent where none is.</param>
/// <param name="Stressed">The same under each scenario, in the order of the contract.</param>
public sealed record GradeFigures(string Name, string Band, long Loans, decimal? Probability, GradeMoney? Money, GradeOutcomes? Outcomes, IReadOnlyList<StressedGrade> Stressed);

/// <summary>Money of a grade.</summary>
/// <param name="Exposure">Sum of the exposures at default.</param>
/// <param name="ExpectedLoss">Sum of each loan's probability times loss given default times exposure, in hundredths, half to even.</param>
public sealed record GradeMoney(decimal Exposure, decimal ExpectedLoss);

/// <summary>What became of the loans of a grade.</summary>
/// <param name="Loans">Loans whose outcome is known.</param>
/// <param name="Bads">Those that went bad.</param>
/// <param name="Predicted">Mean probability of the loans whose outcome is known.</param>
/// <param name="Observed">Share that went bad.</param>
/// <param name="Low">Lower end of the 95 % interval of the share (Wilson 1927).</param>
/// <param name="High">Its upper end.</param>
/// <param name="PValue">Of the Jeffreys test: near 0 the probability is too low, near 1 too high.</param>
/// <param name="Verdict">What the test says.</param>
public sealed record GradeOutcomes(long Loans, long Bads, decimal Predicted, double Observed, double Low, double High, double PValue, CalibrationVerdict Verdict);

/// <summary>Whether a grade's probability agrees with what happened.</summary>
public enum CalibrationVerdict
{
    /// <summary>Chance explains the difference.</summary>
    Agrees,

    /// <summary>More loans went bad than chance explains.</summary>
    TooLow,

    /// <summary>Fewer loans went bad than chance explains.</summary>
    TooHigh,
}

/// <summary>A grade under a scenario; its loans are the same.</summary>
/// <param name="Scenario">Name of the scenario.</param>
/// <param name="Probability">Mean probability of going bad; absent without loans.</param>
/// <param name="ExpectedLoss">Sum of the loans' expected losses; absent where the contract states no loss given default.</param>
public sealed record StressedGrade(string Scenario, decimal? Probability, decimal? ExpectedLoss);
