using System.Text.Json.Serialization;

namespace Serverless.Serving;

/// <summary>What a model is and where it comes from; <c>manifest.json</c> of a bundle. Only <see cref="Files"/> decides the version.</summary>
public sealed record Manifest
{
    /// <summary>The format that this program writes; it reads this and the earlier ones. 2: the gate's verdict can be that a person has to approve, or that promotion is paused. 3: a credit model can be a glass box or boosted trees, and have an autoencoder.</summary>
    public const int CurrentFormat = 3;

    /// <summary>Version of the bundle's format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Family of models.</summary>
    public required string Family { get; init; }

    /// <summary>Portfolio.</summary>
    public required string Portfolio { get; init; }

    /// <summary>Hash of the served files; empty until the bundle is made.</summary>
    public string Version { get; init; } = "";

    /// <summary>SHA-256 (hex) of each served file.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// SHA-256 (hex) of each file beside the served ones, such as the card and the list of trained rows, which a comparison relies on.
    /// They do not decide the version. Absent in manifests of older programs, whose files beside cannot be verified.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Beside { get; init; }

    /// <summary>Hash of data, contract, seed and trainer revision.</summary>
    public required string RunId { get; init; }

    /// <summary>The champion when this model was trained, if there was one.</summary>
    public string? Parent { get; init; }

    /// <summary>When training ended, UTC.</summary>
    public required DateTimeOffset TrainedAt { get; init; }

    /// <summary>SHA-256 (hex) of the drop.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>Rows that training and evaluation used.</summary>
    public required int Rows { get; init; }

    /// <summary>Figures on the holdout, by metric.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Versions of the packages that trained it.</summary>
    public IReadOnlyDictionary<string, string> Packages { get; init; } = new Dictionary<string, string>();

    /// <summary>What the gate said; absent when the model was trained offline.</summary>
    public GateVerdict? Gate { get; init; }
}

/// <summary>How the gate decided.</summary>
public enum GateDecision
{
    /// <summary>The model goes live.</summary>
    Promote,

    /// <summary>A check failed; the champion stays.</summary>
    Keep,

    /// <summary>Too few fresh rows to tell; the champion stays.</summary>
    NotEnoughEvidence,

    /// <summary>Every check was passed; the model goes live when a person approves it.</summary>
    AwaitApproval,

    /// <summary>Every check was passed; promotion is paused, so the champion stays.</summary>
    Paused,
}

/// <summary>The gate's decision with each check's figure, limit and verdict.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Checks">Every check that was made.</param>
public sealed record GateVerdict(GateDecision Decision, IReadOnlyList<GateCheck> Checks)
{
    /// <summary>
    /// The champion that the model was compared with; absent when there was none. The manifest keeps the first verdict on a version, the
    /// run and the drop's outcome the last: they differ when another version went live in between.
    /// </summary>
    public string? Against { get; init; }
}

/// <summary>One check of the gate.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Figure">What was measured; absent when it could not be.</param>
/// <param name="Limit">The value that it must reach or, where <see cref="AtMost"/> says so, not exceed.</param>
/// <param name="Passed">Whether it passed.</param>
public sealed record GateCheck(string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Figure, double Limit, bool Passed)
{
    /// <summary>Whether the limit is the greatest value that passes instead of the least.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AtMost { get; init; }

    /// <summary>Whether it only warns: the decision does not depend on it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Warns { get; init; }
}
