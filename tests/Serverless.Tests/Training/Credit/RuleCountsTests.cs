using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class RuleCountsTests
{
    private static readonly CreditContract Contract = LoanExport.Contract with
    {
        Columns =
        [
            .. LoanExport.Contract.Columns,
            new() { Name = "date", Type = ColumnType.Date, Role = ColumnRole.Date },
            new() { Name = "since", Type = ColumnType.Date },
            new() { Name = "branch", Type = ColumnType.Number, Role = ColumnRole.Ignored },
        ],
        Policy = new()
        {
            KeyColumns = ["income"],
            CloseToCutOff = 0.01,
            KnockOuts = [Rule("poor", "income < 2000"), Rule("late", "since > 18262"), Rule("branch", "branch > 1")],
            Limits = [new() { Name = "most", Column = "noise", Maximum = 100, From = 0.2, Reason = "Too much." }],
        },
    };

    [Fact]
    public async Task Every_rule_counts_its_rows_and_one_on_a_column_that_was_not_kept_is_absent()
    {
        // 2020-01-01 is day 18262; what follows the five rows is there because an export needs more.
        var rows = await LoanExport.RowsAsync(
            """
            id,income,region,noise,bad,date,since,branch
            1,1000,R0,500,1,2020-03-01,2020-02-01,7
            2,5000,R0,500,0,2020-03-01,2019-02-01,7
            3,,R1,50,0,2020-03-01,,7
            4,-9,R9,101,0,2020-03-01,2020-01-01,7
            5,1999,R0,99,0,2020-03-01,2020-01-02,7

            """ + string.Concat(Enumerable.Range(6, 60).Select(id => $"{id},5000,R0,500,{id % 2},2020-03-01,2020-02-01,7\n")), Contract);
        var card = new Scorecard(0, [new("region", ColumnType.Category, [], [["R0"], ["R1"]], [new("R0", 0, 0, 0, 0), new("R1", 0, 0, 0, 0), new("missing", 0, 0, 0, 0), new("unknown", 0, 0, 0, 0)], 0)], -1, 0);
        var counts = RuleCounts.Of(rows, [0, 1, 2, 3, 4], card, [0.3, 0.1, 0.305, 0.2, 0.5], [true, false, false, false, true]);
        Assert.Equal(
            new Dictionary<(RuleKind, string), int>
            {
                [(RuleKind.KnockOut, "poor")] = 2,
                [(RuleKind.KnockOut, "late")] = 2,
                [(RuleKind.Limit, "most")] = 2,
                [(RuleKind.OutOfDistribution, "referOutOfDistribution")] = 2,
                [(RuleKind.MissingData, "keyColumns")] = 1,
                [(RuleKind.Unseen, "referUnseen")] = 1,
                [(RuleKind.CloseToCutOff, "closeToCutOff")] = 3,
            },
            counts);
        Assert.DoesNotContain((RuleKind.OutOfDistribution, "referOutOfDistribution"), RuleCounts.Of(rows, [0], card, [0.3], []).Keys);
    }

    private static KnockOut Rule(string name, string when) => new() { Name = name, When = when, Decision = RuleDecision.Decline, Reason = "No." };
}
