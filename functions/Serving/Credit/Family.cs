namespace Serverless.Serving.Credit;

/// <summary>The family of scorecards: its contracts and models, as far as answering needs them.</summary>
public sealed class CreditFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => CreditContract.FamilyName;

    /// <inheritdoc/>
    public Type Contract => typeof(CreditContract);

    /// <inheritdoc/>
    public Outcome<DataContract> ReadContract(ReadOnlySpan<byte> json) => ContractReader.Read<CreditContract>(json, ContractFaults.Of);

    /// <inheritdoc/>
    public IServedModel Load(ModelBundle bundle) => CreditScorer.Load(bundle);
}
