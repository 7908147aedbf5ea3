using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>The decision on a loan application, as answered, stored and sent.</summary>
/// <param name="DecisionId">Made from the application and the model: the same decision has the same id, however often it is delivered.</param>
/// <param name="ApplicationId">Id of the application, unique in its portfolio.</param>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="Verdict">What was decided.</param>
/// <param name="Points">The score, exact to two decimals.</param>
/// <param name="Probability">Calibrated probability of a bad loan, 0 to 1.</param>
/// <param name="Reasons">What cost most points, worst first.</param>
/// <param name="Unseen">Columns whose value training never saw.</param>
/// <param name="ModelVersion">Version of the model that scored.</param>
/// <param name="ContractVersion">Version of the contract whose policy decided.</param>
/// <param name="DecidedAt">When, UTC.</param>
public sealed record Decision(
    string DecisionId,
    string ApplicationId,
    string Portfolio,
    DecisionVerdict Verdict,
    decimal Points,
    double Probability,
    IReadOnlyList<Reason> Reasons,
    IReadOnlyList<string> Unseen,
    string ModelVersion,
    string ContractVersion,
    DateTimeOffset DecidedAt)
{
    /// <summary>The rules of the policy that fired, in the order of <see cref="RuleKind"/>; empty where none did. Absent in decisions of programs that did not tell them.</summary>
    public IReadOnlyList<FiredRule>? Rules { get; init; }

    /// <summary>What would have led to approval. Only in answers to whoever asks for a decision, and never recorded or sent; absent where it was approval.</summary>
    public Counterfactuals? Counterfactuals { get; init; }

    /// <summary>What a person who reviewed it decided. Only in answers to whoever asks for a decision, as <see cref="Counterfactuals"/>; absent where nobody did.</summary>
    public ReviewOutcome? Review { get; init; }
}

/// <summary>What was decided on an application.</summary>
public enum DecisionVerdict
{
    /// <summary>The loan is approved.</summary>
    Approve,

    /// <summary>A person decides.</summary>
    Refer,

    /// <summary>The loan is declined.</summary>
    Decline,
}
