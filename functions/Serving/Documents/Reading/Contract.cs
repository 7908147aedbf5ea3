using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Serving.Documents;

/// <summary>How a portfolio's pages are read. Nothing is trained on drops here: what drops, training and the gate say of other families does not apply.</summary>
public sealed record ReadingContract : DataContract
{
    /// <summary>Name of the family.</summary>
    public const string FamilyName = "reading";

    /// <summary>Which pictures are taken.</summary>
    public PictureLimits Pictures { get; init; } = new();

    /// <summary>How text is found on a page.</summary>
    public DetectionRules Detection { get; init; } = new();

    /// <summary>How what was found is read.</summary>
    public RecognitionRules Recognition { get; init; } = new();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? RowId => null;

    /// <summary>Parses and checks a contract; all faults are listed at once.</summary>
    public static Outcome<DataContract> Read(ReadOnlySpan<byte> json) => ContractReader.Read<ReadingContract>(json, contract => [.. CommonFaults.Of(contract, FamilyName, [])]);
}

/// <summary>How text is found: differentiable binarization (Liao et al. 2020), with the values of PP-OCRv4 where nothing else is said.</summary>
public sealed record DetectionRules
{
    /// <summary>Probability from which on a pixel is text.</summary>
    [Range(0.05, 0.95, ErrorMessage = "0.3 is usual")]
    public double Threshold { get; init; } = 0.3;

    /// <summary>Least mean probability of the pixels in a box.</summary>
    [Range(0, 0.99, ErrorMessage = "0.6 is usual")]
    public double BoxScore { get; init; } = 0.6;

    /// <summary>How far a box is widened on every side, since the network finds shrunken text: this times area / circumference.</summary>
    [Range(0, 4.0, ErrorMessage = "1.5 to 2 is usual")]
    public double Unclip { get; init; } = 1.7;

    /// <summary>A page is looked at with at most so many pixels; bigger ones are scaled down for finding, not for reading. Time and memory grow with it.</summary>
    [Range(100_000, 8_000_000)]
    public int MaxPixels { get; init; } = 2_000_000;

    /// <summary>A smaller page is scaled up until its shorter side has so many pixels, three times at most.</summary>
    [Range(32, 2_000)]
    public int LeastSide { get; init; } = 448;

    /// <summary>Most lines of a page; of more, those with most text count.</summary>
    [Range(1, 5_000)]
    public int MaxLines { get; init; } = 1_000;
}

/// <summary>How the lines that were found are read (Graves et al. 2006; SVTR, Du et al. 2022).</summary>
public sealed record RecognitionRules
{
    /// <summary>A line is 48 pixels high and at most so many wide when it is read; longer ones are squeezed.</summary>
    [Range(320, 8_000)]
    public int MaxWidth { get; init; } = 3_200;

    /// <summary>Short lines are read together up to so many pixels of width; more is not faster, because it leaves the processor's caches.</summary>
    [Range(64, 32_000)]
    public int BatchWidth { get; init; } = 640;

    /// <summary>
    /// Probability from which a space is written between two characters, weighed by what the network says, how far they are from each other, and marks between them.
    /// </summary>
    [Range(0, 1.0, MinimumIsExclusive = true, ErrorMessage = "0.5 makes fewest mistakes")]
    public double SpaceFrom { get; init; } = 0.5;

    /// <summary>Lines that are read with less confidence are left out. 0 keeps all, each with its confidence.</summary>
    [Range(0, 1.0)]
    public double LeastConfidence { get; init; }
}
