namespace Serverless.Serving.Market;

/// <summary>The family of market forecasts: its contracts and models, as far as answering needs them.</summary>
public sealed class MarketFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => MarketContract.FamilyName;

    /// <inheritdoc/>
    public Type Contract => typeof(MarketContract);

    /// <inheritdoc/>
    public Outcome<DataContract> ReadContract(ReadOnlySpan<byte> json) => MarketContract.Read(json);

    /// <inheritdoc/>
    public IServedModel Load(ModelBundle bundle) => MarketForecaster.Load(bundle);
}
