using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Credit;

/// <summary>What a glass box shows, and what a person edited in it.</summary>
public sealed record GlassBoxRules
{
    /// <summary>Most pairs of columns whose joint effect is shown.</summary>
    [Range(0, 100, ErrorMessage = "10 can still be read, 0 shows columns alone")]
    public int MaxPairs { get; init; } = 10;

    /// <summary>Terms that must not be in it: names of columns, or of two as <c>first &amp; second</c>.</summary>
    [RegularExpression(DataContract.Unpadded)]
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>Stretches of a column's curve that are made flat, such as a dip that only chance explains.</summary>
    public IReadOnlyList<FlatStretch> Flatten { get; init; } = [];
}

/// <summary>A stretch of a number's or date's curve that is made flat, at its mean over the training rows.</summary>
public sealed record FlatStretch
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>From this value on; absent: from the least.</summary>
    public double? From { get; init; }

    /// <summary>Up to this value; absent: to the greatest.</summary>
    public double? To { get; init; }
}
