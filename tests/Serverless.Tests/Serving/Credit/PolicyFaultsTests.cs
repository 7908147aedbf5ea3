using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving.Credit;

public class PolicyFaultsTests
{
    [Fact]
    public void Every_fault_of_the_policy_is_listed() => Assert.Equal(
        """
        'policy.closeToCutOff' must lie between 0 and 0.5: 0.01 is one point of a hundred, 0 refers none.
        'policy' must have 0 < approveBelow <= declineFrom <= 1: applications between the two are referred.
        'policy.keyColumns' names 'income' 2 times: keep one.
        'policy.keyColumns' cannot be used. It reads 'wage', which is no column of the contract: correct the name, or list the column.
        'policy.keyColumns' cannot be used. It reads 'sex', a protected attribute, which may decide nothing: take it out of the rule.
        'policy.keyColumns' cannot be used. It reads 'ratio', which is computed itself: use the columns that it is computed from.
        A knock-out rule or limit of 'policy' has no name: write one, which decisions show.
        'policy' has 2 rules named 'same': give each a name of its own.
        Rule 'mute' of 'policy' has no sentence for applicants: write 'reason' with 1 to 500 characters in one line, no space first or last.
        Knock-out rule 'same' cannot be used. It reads 'sex', a protected attribute, which may decide nothing: take it out of the rule.
        Knock-out rule ' ' cannot be used. It reads 'bad', which has the role target: use columns that an application holds.
        Knock-out rule 'mute' cannot be used. It gives no condition: compare something, such as a <= b.
        'policy.limits[0].maximum' must lie between 0 and 1000000000000000.
        'policy.limits[0].from' must lie between 0 and 1.
        Limit 'same' cannot be used. Column 'purpose' is no number: name the column that holds the amount.
        Limit 'lost' cannot be used. It reads 'amount', which is no column of the contract: correct the name, or list the column.
        """,
        string.Join('\n', Faults(new()
        {
            ApproveBelow = 0.5,
            CloseToCutOff = 0.6,
            KeyColumns = ["income", "income", "wage", "sex", "ratio"],
            KnockOuts =
            [
                new() { Name = "same", When = "sex = 'm'", Decision = RuleDecision.Decline, Reason = "No." },
                new() { Name = " ", When = "bad > 0", Decision = RuleDecision.Decline, Reason = "No." },
                new() { Name = "mute", When = "income + 1", Decision = RuleDecision.Refer, Reason = "" },
            ],
            Limits =
            [
                new() { Name = "same", Column = "purpose", Maximum = -1, From = 2, Reason = "No." },
                new() { Name = "lost", Column = "amount", Maximum = 1, Reason = "No." },
            ],
        })));

    [Fact]
    public void Nulls_in_the_policys_lists_are_faults() => Assert.Equal(
        [
            "'policy.knockOuts' lists null: write a rule or remove it.",
            "'policy.limits' lists null: write a limit or remove it.",
            "'policy.keyColumns' lists null: write names of columns.",
        ],
        Faults(new() { KeyColumns = [null!], KnockOuts = [null!], Limits = [null!] }));

    [Fact]
    public void Rules_may_read_inputs_ignored_columns_and_the_date() => Assert.IsType<Outcome<DataContract>.Done>(Read(new()
    {
        KnockOuts = [new() { Name = "young", When = "applied - customerSince < 30", Decision = RuleDecision.Decline, Reason = "You have been a customer for less than 30 days." }],
    }));

    private static IReadOnlyList<string> Faults(DecisionPolicy policy) => Assert.IsType<Outcome<DataContract>.Rejected>(Read(policy)).Reasons;

    private static Outcome<DataContract> Read(DecisionPolicy policy) => new CreditFamily().ReadContract(Json.File(CreditExample.Contract with
    {
        Policy = policy,
        Columns = [.. CreditExample.Contract.Columns, new() { Name = "ratio", Type = ColumnType.Number, Expression = "income / 2" }],
    }));
}
