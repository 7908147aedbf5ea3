namespace Serverless.Serving.Credit;

/// <summary>The data contract of a loan portfolio: what its rows hold and how their scores are used.</summary>
public sealed record CreditContract : DataContract
{
    /// <summary>Name of the family.</summary>
    public const string FamilyName = "credit";

    /// <summary>Every column of the export, in any order; a drop may not lack one that is not <see cref="ColumnRole.Ignored"/>.</summary>
    public required IReadOnlyList<Column> Columns { get; init; }

    /// <summary>Values of the target that mean a bad loan, as written in the file or, in a number column, of the same value; every other value is good.</summary>
    public required IReadOnlyList<string> Bad { get; init; }

    /// <summary>How log-odds become points.</summary>
    public PointScale Scale { get; init; } = new();

    /// <summary>How a probability becomes a decision.</summary>
    public DecisionPolicy Policy { get; init; } = new();

    /// <summary>Most reasons given with a decision. Reg B (12 CFR 1002.9) wants specific principal reasons and fixes no number.</summary>
    public int MaxReasons { get; init; } = 4;
}

/// <summary>One column of a loan export.</summary>
public sealed record Column
{
    /// <summary>Name in the header, and of the field in an application.</summary>
    public required string Name { get; init; }

    /// <summary>What its values are.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>What it is used for.</summary>
    public ColumnRole Role { get; init; } = ColumnRole.Input;

    /// <summary>Least value allowed in a number column.</summary>
    public double? Minimum { get; init; }

    /// <summary>Greatest value allowed in a number column.</summary>
    public double? Maximum { get; init; }

    /// <summary>Values allowed in a category column; absent means any, and one not seen in training is scored as unknown and told.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Texts that mean "missing", besides the empty one.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Texts with a meaning of their own, such as -9 for "no bureau file": each gets its own bin.</summary>
    public IReadOnlyList<string> Special { get; init; } = [];

    /// <summary>How risk must move as the number grows.</summary>
    public Monotone Monotone { get; init; } = Monotone.Auto;

    /// <summary>Whether the applicant can change it.</summary>
    public bool Actionable { get; init; }

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

    /// <summary>No constraint.</summary>
    None,
}

/// <summary>Points of a scorecard: <c>points = Base + PointsToDoubleOdds / ln 2 · (ln(good:bad odds) − ln BaseOdds)</c>; a higher score is a better loan.</summary>
public sealed record PointScale
{
    /// <summary>Points at the base odds.</summary>
    public double Base { get; init; } = 600;

    /// <summary>Odds good to bad that get the base points.</summary>
    public double BaseOdds { get; init; } = 50;

    /// <summary>Points that double the odds.</summary>
    public double PointsToDoubleOdds { get; init; } = 20;
}

/// <summary>Decisions by bands of the probability of a bad loan: approve below, decline from, refer between.</summary>
public sealed record DecisionPolicy
{
    /// <summary>Probabilities below this are approved.</summary>
    public double ApproveBelow { get; init; } = 0.1;

    /// <summary>Probabilities from this on are declined.</summary>
    public double DeclineFrom { get; init; } = 0.3;

    /// <summary>Whether an application with a value that training never saw is referred to a person instead of approved.</summary>
    public bool ReferUnseen { get; init; } = true;
}
