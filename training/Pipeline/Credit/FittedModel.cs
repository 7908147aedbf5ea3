using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>A model of any kind that was fitted on some rows.</summary>
/// <param name="Model">What it computes.</param>
/// <param name="Inputs">Every input, in the contract's order, and whether it is used.</param>
internal abstract record FittedModel(CreditModel Model, IReadOnlyList<ColumnUse> Inputs)
{
    /// <summary>Its ONNX graph: input <c>bins</c> (int64 [n, columns]), outputs <c>points</c> and <c>probability</c> (double [n]); of an imported model the graph that was given.</summary>
    public abstract byte[] Graph();

    /// <summary>What is served beside graph and table, by file.</summary>
    public virtual IReadOnlyDictionary<string, byte[]> Files() => new Dictionary<string, byte[]>();

    /// <summary>Fits once more on other rows, with what was chosen here.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="on">The rows of it to fit on.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public abstract FittedModel Refit(CreditRows rows, int[] on, Action<double> progress, CancellationToken cancel);
}
