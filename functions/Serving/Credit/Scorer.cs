using System.Text.Json;

namespace Serverless.Serving.Credit;

/// <summary>A loaded scorecard.</summary>
public sealed class CreditScorer : IServedModel
{
    /// <inheritdoc/>
    public ModelBundle Bundle => throw new NotImplementedException();

    /// <summary>The contract that the model was trained under.</summary>
    public CreditContract Contract => throw new NotImplementedException();

    /// <summary>Scores one application with its reasons; rejected with every field that is wrong.</summary>
    public Outcome<CreditScore> Score(IReadOnlyDictionary<string, JsonElement> fields) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void SelfTest() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>The score of one application.</summary>
/// <param name="Points">The sum of the base and every column's points; exact to two decimals.</param>
/// <param name="Probability">Calibrated probability of a bad loan, 0 to 1.</param>
/// <param name="Reasons">What cost most points against the portfolio's average, worst first.</param>
/// <param name="Unseen">Names of category columns whose value training never saw.</param>
public sealed record CreditScore(decimal Points, double Probability, IReadOnlyList<Reason> Reasons, IReadOnlyList<string> Unseen);

/// <summary>One reason of a score.</summary>
/// <param name="Column">The contract's column.</param>
/// <param name="Sentence">The contract's sentence for it.</param>
/// <param name="PointsLost">Points below the portfolio's average for this column; above 0.</param>
public sealed record Reason(string Column, string Sentence, decimal PointsLost);
