using System.ComponentModel.DataAnnotations;
using Serverless.Serving.Documents;

namespace Serverless.Serving.Credit;

/// <summary>
/// What an applicant's paper must agree with: a field that is read from it is compared with a field of the application. Where they contradict each other, a person
/// decides. The field of the application may be any that it sends, one that no model reads too.
/// </summary>
public sealed record DocumentRule
{
    /// <summary>Field of the application, such as <c>income</c> or <c>employer</c>.</summary>
    [RegularExpression(DataContract.Unpadded), MinLength(1)]
    public required string Field { get; init; }

    /// <summary>What is read from the paper.</summary>
    public required KeyFieldName Reads { get; init; }

    /// <summary>The kind of paper that is looked at; absent for any. One whose kind nothing tells is not looked at then.</summary>
    public PaperKind? Kind { get; init; }

    /// <summary>What an amount that was read is multiplied by before it is compared: 12 for the pay of a month and the income of a year.</summary>
    [Range(0, 1000.0, MinimumIsExclusive = true, ErrorMessage = "12 makes a yearly amount of a monthly one")]
    public decimal Times { get; init; } = 1;

    /// <summary>How far an amount may lie from the stated one, as a share of that; 0 to 10.</summary>
    [Range(0, 10.0, ErrorMessage = "0.1 lets a tenth pass")]
    public decimal Tolerance { get; init; } = 0.1m;

    /// <summary>How many days a date may lie from the stated one.</summary>
    [Range(0, 36_600, ErrorMessage = "31 lets a month pass")]
    public int Days { get; init; }

    /// <summary>How alike names and addresses must be: 1 less their edit distance over the longer one's length, by letters and digits alone, 0 to 1.</summary>
    [Range(0, 1.0, ErrorMessage = "0.7 lets one character in three differ")]
    public double Likeness { get; init; } = 0.7;
}
