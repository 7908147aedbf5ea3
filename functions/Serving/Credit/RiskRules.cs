using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Credit;

/// <summary>How the risk report values a book of loans; says nothing to training and to decisions.</summary>
public sealed record RiskRules
{
    /// <summary>
    /// The grades, the safest first: all by <see cref="RiskGrade.Below"/> or all by <see cref="RiskGrade.FromPoints"/>, and the last one with
    /// neither, since it takes the rest. Absent: a master scale of eight grades, each of which begins at twice the probability of the one before.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<RiskGrade> Grades { get; init; } =
    [
        new() { Name = "A", Below = 0.005 }, new() { Name = "B", Below = 0.01 }, new() { Name = "C", Below = 0.02 }, new() { Name = "D", Below = 0.04 },
        new() { Name = "E", Below = 0.08 }, new() { Name = "F", Below = 0.16 }, new() { Name = "G", Below = 0.32 }, new() { Name = "H" },
    ];

    /// <summary>Number column with the exposure at default of a loan, in money, 0 or more.</summary>
    public string? ExposureColumn { get; init; }

    /// <summary>The exposure at default of every loan, where no column says it.</summary>
    [Range(0, 1e12, ErrorMessage = "it is the money of one loan")]
    public decimal? Exposure { get; init; }

    /// <summary>Number column with the loss given default of a loan, 0 to 1.</summary>
    public string? LgdColumn { get; init; }

    /// <summary>The loss given default of every loan, where no column says it.</summary>
    [Range(0, 1.0, ErrorMessage = "0.45 means that 45 of 100 are lost")]
    public decimal? Lgd { get; init; }

    /// <summary>What may happen to the economy. Absent: odds of a bad loan times 1.5, and times 2.5.</summary>
    public IReadOnlyList<StressScenario> Scenarios { get; init; } = [new() { Name = "adverse", Odds = 1.5 }, new() { Name = "severe", Odds = 2.5 }];

    /// <summary>Chance with which the test of a grade's calibration may warn although its probability is right.</summary>
    [Range(0, 0.5, MinimumIsExclusive = true, ErrorMessage = "0.05 warns wrongly once in twenty grades")]
    public double Significance { get; init; } = 0.05;
}

/// <summary>A band of probability or points.</summary>
public sealed record RiskGrade
{
    /// <summary>Name, such as A or 3.</summary>
    [StringLength(50, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Probabilities of a bad loan below this, as far as no safer grade takes them.</summary>
    [Range(0, 1.0, MinimumIsExclusive = true, ErrorMessage = "0.02 takes what is below two in a hundred")]
    public double? Below { get; init; }

    /// <summary>Points from this on, as far as no safer grade takes them.</summary>
    [Range(-1e6, 1e6)]
    public double? FromPoints { get; init; }
}

/// <summary>A scenario: every loan's odds of going bad are scaled alike, which keeps their order.</summary>
public sealed record StressScenario
{
    /// <summary>Name, such as recession.</summary>
    [StringLength(50, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Times that the odds grow; this or <see cref="LogOdds"/>.</summary>
    [Range(0, 1000.0, MinimumIsExclusive = true, ErrorMessage = "2 doubles the odds")]
    public double? Odds { get; init; }

    /// <summary>What is added to the log-odds.</summary>
    [Range(-7, 7.0, ErrorMessage = "0.7 about doubles the odds")]
    public double? LogOdds { get; init; }
}
