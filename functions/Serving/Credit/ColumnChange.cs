using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Credit;

/// <summary>How an applicant can change a column: what a counterfactual may suggest.</summary>
public sealed record ColumnChange
{
    internal const double MaxStep = 1e12;

    /// <summary>
    /// New values are multiples of it, in the column's units; days for a date. Absent: 1 day for dates; for numbers the power of ten of at most a
    /// twentieth of what the inner bins span, and at least 1 where bins and value are whole.
    /// </summary>
    [Range(0, MaxStep, MinimumIsExclusive = true, ErrorMessage = "such as 100 for an amount of money")]
    public double? Step { get; init; }

    /// <summary>Least value that the applicant can reach; numbers only. Absent: the column's minimum.</summary>
    public double? Least { get; init; }

    /// <summary>Greatest value that the applicant can reach; numbers only. Absent: the column's maximum.</summary>
    public double? Most { get; init; }

    /// <summary>Which way it can change; numbers and dates only.</summary>
    public ChangeDirection Direction { get; init; }
}

/// <summary>Which way a value can change.</summary>
public enum ChangeDirection
{
    /// <summary>Both ways.</summary>
    Any,

    /// <summary>To greater numbers and later dates.</summary>
    Up,

    /// <summary>To smaller numbers and earlier dates.</summary>
    Down,
}

/// <summary>Which counterfactuals are told.</summary>
public sealed record CounterfactualRules
{
    /// <summary>Most counterfactuals; 0 tells none.</summary>
    [Range(0, 20, ErrorMessage = "3 is usual, 0 tells none")]
    public int Most { get; init; } = 3;

    /// <summary>Most columns that one changes.</summary>
    [Range(1, 5, ErrorMessage = "more changes at once are no advice")]
    public int MaxColumns { get; init; } = 3;
}
