using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Text;
using Serverless.Training.Contracts;

namespace Serverless.Tests.Training.Contracts;

public class ContractDiffTests
{
    private static readonly CreditContract Base = new()
    {
        Family = "credit",
        Portfolio = "loans",
        Version = "1",
        Bad = ["1"],
        Columns =
        [
            new() { Name = "applied", Type = ColumnType.Date, Role = ColumnRole.Date },
            new() { Name = "income", Type = ColumnType.Number, Minimum = 0, Reason = "Your income is low." },
            new() { Name = "purpose", Type = ColumnType.Category, Allowed = ["car", "boat"] },
            new() { Name = "bad", Type = ColumnType.Number, Role = ColumnRole.Target },
        ],
    };

    [Fact]
    public void Version_order_and_schema_make_no_difference() =>
        Assert.Empty(ContractDiff.Of(Base, Base with { Version = "2", Schema = "x.json", Columns = [.. Base.Columns.Reverse()] }));

    [Fact]
    public void Members_are_told_with_what_follows() => Assert.Equal(
        """
        'bad' is ["1","2"] instead of ["1"]. Other loans count as bad: figures are not comparable with earlier versions.
        'performanceMonths' is 12, and was absent. Other loans are old enough to have an outcome: figures are not comparable with earlier versions.
        'scale.base' is 500 instead of 600. Points stand for other odds: they are not comparable with earlier ones, and limits on points that are kept elsewhere must move.
        'policy.approveBelow' is 0.12 instead of 0.1. Applications with a probability of a bad loan from 0.1 to 0.12 are approved instead of referred.
        'policy.declineFrom' is 0.25 instead of 0.3. Applications with a probability of a bad loan from 0.25 to 0.3 are declined instead of referred.
        'policy.referUnseen' is false instead of true. Applications with a value that training never saw can be approved without a person.
        'policy.referOutOfDistribution' is false instead of true. Applications unlike those of the training are decided by their score, which nobody vouches for.
        'policy.closeToCutOff' is 0.01 instead of 0. More applications close to a bound of the policy are referred.
        'policy.keyColumns' is ["income"] instead of []. Applications in which one of these columns is missing are referred, neither approved nor declined by their score.
        'policy.knockOuts' is [{"name":"poor","when":"income < 1","decision":"decline","reason":"You have no i… instead of []. Other applications are declined or referred whatever their score is: score a file of applications to see how many.
        'policy.limits' is [{"name":"most","column":"income","maximum":9,"from":0,"decision":"refer","reaso… instead of []. Other amounts are declined or referred: score a file of applications to see how many.
        'maxReasons' is 2 instead of 4. Decisions give fewer reasons: check that they still give the principal ones (12 CFR 1002.9).
        'drops' is "increment" instead of "full". Each drop is added to the earlier ones: export new and changed rows only, a later row for an id replaces an earlier one.
        'format.culture' is "de-DE", and was absent. Files are read in another way: change the export together with the contract.
        'limits.maxRows' is 1000 instead of 50000000. Drops beyond it are rejected.
        'training.maxRowsInError' is 0.05 instead of 0.01. Drops with more rows in error than before are accepted, without those rows.
        'gate.floors.auc' is 0.6, and was absent. The next model must show something else before it goes live.
        'gate.approval' is true instead of false. A version that passes the gate waits for a person.
        """,
        Told(Base, Base with
        {
            PerformanceMonths = 12,
            Bad = ["1", "2"],
            Scale = new() { Base = 500 },
            Policy = new()
            {
                ApproveBelow = 0.12,
                DeclineFrom = 0.25,
                ReferUnseen = false,
                ReferOutOfDistribution = false,
                CloseToCutOff = 0.01,
                KeyColumns = ["income"],
                KnockOuts = [new() { Name = "poor", When = "income < 1", Decision = RuleDecision.Decline, Reason = "You have no income." }],
                Limits = [new() { Name = "most", Column = "income", Maximum = 9, Reason = "We lend no more." }],
            },
            MaxReasons = 2,
            Drops = DropMode.Increment,
            Format = new() { Culture = "de-DE" },
            Limits = new() { MaxRows = 1000 },
            Training = new() { MaxRowsInError = 0.05 },
            Gate = new() { Floors = new Dictionary<string, double> { ["auc"] = 0.6 }, Approval = true },
        }));

    [Fact]
    public void Columns_that_come_and_go_are_told_by_their_role() => Assert.Equal(
        """
        Column 'purpose' is gone; it had the role input. Models are trained again without it; drops and applications need not have it.
        Column 'age' is new, with the role protected. Drops must have it; it is never an input.
        Column 'savings' is new, with the role input. Drops must have it; models are trained again with it; applications without it are scored as missing.
        Column 'rate' is new, with the role input. It is computed from other columns: models are trained again with it.
        Column 'remark' is new, with the role ignored. It is not used, and drops need not have it.
        """,
        Told(Base, Base with
        {
            Columns =
            [
                .. Base.Columns.Where(c => c.Name != "purpose"),
                new() { Name = "age", Type = ColumnType.Number, Role = ColumnRole.Protected },
                new() { Name = "savings", Type = ColumnType.Number },
                new() { Name = "rate", Type = ColumnType.Number, Expression = "income / savings" },
                new() { Name = "remark", Type = ColumnType.Category, Role = ColumnRole.Ignored },
            ],
        }));

    [Theory]
    [InlineData(ColumnRole.Protected, "'role' of column 'income' is \"protected\" instead of \"input\". Models are trained again without it; drops must still have it, and it is never an input. A champion that uses it cannot be compared with the next model: it stays until a person decides.")]
    [InlineData(ColumnRole.Ignored, "'role' of column 'income' is \"ignored\" instead of \"input\". Models are trained again without it; drops and applications need not have it. A champion that uses it cannot be compared with the next model: it stays until a person decides.")]
    [InlineData(ColumnRole.Id, "'role' of column 'income' is \"id\" instead of \"input\". Rows are told apart by it: the next comparison with the champion cannot tell which rows it was trained on.")]
    public void Role_that_changes_is_told(ColumnRole role, string told) => Assert.Equal($"{told}", Told(Base, Changed("income", c => c with { Role = role })));

    [Fact]
    public void Members_of_columns_are_told_with_what_follows()
    {
        Assert.Equal("'minimum' of column 'income' is 100 instead of 0. Rows and applications outside the range are refused.", Told(Base, Changed("income", c => c with { Minimum = 100 })));
        Assert.Equal(
            "'minimum' of column 'income' is absent, and was 0. Rows and applications in the wider range are accepted; no model before saw such values.",
            Told(Base, Changed("income", c => c with { Minimum = null })));
        Assert.Equal(
            "'allowed' of column 'purpose' is [\"car\",\"house\"] instead of [\"car\",\"boat\"]. Rows and applications with 'boat' are refused. Rows and applications with 'house' are accepted.",
            Told(Base, Changed("purpose", c => c with { Allowed = ["car", "house"] })));
        Assert.Equal("'cuts' of column 'income' is [1000,2000], and was absent. The next model has these bins.", Told(Base, Changed("income", c => c with { Cuts = [1000, 2000] })));
        Assert.Equal("'monotone' of column 'income' is \"decreasing\" instead of \"auto\". The next model's risk must move as it says.", Told(Base, Changed("income", c => c with { Monotone = Monotone.Decreasing })));
        Assert.Equal(
            "'change.step' of column 'income' is 100, and was absent. Once a model was trained under it, counterfactuals suggest other values.\n'change.direction' of column 'income' is \"up\", and was absent. Once a model was trained under it, counterfactuals suggest other values.",
            Told(Base, Changed("income", c => c with { Change = new() { Step = 100, Direction = ChangeDirection.Up } })));
        Assert.Equal("'counterfactuals.most' is 0 instead of 3. Applicants are told no change that would have led to approval.", Told(Base, Base with { Counterfactuals = new() { Most = 0 } }));
        Assert.Equal("'reason' of column 'income' is absent, and was \"Your income is low.\". Decisions have no sentence for it: write one.", Told(Base, Changed("income", c => c with { Reason = null })));
        Assert.Equal(
            "'special' of column 'income' is [\"-9\"] instead of []. These texts mean something else than before: models are trained again, and figures are not comparable with earlier versions.",
            Told(Base, Changed("income", c => c with { Special = ["-9"] })));
    }

    [Fact]
    public void Rules_are_told_by_name()
    {
        var first = Base with { Rules = [new() { Name = "order", Holds = "income <= 5" }, new() { Name = "old", Holds = "income > 0" }] };
        var second = Base with { Rules = [new() { Name = "new", Holds = "income < 9" }, new() { Name = "order", Holds = "income <= 5", Refuse = true }] };
        Assert.Equal(
            """
            Rule 'order' is now: income <= 5. Rows that break it are left out and count as rows in error ('training.maxRowsInError').
            Rule 'old' is gone. Rows that break it are used, and the report no longer counts them.
            Rule 'new' is new: income < 9. Rows that break it are used, and the report counts them.
            """,
            Told(first, second));
    }

    [Fact]
    public void Risk_rules_change_the_risk_report_alone() => Assert.Equal(
        "'risk.significance' is 0.01 instead of 0.05. The next risk report values loans in another way; models and decisions stay as they are.",
        Told(Base, Base with { Risk = new() { Significance = 0.01 } }));

    [Fact]
    public void Text_contracts_are_compared_too()
    {
        var first = new TextContract { Family = "text", Portfolio = "support", Version = "1", TextColumn = "text", LabelColumn = "intent" };
        Assert.Equal("'maxLength' is 100 instead of 2000. Longer texts are refused.", Told(first, first with { MaxLength = 100 }));
        Assert.Equal(
            """
            'behaviour.texts' is 0 instead of 500. Invariance is measured on other texts or with other greetings: its figures are not comparable with earlier ones.
            'behaviour.cases' is [{"text":"my pin","intent":"pin"}] instead of []. The next model must answer these texts so before it goes live.
            """,
            Told(first, first with { Behaviour = new() { Texts = 0, Cases = [new() { Text = "my pin", Intent = "pin" }] } }));
    }

    private static CreditContract Changed(string name, Func<Column, Column> change) => Base with { Columns = [.. Base.Columns.Select(c => c.Name == name ? change(c) : c)] };

    private static string Told(DataContract before, DataContract after) => string.Join('\n', ContractDiff.Of(before, after).Select(c => $"{c.What} {c.Consequence}"));
}
