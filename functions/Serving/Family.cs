namespace Serverless.Serving;

/// <summary>One family of models (credit, text, ...), as far as answering needs it. Families are registered once, by name.</summary>
public interface IModelFamily
{
    /// <summary>The family's name in paths: <c>models/{family}/…</c>.</summary>
    string Name { get; }

    /// <summary>The record that its contracts are read into; derives from <see cref="DataContract"/>.</summary>
    Type Contract { get; }

    /// <summary>Parses and checks a contract; all faults are listed at once.</summary>
    Outcome<DataContract> ReadContract(ReadOnlySpan<byte> json);

    /// <summary>Loads a bundle whose hashes were verified.</summary>
    /// <exception cref="InvalidModelException">The bundle cannot be served.</exception>
    IServedModel Load(ModelBundle bundle);
}

/// <summary>A loaded model; safe for parallel calls until disposed.</summary>
public interface IServedModel : IDisposable
{
    /// <summary>What it was loaded from.</summary>
    ModelBundle Bundle { get; }

    /// <summary>Answers the bundle's golden inputs and compares.</summary>
    /// <exception cref="InvalidModelException">An answer differs.</exception>
    void SelfTest();
}
