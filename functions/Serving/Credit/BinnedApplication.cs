namespace Serverless.Serving.Credit;

/// <summary>An application as a model sees it.</summary>
/// <param name="Bins">What <see cref="ScorecardColumn.CodeOf(in Cell)"/> gave for each column of the model's table: its bin, with its value where the model takes values.</param>
/// <param name="Unseen">Names of category columns whose value training never saw.</param>
public sealed record BinnedApplication(long[] Bins, IReadOnlyList<string> Unseen)
{
    /// <summary>What the application holds in each of <see cref="PolicyRules.Readers"/>.</summary>
    public PolicyValue[] PolicyValues { get; init; } = [];

    /// <summary>What the autoencoder looks at (<see cref="ApplicationEncoding"/>); null where the model has none, or the bins were not read from an application.</summary>
    public float[]? Values { get; init; }
}
