namespace Serverless.Serving;

/// <summary>What every family's data contract states; a family adds its own columns and thresholds. Stored as one JSON file,
/// <c>contracts/{family}/{portfolio}/{version}.json</c>.</summary>
public abstract record DataContract
{
    /// <summary>Family of models, such as <c>credit</c> or <c>text</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Portfolio: lower-case letters, digits and hyphens, 1 to 50 characters.</summary>
    public required string Portfolio { get; init; }

    /// <summary>Version of this contract, chosen by its author: letters, digits, hyphens and dots.</summary>
    public required string Version { get; init; }

    /// <summary>How a drop is split and trained on.</summary>
    public TrainingRules Training { get; init; } = new();

    /// <summary>What a model must show before it goes live.</summary>
    public GateRules Gate { get; init; } = new();
}

/// <summary>How a drop is split and trained on; saved with the model.</summary>
public sealed record TrainingRules
{
    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; } = 20261123;

    /// <summary>Share of the rows kept for evaluation, above 0 and at most 0.5.</summary>
    public double Holdout { get; init; } = 0.2;

    /// <summary>
    /// Whether the served model is fitted once more on all rows after the evaluation. The figures then are those of the model
    /// without the holdout, which is what makes them honest.
    /// </summary>
    public bool Refit { get; init; } = true;

    /// <summary>Rows that cannot be read are left out and counted up to this share of all rows; above it the drop is rejected.</summary>
    public double MaxRowsInError { get; init; } = 0.01;
}

/// <summary>What a model must show before it goes live. Metrics are named as in the manifest.</summary>
public sealed record GateRules
{
    /// <summary>Least values by metric, such as <c>auc</c> 0.55.</summary>
    public IReadOnlyDictionary<string, double> Floors { get; init; } = new Dictionary<string, double>();

    /// <summary>How far below the champion the challenger may be on the fresh holdout, in the family's main metric.</summary>
    public double Tolerance { get; init; } = 0.002;

    /// <summary>Least number of holdout rows that the champion was not trained on; below it the champion stays.</summary>
    public int MinRows { get; init; } = 100;

    /// <summary>Least number of rows of the rarest class among them (credit: bad loans); below it the champion stays.</summary>
    public int MinRare { get; init; } = 20;
}
