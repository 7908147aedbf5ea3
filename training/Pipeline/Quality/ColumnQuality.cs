namespace Serverless.Training.Quality;

/// <summary>What was seen of a column.</summary>
public sealed record ColumnQuality
{
    /// <summary>Its name in the contract.</summary>
    public required string Name { get; init; }

    /// <summary>Its type in the contract, such as number.</summary>
    public required string Type { get; init; }

    /// <summary>Its role in the contract, such as input.</summary>
    public required string Role { get; init; }

    /// <summary>Fields that were read.</summary>
    public required int Rows { get; init; }

    /// <summary>Fields without a value.</summary>
    public required int Missing { get; init; }

    /// <summary>Fields that are no number or date.</summary>
    public int Malformed { get; init; }

    /// <summary>Numbers outside the contract's range.</summary>
    public int OutOfRange { get; init; }

    /// <summary>Values that the contract does not allow.</summary>
    public int NotAllowed { get; init; }

    /// <summary>Fields with one of the contract's special codes, by code; those that occur.</summary>
    public IReadOnlyDictionary<string, int> Special { get; init; } = new SortedDictionary<string, int>();

    /// <summary>How many different values there are.</summary>
    public required long Distinct { get; init; }

    /// <summary>Whether <see cref="Distinct"/> is exact or an estimate with a standard error of 0.8 %.</summary>
    public bool DistinctExact { get; init; } = true;

    /// <summary>Figures of its numbers; for dates in days before the row's date. Absent where they would tell of single persons, and where there are none.</summary>
    public NumberQuality? Numbers { get; init; }

    /// <summary>Rows of each value that the contract lists or the champion knows; those that occur.</summary>
    public IReadOnlyDictionary<string, int> Values { get; init; } = new SortedDictionary<string, int>();

    /// <summary>Rows with other values, which are counted and not named.</summary>
    public int OtherValues { get; init; }

    /// <summary>For categories: rows of the twenty most frequent values, whatever they are.</summary>
    public IReadOnlyList<int> Frequencies { get; init; } = [];

    /// <summary>Movement against the champion's training data.</summary>
    public Movement? AgainstChampion { get; init; }

    /// <summary>Movement of the last fifth of the rows by date against those before.</summary>
    public Movement? WithinDrop { get; init; }

    /// <summary>Fields that break the contract.</summary>
    internal int Faults => Malformed + OutOfRange + NotAllowed;
}

/// <summary>Figures of a column's numbers: extremes and mean of all of them, the rest of a sample.</summary>
/// <param name="Rows">How many numbers there are.</param>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The greatest.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Sampled">How many of them the quantiles and outliers come from.</param>
/// <param name="Quantiles">p1, p5, p25, p50, p75, p95 and p99.</param>
/// <param name="Histogram">Shares of twenty equally wide parts from p1 to p99, what lies outside in the first and last.</param>
/// <param name="OutlierShare">Share further than three interquartile ranges from the middle half (Tukey 1977, far out); absent where the middle half is one value.</param>
/// <param name="Outliers">How many that are of all numbers; exact when all are in the sample.</param>
public sealed record NumberQuality(
    int Rows, double Minimum, double Maximum, double Mean, int Sampled, IReadOnlyDictionary<string, double> Quantiles, IReadOnlyList<double> Histogram,
    double? OutlierShare = null, int? Outliers = null);

/// <summary>How far a column has moved.</summary>
/// <param name="Psi">The population stability index.</param>
/// <param name="ByChance">What it does not exceed by chance with so many rows.</param>
/// <param name="Band">What that means.</param>
public sealed record Movement(double Psi, double ByChance, Drift Band)
{
    /// <summary>The movement from one set of rows to another, by their counts in the same bins; null when a side has no rows.</summary>
    public static Movement? Of(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        var psi = PopulationStability.Index(expected, actual);
        if (double.IsNaN(psi)) return null;
        var chance = PopulationStability.ByChance(expected, actual);
        return new(psi, chance, PopulationStability.Band(psi, chance));
    }
}

/// <summary>What a text drop holds.</summary>
/// <param name="Empty">Rows without text.</param>
/// <param name="TooLong">Rows whose text is longer than the contract allows.</param>
/// <param name="Duplicates">Rows that repeat an earlier text under the same label.</param>
/// <param name="Contradictions">Rows that repeat an earlier text under another label.</param>
/// <param name="OutOfScope">Rows with the contract's out-of-scope label.</param>
/// <param name="Labels">How many labels there are besides it.</param>
/// <param name="Intents">Rows of the labels that the champion knows or that at least ten rows carry.</param>
/// <param name="OtherLabels">Rows with other labels, which are not named: they may be anything.</param>
/// <param name="Lengths">p1 to p99 of the lengths in characters.</param>
/// <param name="AgainstChampion">Movement of the labels against the champion's training data.</param>
public sealed record TextQuality(
    int Empty, int TooLong, int Duplicates, int Contradictions, int OutOfScope, int Labels, IReadOnlyDictionary<string, int> Intents, int OtherLabels,
    IReadOnlyDictionary<string, double> Lengths, Movement? AgainstChampion = null);
