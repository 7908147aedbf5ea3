namespace Serverless.Serving.Documents;

/// <summary>The family of picture classifiers: its contracts and models, as far as answering needs them.</summary>
public sealed class DocumentFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => DocumentContract.FamilyName;

    /// <inheritdoc/>
    public Type Contract => typeof(DocumentContract);

    /// <inheritdoc/>
    public Outcome<DataContract> ReadContract(ReadOnlySpan<byte> json) => ContractReader.Read<DocumentContract>(json, ContractFaults.Of);

    /// <inheritdoc/>
    public IServedModel Load(ModelBundle bundle) => DocumentClassifier.Load(bundle);
}
