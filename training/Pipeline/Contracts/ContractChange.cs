namespace Serverless.Training.Contracts;

/// <summary>What is different between two contracts of a portfolio.</summary>
/// <param name="Member">Its path in the contract; a column or rule is named in brackets.</param>
/// <param name="What">What changed, in a sentence.</param>
/// <param name="Consequence">What follows, in sentences.</param>
public sealed record ContractChange(string Member, string What, string Consequence);
