using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Serving;

/// <summary>What every family's data contract states; a family adds its own columns and thresholds. Stored as one JSON file,
/// <c>contracts/{family}/{portfolio}/{version}.json</c>.</summary>
public abstract record DataContract
{
    /// <summary>Version of the form that contracts are written in; this program reads <see cref="Form"/> and refuses later ones.</summary>
    public const int Form = 1;

    /// <summary>A text that is not empty and has no blanks around it.</summary>
    internal const string Unpadded = @"^\S([\s\S]*\S)?\z";

    /// <summary>A text that is more than blanks.</summary>
    internal const string Filled = @"\S";

    /// <summary>Where an editor finds the JSON Schema of this file; says nothing to this program, which does not keep it.</summary>
    [JsonPropertyName("$schema"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWriting)]
    public string? Schema { get; init; }

    /// <summary>Version of the form that this contract is written in.</summary>
    [AllowedValues(Form)]
    public int SchemaVersion { get; init; } = Form;

    /// <summary>Family of models, such as <c>credit</c> or <c>text</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Portfolio: lower-case letters, digits and hyphens, 1 to 50 characters.</summary>
    public required string Portfolio { get; init; }

    /// <summary>Version of this contract, chosen by its author: letters, digits, hyphens and dots.</summary>
    public required string Version { get; init; }

    /// <summary>What the model is for, in a sentence; stands in its card.</summary>
    [StringLength(1000, MinimumLength = 1)]
    public string? Purpose { get; init; }

    /// <summary>Who answers for the model; stands in its card.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string? Owner { get; init; }

    /// <summary>Whether a drop holds all rows, or what is to be added to the earlier ones.</summary>
    public DropMode Drops { get; init; } = DropMode.Full;

    /// <summary>The column that identifies a row; null where rows have no id.</summary>
    [JsonIgnore]
    public virtual string? RowId => null;

    /// <summary>The column with the date of a row; null where rows have none.</summary>
    [JsonIgnore]
    public virtual string? RowDate => null;

    /// <summary>How the files of a drop are written.</summary>
    public DropFormat Format { get; init; } = new();

    /// <summary>What is refused before it can do harm.</summary>
    public DropLimits Limits { get; init; } = new();

    /// <summary>How a drop is split and trained on.</summary>
    public TrainingRules Training { get; init; } = new();

    /// <summary>What a model must show before it goes live.</summary>
    public GateRules Gate { get; init; } = new();
}

/// <summary>What a drop holds of a portfolio.</summary>
public enum DropMode
{
    /// <summary>All rows: training uses this drop alone.</summary>
    Full,

    /// <summary>New and changed rows: training uses the union of the accepted drops, in which a later row for an id replaces an earlier one.</summary>
    Increment,
}

/// <summary>How the files of a drop are written. Applications are JSON, which has one way to write numbers and dates.</summary>
public sealed record DropFormat
{
    /// <summary>Encoding of CSV files, by its IANA name: utf-8 (with or without a byte-order mark), utf-16, iso-8859-1, iso-8859-15, windows-1252 and others.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>Delimiter of CSV files, one character; absent: found from the header.</summary>
    [RegularExpression(@"^[^A-Za-z0-9""'.+\-\r\n]\z", ErrorMessage = "be one character that is no letter, digit, quote, sign or line break: a comma, semicolon, tab or bar is usual")]
    public string? Delimiter { get; init; }

    /// <summary>Culture whose way to write numbers and dates the files use, such as de-DE; absent: decimal point, no thousands separators, ISO 8601 dates.</summary>
    public string? Culture { get; init; }

    /// <summary>How dates are written, such as dd.MM.yyyy; absent: as in the culture. ISO 8601 is always read.</summary>
    [StringLength(50, MinimumLength = 1)]
    public string? DateFormat { get; init; }
}

/// <summary>What is refused before it can do harm. A drop that breaks one is rejected with a report.</summary>
public sealed record DropLimits
{
    /// <summary>Most bytes of a drop as it comes, all parts together.</summary>
    [Range(1, 1L << 40)]
    public long MaxBytes { get; init; } = 8L << 30;

    /// <summary>Most rows.</summary>
    [Range(1, 2_000_000_000)]
    public int MaxRows { get; init; } = 50_000_000;

    /// <summary>Most columns.</summary>
    [Range(1, 100_000)]
    public int MaxColumns { get; init; } = 2_000;

    /// <summary>Most characters of a field.</summary>
    [Range(1, 16_777_216)]
    public int MaxFieldLength { get; init; } = 32_768;

    /// <summary>Most times that compressed content may grow.</summary>
    [Range(1, 10_000)]
    public int MaxExpansion { get; init; } = 200;
}

/// <summary>How a drop is split and trained on; saved with the model.</summary>
public sealed record TrainingRules
{
    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; } = 20261123;

    /// <summary>Share of the rows kept for evaluation, above 0 and at most 0.5.</summary>
    [Range(0, 0.5, MinimumIsExclusive = true, ErrorMessage = "0.2 keeps a fifth of the rows for evaluation")]
    public double Holdout { get; init; } = 0.2;

    /// <summary>
    /// Whether the served model is fitted once more on all rows after the evaluation. The figures then are those of the model
    /// without the holdout, which is what makes them honest.
    /// </summary>
    public bool Refit { get; init; } = true;

    /// <summary>Rows that cannot be read are left out and counted up to this share of all rows; above it the drop is rejected.</summary>
    [Range(0, 1.0, ErrorMessage = "0.01 accepts one row in a hundred")]
    public double MaxRowsInError { get; init; } = 0.01;
}

/// <summary>What a model must show before it goes live. Metrics are named as in the manifest.</summary>
public sealed record GateRules
{
    /// <summary>Least values by metric, such as <c>auc</c> 0.55.</summary>
    public IReadOnlyDictionary<string, double> Floors { get; init; } = new Dictionary<string, double>();

    /// <summary>How far below the champion the challenger may be on the fresh holdout, in the family's main metric.</summary>
    [Range(0, 1.0, ErrorMessage = "0.002 lets a challenger be that much below the champion")]
    public double Tolerance { get; init; } = 0.002;

    /// <summary>Least number of holdout rows that the champion was not trained on; below it the champion stays.</summary>
    [Range(1, int.MaxValue)]
    public int MinRows { get; init; } = 100;

    /// <summary>Least number of rows of the rarest class among them (credit: bad loans); below it the champion stays. 0 asks for none.</summary>
    [Range(0, int.MaxValue)]
    public int MinRare { get; init; } = 20;

    /// <summary>
    /// How sure the paired comparison must be that the challenger is not further below the champion than <see cref="Tolerance"/>: 0.5 asks that
    /// its figure is not, 0.95 that chance hardly explains it.
    /// </summary>
    [Range(0, 1.0, ErrorMessage = "0.5 asks that the figure is not lower, 0.95 that chance hardly explains it")]
    public double Confidence { get; init; } = 0.5;

    /// <summary>How far the recall of a single intent (text) may fall.</summary>
    public IntentLimits Intents { get; init; } = new();

    /// <summary>How well probabilities must agree with outcomes.</summary>
    public CalibrationLimits Calibration { get; init; } = new();

    /// <summary>How much the holdout may differ from what was trained on.</summary>
    public StabilityLimits Stability { get; init; } = new();

    /// <summary>Greatest area under the ROC curve of a single column (credit): one that decides alone was most likely written after the outcome.</summary>
    [Range(0.5, 1.0, ErrorMessage = "0.9 suspects a column that decides nearly alone, 1 suspects none")]
    public double MaxColumnAuc { get; init; } = 0.9;

    /// <summary>Most milliseconds of an answer, as median of repeated ones on the machine that trains.</summary>
    [Range(0, 1e6, MinimumIsExclusive = true, ErrorMessage = "50 is ample for a scorecard")]
    public double MaxLatencyMs { get; init; } = 50;

    /// <summary>Most megabytes (2^20 bytes) of the served files.</summary>
    [Range(0, 1e4, MinimumIsExclusive = true, ErrorMessage = "64 is ample for a scorecard")]
    public double MaxBundleMegabytes { get; init; } = 64;

    /// <summary>Whether a version that passes waits for a person ('serverless models approve') instead of going live by itself.</summary>
    public bool Approval { get; init; }
}

/// <summary>
/// How far the recall of a single intent may fall against the champion on the same fresh texts. One that is better on the whole can have
/// forgotten an intent.
/// </summary>
public sealed record IntentLimits
{
    /// <summary>Greatest fall of an intent's recall.</summary>
    [Range(0, 1.0, ErrorMessage = "0.1 lets one more text in ten of an intent be misunderstood")]
    public double MaxRecallFall { get; init; } = 0.1;

    /// <summary>Least number of an intent's fresh texts for it to be looked at.</summary>
    [Range(1, int.MaxValue)]
    public int MinRows { get; init; } = 10;

    /// <summary>
    /// How rarely chance alone may raise the alarm for any of the intents: of the exact one-sided McNemar test (1947) of each, corrected for their
    /// number (Holm 1979).
    /// </summary>
    [Range(0, 0.5, MinimumIsExclusive = true, ErrorMessage = "0.05 lets one comparison in twenty raise a false alarm")]
    public double Significance { get; init; } = 0.05;

    /// <summary>Whether a model above the limit stays back; else it is only told.</summary>
    public bool Blocks { get; init; } = true;
}

/// <summary>How well probabilities must agree with the holdout's outcomes. Wide by default: they catch what is broken, a portfolio sets its own.</summary>
public sealed record CalibrationLimits
{
    /// <summary>Least slope of the outcomes on the log-odds (Cox 1958); 1 is perfect, below it the model is too sure of itself.</summary>
    [Range(0, 1.0, ErrorMessage = "0.5 refuses what is far too sure of itself")]
    public double LeastSlope { get; init; } = 0.5;

    /// <summary>Greatest slope.</summary>
    [Range(1.0, 100, ErrorMessage = "2 refuses what is far too unsure of itself")]
    public double GreatestSlope { get; init; } = 2;

    /// <summary>Greatest distance of the intercept, given a slope of 1, from 0: 0.7 means odds that are wrong by a factor of two on the whole.</summary>
    [Range(0, 10.0, ErrorMessage = "1 refuses odds that are wrong by a factor of 2.7")]
    public double MaxIntercept { get; init; } = 1;

    /// <summary>Greatest expected calibration error.</summary>
    [Range(0, 1.0, ErrorMessage = "0.15 refuses what is far off")]
    public double MaxEce { get; init; } = 0.15;
}

/// <summary>
/// How much the holdout may differ from what was trained on, as population stability index: below 0.1 little, above 0.25 much (Siddiqi 2006).
/// New data differ because the world does, and a model that knows them may be the cure: by default these checks only warn.
/// </summary>
public sealed record StabilityLimits
{
    /// <summary>Greatest index of the score.</summary>
    [Range(0, 100.0, ErrorMessage = "0.25 is the usual band")]
    public double MaxScorePsi { get; init; } = 0.25;

    /// <summary>Greatest index of a column.</summary>
    [Range(0, 100.0, ErrorMessage = "0.25 is the usual band")]
    public double MaxColumnPsi { get; init; } = 0.25;

    /// <summary>Whether a model above them stays back.</summary>
    public bool Blocks { get; init; }
}
