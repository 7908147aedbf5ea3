using System.Globalization;
using System.Text.Json;
using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>
/// What an applicant is told whose application was declined: the action, the creditor, the specific principal reasons and the notice of the Equal
/// Credit Opportunity Act (12 CFR 1002.9(a)(2) and (b)); of a consumer report and its score, what 15 U.S.C. 1681m(a) asks for, where the contract names them.
/// </summary>
/// <param name="DecisionId">Id of the decision.</param>
/// <param name="ApplicationId">Id of the application.</param>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="SubmittedAt">When the applicant applied.</param>
/// <param name="ActedAt">When the application was declined, UTC.</param>
/// <param name="Action">The statement of the action taken.</param>
/// <param name="Creditor">Name of the creditor.</param>
/// <param name="Address">Its address.</param>
/// <param name="Contact">How to reach it.</param>
/// <param name="Reasons">The specific principal reasons, in sentences, most important first.</param>
/// <param name="EqualCreditOpportunity">The notice of 12 CFR 1002.9(b)(1).</param>
public sealed record AdverseActionNotice(
    string DecisionId,
    string ApplicationId,
    string Portfolio,
    DateTimeOffset SubmittedAt,
    DateTimeOffset ActedAt,
    string Action,
    string Creditor,
    string Address,
    string Contact,
    IReadOnlyList<string> Reasons,
    string EqualCreditOpportunity)
{
    /// <summary>What is said of the consumer report; null where the contract names none.</summary>
    public string? ConsumerReport { get; init; }

    /// <summary>The credit score that was used; null where the contract names none or the application does not say it.</summary>
    public NoticeScore? Score { get; init; }

    /// <summary>Writes the notice of a declined application; rejected when it was not declined, or what the notice must say is missing.</summary>
    /// <param name="made">The application with its decision.</param>
    /// <param name="contract">The contract with the template.</param>
    public static Outcome<AdverseActionNotice> Of(DecidedCase made, CreditContract contract)
    {
        var decision = made.Decision;
        var verdict = made.Review?.Verdict ?? decision.Verdict;
        if (verdict != DecisionVerdict.Decline)
            return Outcome<AdverseActionNotice>.Reject(Rejection.Conflict, $"Application '{decision.ApplicationId}' was not declined but {(verdict == DecisionVerdict.Approve ? "approved" : "referred to a person, who has not decided yet")}: notices are written of declined ones.");
        if (contract.Notice is not { } template)
            return Outcome<AdverseActionNotice>.Reject(Rejection.Conflict, $"Contract {contract.Version} of portfolio '{contract.Portfolio}' has no 'notice': add it with 'creditor', 'address', 'contact' and 'agency', and activate that version.");
        var reasons = PrincipalReasons(made).Distinct(StringComparer.Ordinal).Take(contract.MaxReasons).ToList();
        if (reasons.Count == 0)
            return Outcome<AdverseActionNotice>.Reject(Rejection.Conflict, $"The decision on application '{decision.ApplicationId}' names no specific reason, which 12 CFR 1002.9(b)(2) asks for: let a person review it and write the reasons.");
        return new AdverseActionNotice(
            decision.DecisionId, decision.ApplicationId, decision.Portfolio, made.Inputs.SubmittedAt, made.Review?.At ?? decision.DecidedAt,
            string.Create(CultureInfo.InvariantCulture, $"We have declined your application {decision.ApplicationId} of {made.Inputs.SubmittedAt:yyyy-MM-dd}."),
            template.Creditor, template.Address, template.Contact, reasons, NoticeText.EqualCreditOpportunity(template.Agency))
        {
            ConsumerReport = template.Report is { } report ? NoticeText.ConsumerReport(report) : null,
            Score = template.Score is { } score ? NoticeScore.Of(score, contract, made.Inputs.Fields) : null,
        };
    }

    // Of what a person declined, that person's reason, unless the program had declined it for its own reasons before. Rules that hold whatever the score
    // is come first; those of the score only where the score declined: what did not decide is no reason.
    private static IEnumerable<string> PrincipalReasons(DecidedCase made)
    {
        var decision = made.Decision;
        if (decision.Verdict != DecisionVerdict.Decline) return [made.Review!.Reason];
        var declining = decision.Rules?.Where(r => r.Decision == RuleDecision.Decline).ToList();
        var byScore = declining?.Exists(r => r.Kind == RuleKind.Score) ?? true;
        return [.. (declining ?? []).Where(r => r.Kind != RuleKind.Score).Select(r => r.Reason), .. byScore ? decision.Reasons.Select(r => r.Sentence) : []];
    }
}

/// <summary>A credit score that was used, as 15 U.S.C. 1681m(a)(2) discloses it.</summary>
/// <param name="Value">The score.</param>
/// <param name="Least">The least possible score.</param>
/// <param name="Most">The greatest possible score.</param>
/// <param name="Provider">Who provided it.</param>
public sealed record NoticeScore(double Value, double Least, double Most, string Provider)
{
    /// <summary>When it was made; null where the application does not say it.</summary>
    public DateOnly? Made { get; init; }

    /// <summary>The key factors that hurt it, as its provider names them.</summary>
    public IReadOnlyList<string> Factors { get; init; } = [];

    internal static NoticeScore? Of(DisclosedScore score, CreditContract contract, IReadOnlyDictionary<string, JsonElement> fields)
    {
        if (Read(score.Column) is not { Kind: CellKind.Number } value) return null;
        List<string> factors = [];
        foreach (var column in score.FactorColumns)
        {
            if (Read(column) is { Kind: CellKind.Category } factor) factors.Add(factor.Category.ToString());
        }

        return new(value.Number, score.Least, score.Most, score.Provider)
        {
            Made = score.DateColumn is { } date && Read(date) is { Kind: CellKind.Number } made ? DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(made.Number)) : null,
            Factors = factors,
        };

        Cell Read(string name) => CreditScorer.Read(new ColumnReader(contract.Columns.Single(c => c.Name == name), false, null, ValueFormat.Of(contract.Format)), fields, 0);
    }
}
