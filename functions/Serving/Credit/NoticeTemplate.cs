using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Credit;

/// <summary>What a notice of adverse action says beside the reasons: 12 CFR 1002.9(a)(2) and (b)(1), and 15 U.S.C. 1681m(a) where a consumer report was used.</summary>
public sealed record NoticeTemplate
{
    /// <summary>Name of the creditor.</summary>
    [StringLength(200, MinimumLength = 1)]
    public required string Creditor { get; init; }

    /// <summary>The creditor's address; lines may be parted by line breaks.</summary>
    [StringLength(500, MinimumLength = 1)]
    public required string Address { get; init; }

    /// <summary>How the applicant reaches the creditor, such as a telephone number.</summary>
    [StringLength(200, MinimumLength = 1)]
    public required string Contact { get; init; }

    /// <summary>Name and address of the federal agency that administers compliance with the Equal Credit Opportunity Act for this creditor (appendix A of 12 CFR part 1002).</summary>
    [StringLength(500, MinimumLength = 1)]
    public required string Agency { get; init; }

    /// <summary>The agency whose report the decisions use; absent where they use none.</summary>
    public ConsumerReport? Report { get; init; }

    /// <summary>The credit score that the decisions use; absent where they use none.</summary>
    public DisclosedScore? Score { get; init; }
}

/// <summary>A consumer reporting agency, as 15 U.S.C. 1681m(a)(3) asks for it.</summary>
public sealed record ConsumerReport
{
    /// <summary>Its name.</summary>
    [StringLength(200, MinimumLength = 1)]
    public required string Agency { get; init; }

    /// <summary>Its address.</summary>
    [StringLength(500, MinimumLength = 1)]
    public required string Address { get; init; }

    /// <summary>Its telephone number, toll-free where it keeps files nationwide.</summary>
    [StringLength(100, MinimumLength = 1)]
    public required string Telephone { get; init; }
}

/// <summary>Where an application says the credit score that a notice discloses (15 U.S.C. 1681m(a)(2)); without a value there the notice discloses none.</summary>
public sealed record DisclosedScore
{
    /// <summary>The number column with the score.</summary>
    public required string Column { get; init; }

    /// <summary>The least possible score.</summary>
    [Range(-1e6, 1e6)]
    public required double Least { get; init; }

    /// <summary>The greatest possible score.</summary>
    [Range(-1e6, 1e6)]
    public required double Most { get; init; }

    /// <summary>Who provided the score.</summary>
    [StringLength(200, MinimumLength = 1)]
    public required string Provider { get; init; }

    /// <summary>The date column with the day on which the score was made.</summary>
    public string? DateColumn { get; init; }

    /// <summary>The category columns with the key factors that hurt the score, as its provider names them.</summary>
    public IReadOnlyList<string> FactorColumns { get; init; } = [];
}
