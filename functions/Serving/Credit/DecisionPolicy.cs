using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Credit;

/// <summary>
/// How a scored application is decided: by bands of the probability of a bad loan (approve below, decline from, refer between), by rules that
/// hold whatever the score is, by limits of amounts, and by what makes a person look.
/// </summary>
public sealed record DecisionPolicy
{
    /// <summary>Probabilities below this are approved.</summary>
    [Range(0, 1.0, MinimumIsExclusive = true)]
    public double ApproveBelow { get; init; } = 0.1;

    /// <summary>Probabilities from this on are declined.</summary>
    [Range(0, 1.0, MinimumIsExclusive = true)]
    public double DeclineFrom { get; init; } = 0.3;

    /// <summary>Whether an application with a value that training never saw is referred to a person instead of approved.</summary>
    public bool ReferUnseen { get; init; } = true;

    /// <summary>Whether an application that is unlike those of the training is referred to a person: its score is then neither approved nor declined.</summary>
    public bool ReferOutOfDistribution { get; init; } = true;

    /// <summary>Applications whose probability is nearer than this to <c>approveBelow</c> or <c>declineFrom</c> are referred, on both sides; 0 refers none.</summary>
    [Range(0, 0.5, ErrorMessage = "0.01 is one point of a hundred, 0 refers none")]
    public double CloseToCutOff { get; init; }

    /// <summary>Columns without which the score is not relied on: where one is missing, a person decides, and the score declines nobody. A special code is not missing.</summary>
    public IReadOnlyList<string> KeyColumns { get; init; } = [];

    /// <summary>Rules that hold whatever the score is.</summary>
    public IReadOnlyList<KnockOut> KnockOuts { get; init; } = [];

    /// <summary>The most that is lent, by probability.</summary>
    public IReadOnlyList<AmountLimit> Limits { get; init; } = [];
}

/// <summary>A rule that holds whatever the score is.</summary>
public sealed record KnockOut
{
    /// <summary>Its name in decisions and in the log of what was decided.</summary>
    public required string Name { get; init; }

    /// <summary>The condition, such as <c>debt_to_income &gt; 60</c>. Where an operand is missing, the rule does not fire; <c>keyColumns</c> makes a person look.</summary>
    public required string When { get; init; }

    /// <summary>What follows.</summary>
    public required RuleDecision Decision { get; init; }

    /// <summary>The sentence that tells an applicant why.</summary>
    public required string Reason { get; init; }
}

/// <summary>The most that is lent to applications from a probability on; several together make a table by bands.</summary>
public sealed record AmountLimit
{
    /// <summary>Its name in decisions.</summary>
    public required string Name { get; init; }

    /// <summary>The number column that holds the amount.</summary>
    public required string Column { get; init; }

    /// <summary>The greatest amount, in the column's currency.</summary>
    [Range(0, 1e15)]
    public required decimal Maximum { get; init; }

    /// <summary>Probability of a bad loan from which the limit holds; 0 is every application.</summary>
    [Range(0, 1.0)]
    public double From { get; init; }

    /// <summary>What follows above the maximum.</summary>
    public RuleDecision Decision { get; init; } = RuleDecision.Refer;

    /// <summary>The sentence that tells an applicant why.</summary>
    public required string Reason { get; init; }
}

/// <summary>What follows when a rule fires.</summary>
public enum RuleDecision
{
    /// <summary>A person decides.</summary>
    Refer,

    /// <summary>The loan is declined.</summary>
    Decline,
}
