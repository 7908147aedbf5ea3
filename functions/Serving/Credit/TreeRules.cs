using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Credit;

/// <summary>How boosted trees are trained.</summary>
public sealed record TreeRules
{
    /// <summary>Most trees.</summary>
    [Range(1, 5000, ErrorMessage = "500 is plenty; each tree makes answers slower")]
    public int MaxRounds { get; init; } = 600;

    /// <summary>
    /// Rounds that the search for the best settings may spend on a table of 1,000,000 values (rows by columns); on other tables fewer or more, so that
    /// the work stays about the same, but at most eight times as many. 0: no search.
    /// </summary>
    [Range(0, 100_000, ErrorMessage = "500 keeps the training of 100,000 rows by 10 columns below 20 seconds")]
    public int SearchRounds { get; init; } = 400;

    /// <summary>Share of the rows in the part that tells when to stop, where the rows have dates or are many; fewer are cross-validated.</summary>
    [Range(0, 0.5, MinimumIsExclusive = true, ErrorMessage = "0.2 keeps a fifth of the rows to tell when to stop")]
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Rounds without a better loss after which training stops.</summary>
    [Range(1, 1000)]
    public int Patience { get; init; } = 30;

    /// <summary>Least rows of a category value that is a bin of its own; rarer ones share one.</summary>
    [Range(1, 1_000_000)]
    public int MinCategoryRows { get; init; } = 5;
}
