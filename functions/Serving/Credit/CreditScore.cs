namespace Serverless.Serving.Credit;

/// <summary>The score of one application.</summary>
/// <param name="Points">The sum of the base and every column's points; exact to two decimals.</param>
/// <param name="Probability">Calibrated probability of a bad loan, 0 to 1.</param>
/// <param name="Reasons">What cost most points against the portfolio's average, worst first.</param>
/// <param name="Unseen">Names of category columns whose value training never saw.</param>
public sealed record CreditScore(decimal Points, double Probability, IReadOnlyList<Reason> Reasons, IReadOnlyList<string> Unseen)
{
    /// <summary>Whether the application is unlike those that the model was trained on; null where the model cannot tell.</summary>
    public bool? OutOfDistribution { get; init; }
}

/// <summary>One reason of a score.</summary>
/// <param name="Column">The contract's column.</param>
/// <param name="Sentence">The contract's sentence for it.</param>
/// <param name="PointsLost">Points below the portfolio's average for this column; above 0.</param>
public sealed record Reason(string Column, string Sentence, decimal PointsLost)
{
    /// <summary>
    /// Points that a better value of the column would add, everything else unchanged: the best value of models that add up, which is exact; the
    /// one that is best on average of all others. Absent when no value would add any, and in decisions of earlier programs.
    /// </summary>
    public decimal? Gain { get; init; }
}
