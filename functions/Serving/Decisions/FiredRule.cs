using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>A rule of the policy that fired on an application.</summary>
/// <param name="Kind">What kind of rule.</param>
/// <param name="Name">Its name in the contract; of what is no named rule there, that of the member that asks for it.</param>
/// <param name="Decision">What it asks for.</param>
/// <param name="Reason">Why, in a sentence without any of the application's values.</param>
public sealed record FiredRule(RuleKind Kind, string Name, RuleDecision Decision, string Reason);

/// <summary>The kinds of rules, in the order in which a decision lists them; within a kind they have the contract's order.</summary>
public enum RuleKind
{
    /// <summary>A condition that holds whatever the score is.</summary>
    KnockOut,

    /// <summary>An amount above what is lent.</summary>
    Limit,

    /// <summary>The application is unlike those of the training.</summary>
    OutOfDistribution,

    /// <summary>A key column is missing.</summary>
    MissingData,

    /// <summary>A paper says otherwise than the application.</summary>
    Documents,

    /// <summary>A category has a value that training never saw.</summary>
    Unseen,

    /// <summary>The probability is close to a bound of the bands.</summary>
    CloseToCutOff,

    /// <summary>The band of the probability.</summary>
    Score,
}
