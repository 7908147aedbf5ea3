using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
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

    [Fact]
    public async Task Row_unlike_those_trained_on_has_the_verdict_that_the_queue_gives_it()
    {
        using var scorer = await TrainedAutoencoder.LoadAsync();
        string[] lines = [.. TrainedAutoencoder.Csv(120).Trim().Split('\n'), "far,5000000,1,T9,S99,Nobody,0,0", "crossed,9900,4,T1,S31,Firm 7 Ltd,0,0"];
        string[] names = lines[0].Split(',');
        var decided = lines[1..].Select(line =>
        {
            var fields = names.Zip(line.Split(',')).Where(f => f.First is not "bad").ToDictionary(f => f.First, f => JsonSerializer.SerializeToElement(f.Second));
            return Assert.IsType<Outcome<Decision>.Done>(DecisionRules.Decide(new("id", "example", DateTimeOffset.UnixEpoch, fields, ""), scorer, DateTimeOffset.UnixEpoch)).Value;
        }).ToList();
        Assert.Contains(decided, d => d.Rules!.Any(r => r.Kind == RuleKind.OutOfDistribution));
        Assert.Contains(decided, d => d.Rules!.All(r => r.Kind != RuleKind.OutOfDistribution));

        var scored = await ScoreAsync(scorer, lines[0], lines[1..]);
        Assert.Equal(decided.Select(d => d.Verdict.ToString().ToLowerInvariant()), scored.Trim().Split('\n').Skip(1).Select(line => line.Split(',')[3]));
    }

    [Fact]
    public async Task File_without_a_column_that_only_the_autoencoder_looks_at_is_refused()
    {
        using var scorer = await TrainedAutoencoder.LoadAsync();
        Assert.DoesNotContain(scorer.Card.Columns, c => c.Name == "employer");
        Assert.Equal(
            "The header lacks 'employer', which the model asks for: add the columns, empty where unknown.",
            await ScoreAsync(scorer, "id,amount,instalment,town,shop", ["1,5000,104,T1,S11"]));
    }

    private static async Task<string> ScoreAsync(string header, string[] rows)
    {
        using var scorer = CreditExample.Scorer(contract: Contract);
        return await ScoreAsync(scorer, header, rows);
    }

    private static async Task<string> ScoreAsync(CreditScorer scorer, string header, string[] rows)
    {
        await using var content = await DropOf.Text(string.Join('\n', [header, .. rows, ""]));
        await using var output = new StringWriter();
        var scored = await FileScoring.RunAsync(scorer, content, output, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        return scored is Outcome<FileScoring>.Rejected rejected ? rejected.Reasons.Single() : output.ToString();
    }
}
