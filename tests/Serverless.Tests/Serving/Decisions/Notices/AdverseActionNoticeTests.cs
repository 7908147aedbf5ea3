using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Tests.Serving.Credit;

namespace Serverless.Tests.Serving.Decisions;

public class AdverseActionNoticeTests
{
    private static readonly NoticeTemplate Template = new() { Creditor = "Example Bank", Address = "1 Main Street\nSpringfield, IL 62701", Contact = "1-800-555-0100", Agency = "Example Agency, Washington, DC 20000" };

    private static readonly CreditContract Contract = CreditExample.Contract with { MaxReasons = 3, Notice = Template };

    [Fact]
    public void Notice_is_a_letter_with_action_reasons_and_the_rules_of_the_law() => Assert.Equal(
        """
        Example Bank
        1 Main Street
        Springfield, IL 62701
        1-800-555-0100

        2026-03-02

        Notice of action taken

        We have declined your application A-1 of 2026-03-01.

        The principal reasons for this decision:
        - Your debts are high.
        - Your income is low.
        - You rent.

        The Federal Equal Credit Opportunity Act prohibits creditors from discriminating against credit applicants on the basis of race, color, religion, national origin, sex, marital status, age (provided the applicant has the capacity to enter into a binding contract); because all or part of the applicant's income derives from any public assistance program; or because the applicant has in good faith exercised any right under the Consumer Credit Protection Act. The Federal agency that administers compliance with this law concerning this creditor is Example Agency, Washington, DC 20000.

        """,
        NoticeText.Of(Write(Made(KnockOut, ByScore))), ignoreLineEndingDifferences: true);

    [Fact]
    public void Reasons_of_the_score_are_told_only_where_the_score_declined()
    {
        Assert.Equal(["Your debts are high."], Write(Made(KnockOut)).Reasons);
        Assert.Equal(["Your income is low.", "You rent.", "You are new."], Write(Made(ByScore)).Reasons);
        Assert.Equal(["Your income is low.", "You rent.", "You are new."], Write(Made((IReadOnlyList<FiredRule>?)null)).Reasons); // of a program that told no rules
        Assert.Equal(["Your debts are high."], Write(Made(KnockOut, ByScore), Contract with { MaxReasons = 1 }).Reasons);
    }

    [Fact]
    public void Reason_of_a_person_who_declined_a_referred_application_is_the_only_one()
    {
        var referred = Made([]) with { Review = new(DecisionVerdict.Decline, "Your employer could not be reached.", "ann", Day(9), new(0, 0, 0)) };
        var notice = Write(referred with { Decision = referred.Decision with { Verdict = DecisionVerdict.Refer } });
        Assert.Equal((Day(9), "Your employer could not be reached."), (notice.ActedAt, Assert.Single(notice.Reasons)));
        Assert.Contains("The principal reason for this decision:", NoticeText.Of(notice), StringComparison.Ordinal);
        Assert.Equal("Your debts are high.", Write(Made(KnockOut) with { Review = new(DecisionVerdict.Decline, "It stands.", "ann", Day(9), new(0, 0, 0)) }).Reasons[0]);
    }

    [Fact]
    public void Report_and_score_are_told_where_the_contract_names_them_and_the_application_says_them()
    {
        var contract = Contract with
        {
            Columns =
            [
                .. Contract.Columns, new() { Name = "bureau", Type = ColumnType.Number, Role = ColumnRole.Ignored },
                new() { Name = "made", Type = ColumnType.Date, Role = ColumnRole.Ignored }, new() { Name = "factor", Type = ColumnType.Category, Role = ColumnRole.Ignored },
            ],
            Notice = Template with
            {
                Report = new() { Agency = "Example Bureau", Address = "2 Side Street, Springfield", Telephone = "1-800-555-0199" },
                Score = new() { Column = "bureau", Least = 300, Most = 850, Provider = "Example Bureau", DateColumn = "made", FactorColumns = ["factor"] },
            },
        };
        var text = NoticeText.Of(Write(Made("""{"bureau": 612, "made": "2026-02-28", "factor": "Too many inquiries"}""", ByScore), contract));
        Assert.Contains("in a consumer report from Example Bureau, 2 Side Street, Springfield, 1-800-555-0199. The agency did not make the decision and is unable to give you the specific reasons for it.", text, StringComparison.Ordinal);
        Assert.Contains("We used a credit score from Example Bureau in making our decision: 612, made on 2026-02-28. Scores range from 300 to 850.\nKey factors that adversely affected the score:\n- Too many inquiries\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("credit score", NoticeText.Of(Write(Made(ByScore), contract)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_declined_or_not_said_is_refused_with_what_to_do()
    {
        var made = Made(KnockOut);
        Assert.Equal("Application 'A-1' was not declined but approved: notices are written of declined ones.", Refused(made with { Decision = made.Decision with { Verdict = DecisionVerdict.Approve } }));
        Assert.Equal("Application 'A-1' was not declined but referred to a person, who has not decided yet: notices are written of declined ones.", Refused(made with { Decision = made.Decision with { Verdict = DecisionVerdict.Refer } }));
        Assert.StartsWith("Application 'A-1' was not declined but approved", Refused(made with { Review = new(DecisionVerdict.Approve, "Fine.", "ann", Day(9), new(0, 0, 0)) }), StringComparison.Ordinal);
        Assert.Equal("Contract 1 of portfolio 'example' has no 'notice': add it with 'creditor', 'address', 'contact' and 'agency', and activate that version.", Refused(made, CreditExample.Contract));
        var mute = Made(ByScore);
        Assert.StartsWith("The decision on application 'A-1' names no specific reason, which 12 CFR 1002.9(b)(2) asks for", Refused(mute with { Decision = mute.Decision with { Reasons = [] } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_the_template_are_listed() => Assert.Equal(
        """
        'notice.creditor' must have 1 to 200 characters.
        'notice.agency' must have 1 to 500 characters.
        'notice.report.telephone' must have 1 to 100 characters.
        'notice.score' must have least below most: write the range of possible scores.
        'notice.score' names 'purpose', which is no number: correct the name, or the column's type.
        'notice.score' names 'sex', which applications do not say: name a column with the role input or ignored, and no 'expression'.
        'notice.score' names 'unknown', which is no column of the contract: correct the name, or list the column.
        """,
        string.Join('\n', Assert.IsType<Outcome<DataContract>.Rejected>(new CreditFamily().ReadContract(Json.File(CreditExample.Contract with
        {
            Notice = Template with
            {
                Creditor = "",
                Agency = "",
                Report = new() { Agency = "Example Bureau", Address = "2 Side Street", Telephone = "" },
                Score = new() { Column = "purpose", Least = 850, Most = 300, Provider = "Example Bureau", DateColumn = "unknown", FactorColumns = ["sex"] },
            },
        }))).Reasons));

    private static FiredRule KnockOut => new(RuleKind.KnockOut, "debts", RuleDecision.Decline, "Your debts are high.");

    private static FiredRule ByScore => new(RuleKind.Score, "declineFrom", RuleDecision.Decline, "The band that is declined.");

    private static DateTimeOffset Day(int day) => new(2026, 3, day, 10, 0, 0, TimeSpan.Zero);

    private static DecidedCase Made(params IReadOnlyList<FiredRule>? rules) => Made("{}", rules);

    private static DecidedCase Made(string fields, params IReadOnlyList<FiredRule>? rules) => new(
        new("d", "A-1", "example", DecisionVerdict.Decline, 500, 0.4, [new("income", "Your income is low.", 10), new("housing", "You rent.", 5), new("since", "You are new.", 2), new("x", "More.", 1)], [], "m", "1", Day(2)) { Rules = rules },
        new("hash", Day(1), CreditExample.Fields(fields)), new byte[32]);

    private static AdverseActionNotice Write(DecidedCase made, CreditContract? contract = null) => Assert.IsType<Outcome<AdverseActionNotice>.Done>(AdverseActionNotice.Of(made, contract ?? Contract)).Value;

    private static string Refused(DecidedCase made, CreditContract? contract = null)
    {
        var rejected = Assert.IsType<Outcome<AdverseActionNotice>.Rejected>(AdverseActionNotice.Of(made, contract ?? Contract));
        Assert.Equal(Rejection.Conflict, rejected.Kind);
        return Assert.Single(rejected.Reasons);
    }
}
