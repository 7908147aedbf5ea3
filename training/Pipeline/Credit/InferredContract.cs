using Serverless.Serving.Credit;
using Serverless.Training.Contracts;

namespace Serverless.Training.Credit;

/// <summary>A contract that was inferred, with what its owner should look at before it is used.</summary>
/// <param name="Contract">The contract; every guess is explained in its column's note.</param>
public sealed record InferredContract(CreditContract Contract)
{
    /// <summary>Likely leaks, protected columns, stand-ins and doubtful guesses.</summary>
    public IReadOnlyList<ContractWarning> Warnings { get; init; } = [];

    /// <summary>What is different from the contract that it was made like, if it was.</summary>
    public IReadOnlyList<ContractChange> Changes { get; init; } = [];
}

/// <summary>What the owner of an export should look at.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Text">What was seen and what to do, in sentences.</param>
public sealed record ContractWarning(string Column, string Text);
