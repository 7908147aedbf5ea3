namespace Serverless.Training.Credit.Trees;

/// <summary>Settings of boosting that the search chooses.</summary>
public sealed record TreeParameters
{
    /// <summary>What each tree adds of what it found.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Most leaves of a tree.</summary>
    public int Leaves { get; init; } = 16;

    /// <summary>Most splits on a path; 0 for any number.</summary>
    public int MaxDepth { get; init; }

    /// <summary>Least training rows in a leaf.</summary>
    public int MinRows { get; init; } = 20;

    /// <summary>Weight of the squares of the leaves.</summary>
    public double L2 { get; init; } = 5;

    /// <summary>Share of the features that a tree may use.</summary>
    public double ColumnShare { get; init; } = 0.8;

    /// <summary>Share of the rows that a tree learns from.</summary>
    public double RowShare { get; init; } = 0.8;

    /// <summary>Rows of the portfolio's average that each category is given.</summary>
    public double CategorySmoothing { get; init; } = 10;

    /// <summary>Least rows that a set of categories splits by.</summary>
    public int MinCategoryRows { get; init; } = 50;
}
