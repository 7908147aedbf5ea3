using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Tests.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

/// <summary>A file of applications is decided by the same rules as one application.</summary>
public class FileScoringTests
{
    private static readonly CreditContract Contract = CreditExample.Contract with
    {
        Policy = new()
        {
            ApproveBelow = 0.2,
            KeyColumns = ["branch"],
            KnockOuts = [new() { Name = "branch 7", When = "branch = 7", Decision = RuleDecision.Decline, Reason = "We lend nothing there." }],
            Limits = [new() { Name = "most", Column = "branch", Maximum = 9m, Reason = "We lend no more." }],
        },
        Columns = [.. CreditExample.Contract.Columns, new() { Name = "branch", Type = ColumnType.Number, Role = ColumnRole.Ignored, Maximum = 20 }],
    };

    [Fact]
    public async Task Rules_of_the_policy_decide_the_rows_of_a_file() => Assert.Equal(
        """
        id,points,probability,verdict,reasons
        A,598.16,0.125121,approve,income
        B,598.16,0.125121,decline,income
        C,598.16,0.125121,refer,income
        D,598.16,0.125121,refer,income
        E,,,rejected,"'branch' is outside its range, 20 or less: correct it, or the contract."

        """,
        await ScoreAsync("loanId,applied,income,purpose,housing,customerSince,branch", ["A,2024-01-01,900,boat,own,2020-01-01,9", "B,2024-01-01,900,boat,own,2020-01-01,7", "C,2024-01-01,900,boat,own,2020-01-01,", "D,2024-01-01,900,boat,own,2020-01-01,9.5", "E,2024-01-01,900,boat,own,2020-01-01,21"]));

    [Fact]
    public async Task File_without_a_column_of_the_policy_is_refused() => Assert.Equal(
        "The header lacks 'branch', which the model asks for: add the columns, empty where unknown.",
        await ScoreAsync("loanId,applied,income,purpose,housing,customerSince", ["A,2024-01-01,900,boat,own,2020-01-01"]));

    private static async Task<string> ScoreAsync(string header, string[] rows)
    {
        using var scorer = CreditExample.Scorer(contract: Contract);
        await using var content = await DropOf.Text(string.Join('\n', [header, .. rows, ""]));
        await using var output = new StringWriter();
        var scored = await FileScoring.RunAsync(scorer, content, output, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        return scored is Outcome<FileScoring>.Rejected rejected ? rejected.Reasons.Single() : output.ToString();
    }
}
