namespace Serverless.Serving.Documents;

/// <summary>
/// The family of page readers. Its versions are registered and not trained: there are no drops of it, and no <c>ITrainingFamily</c>. In the
/// registry they are as all others: immutable, promoted by a person, exported, rolled back.
/// </summary>
public sealed class ReadingFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => ReadingContract.FamilyName;

    /// <inheritdoc/>
    public Type Contract => typeof(ReadingContract);

    /// <inheritdoc/>
    public Outcome<DataContract> ReadContract(ReadOnlySpan<byte> json) => ReadingContract.Read(json);

    /// <inheritdoc/>
    public IServedModel Load(ModelBundle bundle) => PageReader.Load(bundle);
}
