using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Serving.Credit;

/// <summary>The data contract of a loan portfolio: what its rows hold and how their scores are used.</summary>
public sealed record CreditContract : DataContract
{
    /// <summary>Name of the family.</summary>
    public const string FamilyName = "credit";

    /// <summary>Every column of the export, in any order; a drop may not lack one that is not <see cref="ColumnRole.Ignored"/>.</summary>
    [MinLength(1)]
    public required IReadOnlyList<Column> Columns { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? RowId => Columns.FirstOrDefault(c => c.Role == ColumnRole.Id)?.Name;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? RowDate => Columns.FirstOrDefault(c => c.Role == ColumnRole.Date)?.Name;

    /// <summary>Values of the target that mean a bad loan, as written in the file or, in a number column, of the same value; every other value is good.</summary>
    [MinLength(1), RegularExpression(DataContract.Unpadded)]
    public required IReadOnlyList<string> Bad { get; init; }

    /// <summary>
    /// Months after the application in which a loan shows how it ends; needs a column with the role date. Younger loans are left out, since
    /// one that is not bad yet is not good. Absent: every row has its outcome.
    /// </summary>
    [Range(1, 600, ErrorMessage = "12 or 24 months are usual")]
    public int? PerformanceMonths { get; init; }

    /// <summary>The day on which the outcomes were looked up, for <see cref="PerformanceMonths"/>; absent: that of the drop's manifest, else the latest date of a row.</summary>
    public DateOnly? ObservedOn { get; init; }

    /// <summary>What must hold between the columns of a row.</summary>
    public IReadOnlyList<RowRule> Rules { get; init; } = [];

    /// <summary>Columns by whose values the card shows how good the model is; numbers by their quarters.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>Which kinds of model compete.</summary>
    public ModelChoice Models { get; init; } = new();

    /// <summary>How boosted trees grow, by themselves or in a glass box.</summary>
    public TreeRules Trees { get; init; } = new();

    /// <summary>What a glass box shows.</summary>
    public GlassBoxRules GlassBox { get; init; } = new();

    /// <summary>How applications unlike those trained on are told, and similar past ones found; absent: neither is.</summary>
    public AutoencoderRules? Autoencoder { get; init; }

    /// <summary>How the scorecard is built.</summary>
    public ScorecardRules Scorecard { get; init; } = new();

    /// <summary>How log-odds become points.</summary>
    public PointScale Scale { get; init; } = new();

    /// <summary>How a probability becomes a decision.</summary>
    public DecisionPolicy Policy { get; init; } = new();

    /// <summary>How the risk report values loans.</summary>
    public RiskRules Risk { get; init; } = new();

    /// <summary>Most reasons given with a decision. Reg B (12 CFR 1002.9) wants specific principal reasons and fixes no number.</summary>
    [Range(1, int.MaxValue)]
    public int MaxReasons { get; init; } = 4;

    /// <summary>What the notice of a declined application says of the creditor (12 CFR 1002.9); needed only where such notices are written.</summary>
    public NoticeTemplate? Notice { get; init; }

    /// <summary>What papers of an application must agree with; absent where its papers are not compared.</summary>
    public IReadOnlyList<DocumentRule>? Documents { get; init; }

    /// <summary>What an applicant who was not approved is told of changes that would have led to approval.</summary>
    public CounterfactualRules Counterfactuals { get; init; } = new();
}

/// <summary>One column of a loan export.</summary>
public sealed record Column
{
    /// <summary>Name in the header, and of the field in an application.</summary>
    [MinLength(1)]
    public required string Name { get; init; }

    /// <summary>What its values are.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>What it is used for.</summary>
    public ColumnRole Role { get; init; } = ColumnRole.Input;

    /// <summary>
    /// For a column that is computed instead of read: how, from the columns that are read (such as <c>amount / income</c>, or <c>purpose &amp; home</c>,
    /// which joins two categories). Missing where an operand is missing or the result is no number. Only for inputs.
    /// </summary>
    public string? Expression { get; init; }

    /// <summary>Least value allowed in a number column.</summary>
    public double? Minimum { get; init; }

    /// <summary>Greatest value allowed in a number column.</summary>
    public double? Maximum { get; init; }

    /// <summary>Values allowed in a category column; absent means any, and one not seen in training is scored as unknown and told.</summary>
    [MinLength(1), RegularExpression(DataContract.Unpadded)]
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Texts that mean "missing", besides the empty one.</summary>
    [RegularExpression(DataContract.Unpadded)]
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Texts with a meaning of their own, such as -9 for "no bureau file": each gets its own bin.</summary>
    [RegularExpression(DataContract.Unpadded)]
    public IReadOnlyList<string> Special { get; init; } = [];

    /// <summary>How risk must move as the number grows.</summary>
    public Monotone Monotone { get; init; } = Monotone.Auto;

    /// <summary>Bins set by hand, for a number or date: ascending upper bounds of the bins but the last. Absent: found from the data.</summary>
    public IReadOnlyList<double>? Cuts { get; init; }

    /// <summary>Bins set by hand, for a category: the values of each bin; values in none of them count as unknown. Absent: found from the data.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Groups { get; init; }

    /// <summary>Whether the applicant can change it.</summary>
    public bool Actionable { get; init; }

    /// <summary>How the applicant can change it, where <see cref="Actionable"/>. Absent: to any value in its range that training saw, by round steps.</summary>
    public ColumnChange? Change { get; init; }

    /// <summary>The sentence that tells an applicant why this column hurt.</summary>
    public string? Reason { get; init; }

    /// <summary>Why the column is as it is; for people, and where inference explains its guess.</summary>
    public string? Note { get; init; }
}

/// <summary>What a column's values are.</summary>
public enum ColumnType
{
    /// <summary>A number, decimal point.</summary>
    Number,

    /// <summary>One of a set of texts.</summary>
    Category,

    /// <summary>A date, ISO 8601. As an input it counts as the days from it to the row's date, or from 1970-01-01 where the contract has no date.</summary>
    Date,
}

/// <summary>What a column is used for.</summary>
public enum ColumnRole
{
    /// <summary>An input of the model.</summary>
    Input,

    /// <summary>Identifies a row; unique.</summary>
    Id,

    /// <summary>When the application was made; orders the rows, the last ones are the holdout.</summary>
    Date,

    /// <summary>The outcome.</summary>
    Target,

    /// <summary>A protected attribute: never an input.</summary>
    Protected,

    /// <summary>Not used; may be absent.</summary>
    Ignored,
}

/// <summary>How risk must move as a number grows.</summary>
public enum Monotone
{
    /// <summary>The data decide: rising, falling, or with one turn.</summary>
    Auto,

    /// <summary>Risk never falls as the number grows.</summary>
    Increasing,

    /// <summary>Risk never rises as the number grows.</summary>
    Decreasing,

    /// <summary>Risk rises and then falls, or falls and then rises: one turn at most.</summary>
    Unimodal,

    /// <summary>No constraint.</summary>
    None,
}

/// <summary>What must hold between the columns of a row.</summary>
public sealed record RowRule
{
    /// <summary>Its name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>The condition, such as <c>disbursed &lt;= approved</c>; a row in which an operand is missing keeps it.</summary>
    public required string Holds { get; init; }

    /// <summary>Whether a row that breaks it is in error and left out; else it is counted in the report only.</summary>
    public bool Refuse { get; init; }
}

/// <summary>How a scorecard is built.</summary>
public sealed record ScorecardRules
{
    /// <summary>Least information value of a column; below it the column is not used (0.02 and below is usually called useless: Siddiqi 2006).</summary>
    [Range(0, 10.0, ErrorMessage = "0.02 is usual, 0 keeps every column")]
    public double MinInformationValue { get; init; }

    /// <summary>Greatest correlation of two columns' weights of evidence; of two above it the one with the less information value is not used. 1 keeps both.</summary>
    [Range(0, 1.0, MinimumIsExclusive = true, ErrorMessage = "0.9 drops near copies, 1 keeps every column")]
    public double MaxCorrelation { get; init; } = 1;

    /// <summary>Weight of the lasso in the elastic net that draws coefficients to 0; 0 is ridge alone.</summary>
    [Range(0, 1e6, ErrorMessage = "0 is ridge alone")]
    public double Lasso { get; init; }

    /// <summary>Least share of the rows in a bin.</summary>
    [Range(0, 0.5, MinimumIsExclusive = true, ErrorMessage = "0.05 is usual in hand-made scorecards")]
    public double MinBinShare { get; init; } = 0.01;

    /// <summary>Most ordinary bins of a column.</summary>
    [Range(2, 200)]
    public int MaxBins { get; init; } = 12;
}

/// <summary>Points of a scorecard: <c>points = Base + PointsToDoubleOdds / ln 2 · (ln(good:bad odds) − ln BaseOdds)</c>; a higher score is a better loan.</summary>
public sealed record PointScale
{
    /// <summary>Points at the base odds.</summary>
    [Range(-1e6, 1e6, ErrorMessage = "600 is usual")]
    public double Base { get; init; } = 600;

    /// <summary>Odds good to bad that get the base points.</summary>
    [Range(0, 1e6, MinimumIsExclusive = true, ErrorMessage = "50 means 50 good loans to a bad one")]
    public double BaseOdds { get; init; } = 50;

    /// <summary>Points that double the odds.</summary>
    [Range(0, 1e6, MinimumIsExclusive = true, ErrorMessage = "20 is usual")]
    public double PointsToDoubleOdds { get; init; } = 20;

    /// <summary>Points that multiply the odds by e.</summary>
    [JsonIgnore]
    public double PerLogOdds => PointsToDoubleOdds / Math.Log(2);

    /// <summary>Points (not hundredths) at some log-odds of a bad loan.</summary>
    public double PointsOf(double logOddsOfBad) => Base + (PerLogOdds * (-logOddsOfBad - Math.Log(BaseOdds)));
}
