namespace Serverless.Serving.Text;

/// <summary>The family of text classifiers: its contracts and models, as far as answering needs them.</summary>
public sealed class TextFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => TextContract.FamilyName;

    /// <inheritdoc/>
    public Type Contract => typeof(TextContract);

    /// <inheritdoc/>
    public Outcome<DataContract> ReadContract(ReadOnlySpan<byte> json) => ContractReader.Read<TextContract>(json, ContractFaults.Of);

    /// <inheritdoc/>
    public IServedModel Load(ModelBundle bundle) => TextClassifier.Load(bundle);
}
