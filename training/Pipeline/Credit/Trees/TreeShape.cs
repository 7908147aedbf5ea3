namespace Serverless.Training.Credit.Trees;

/// <summary>What every tree must keep, whatever the search finds.</summary>
public sealed record TreeShape
{
    /// <summary>Most splits on a path; 0 for any number.</summary>
    public int MaxDepth { get; init; }

    /// <summary>Sets of columns, by their places; the columns of a path must lie in one of them. Null: any columns together.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Together { get; init; }
}
