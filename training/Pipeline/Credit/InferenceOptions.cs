using Serverless.Serving;

namespace Serverless.Training.Credit;

/// <summary>What only the owner of an export knows; everything else is inferred.</summary>
public sealed record InferenceOptions
{
    /// <summary>No honest column of the public sets reaches 0.86 alone; SBA's term, which is cut short by the loss, has 0.95.</summary>
    public const double UsualLeakAuc = 0.9;

    /// <summary>Column with the outcome.</summary>
    public required string Target { get; init; }

    /// <summary>Portfolio of the contract: lower-case letters, digits and hyphens, 1 to 50 characters.</summary>
    public required string Portfolio { get; init; }

    /// <summary>Column that identifies a row; absent: the first column that is an identifier.</summary>
    public string? Id { get; init; }

    /// <summary>Column with the date of the application; absent: the holdout is drawn at random, not by time.</summary>
    public string? Date { get; init; }

    /// <summary>How the export is written; becomes that of the contract.</summary>
    public DropFormat Format { get; init; } = new();

    /// <summary>What is refused before it can do harm.</summary>
    public DropLimits Limits { get; init; } = new();

    /// <summary>Area under the ROC curve of one column alone from which on the column is suspected to be written after the outcome, and ignored.</summary>
    public double LeakAuc { get; init; } = UsualLeakAuc;

    /// <summary>Values of the target that mean a bad loan; absent: guessed, which needs a target with two values.</summary>
    public IReadOnlyList<string>? Bad { get; init; }
}
