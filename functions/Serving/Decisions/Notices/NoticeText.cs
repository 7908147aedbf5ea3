using System.Globalization;
using System.Text;
using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>The words of a notice of adverse action.</summary>
public static class NoticeText
{
    /// <summary>The notice as a letter in plain text.</summary>
    public static string Of(AdverseActionNotice notice)
    {
        var text = new StringBuilder()
            .Append(notice.Creditor).Append('\n').Append(notice.Address.ReplaceLineEndings("\n")).Append('\n').Append(notice.Contact).Append("\n\n")
            .Append(CultureInfo.InvariantCulture, $"{notice.ActedAt:yyyy-MM-dd}\n\nNotice of action taken\n\n{notice.Action}\n\n")
            .Append(notice.Reasons.Count == 1 ? "The principal reason for this decision:\n" : "The principal reasons for this decision:\n");
        foreach (var reason in notice.Reasons) text.Append("- ").Append(reason).Append('\n');
        if (notice.ConsumerReport is { } report) text.Append('\n').Append(report).Append('\n');
        if (notice.Score is { } score) Append(text, score);
        return text.Append('\n').Append(notice.EqualCreditOpportunity).Append('\n').ToString();
    }

    /// <summary>The notice of 12 CFR 1002.9(b)(1).</summary>
    internal static string EqualCreditOpportunity(string agency) =>
        "The Federal Equal Credit Opportunity Act prohibits creditors from discriminating against credit applicants on the basis of race, color, religion, national origin, sex, "
        + "marital status, age (provided the applicant has the capacity to enter into a binding contract); because all or part of the applicant's income derives from any public "
        + "assistance program; or because the applicant has in good faith exercised any right under the Consumer Credit Protection Act. The Federal agency that administers "
        + $"compliance with this law concerning this creditor is {agency}.";

    /// <summary>What 15 U.S.C. 1681m(a)(3) and (4) ask for.</summary>
    internal static string ConsumerReport(ConsumerReport report) =>
        $"Our decision was based in whole or in part on information in a consumer report from {report.Agency}, {report.Address.ReplaceLineEndings(", ")}, {report.Telephone}. The agency did not make the "
        + "decision and is unable to give you the specific reasons for it. You have a right to a free copy of your consumer report from the agency if you ask for it within 60 days of "
        + "receiving this notice, and a right to dispute with the agency the accuracy or completeness of any information in the report.";

    private static void Append(StringBuilder text, NoticeScore score)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nWe used a credit score from {score.Provider} in making our decision: {score.Value}");
        if (score.Made is { } made) text.Append(CultureInfo.InvariantCulture, $", made on {made:yyyy-MM-dd}");
        text.Append(CultureInfo.InvariantCulture, $". Scores range from {score.Least} to {score.Most}.\n");
        if (score.Factors.Count > 0) text.Append("Key factors that adversely affected the score:\n");
        foreach (var factor in score.Factors) text.Append("- ").Append(factor).Append('\n');
    }
}
