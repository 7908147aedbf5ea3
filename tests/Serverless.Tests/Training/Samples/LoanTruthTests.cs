using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Samples;

public class LoanTruthTests
{
    private static readonly CreditTrainedModel Trained = Train(20_000, 1);

    [Fact]
    public void Contract_passes_the_family_s_checks() =>
        Assert.IsType<Outcome<DataContract>.Done>(new CreditFamily().ReadContract(Json.File(LoanSample.Contract)));

    [Fact]
    public void Trained_scorecard_finds_the_true_direction_of_every_strong_column()
    {
        foreach (var (name, slope) in LoanTruth.Slopes)
        {
            if (Trained.Scorecard.Columns.SingleOrDefault(c => c.Name == name) is not { } column) continue;
            Assert.True((column.Bins[0].Points - column.Bins[column.Cuts.Count].Points) * slope >= 0, name);
        }

        Assert.Superset(
            new HashSet<string> { "income", "debt_to_income", "credit_utilisation", "delinquencies_2y", "savings_balance", "years_employed", "oldest_account_date", "purpose", "employment_type" },
            Trained.Scorecard.Columns.Where(c => c.Bins.Max(b => b.Points) > c.Bins.Min(b => b.Points)).Select(c => c.Name).ToHashSet());
    }

    [Fact]
    public void Trained_scorecard_is_close_to_the_best_that_the_truth_allows()
    {
        // The loans come by date, so the holdout is the end of the export.
        var loans = LoanSample.Loans(20_000, 1).ToArray()[^Trained.HoldoutBad.Count..];
        Assert.Equal(loans.Select(l => l.Defaulted), Trained.HoldoutBad);
        var best = ScoreMetrics.Auc([.. Trained.HoldoutBad], [.. loans.Select(l => l.Loan.TrueProbability)]).Auc;
        Assert.InRange(Trained.Metrics["auc"], best - 0.02, best + 0.005);
        var distance = loans.Zip(Trained.HoldoutProbabilities, (l, p) => Math.Abs(l.Loan.TrueProbability - p)).Average();
        Assert.InRange(distance, 0, 0.035);
        Assert.InRange(loans.Average(l => l.Loan.TrueProbability) - Trained.HoldoutProbabilities.Average(), -0.01, 0.02);
    }

    private static CreditTrainedModel Train(int rows, int seed)
    {
        using var csv = new MemoryStream();
        LoanSample.WriteAsync(csv, rows, seed).GetAwaiter().GetResult();
        using var stays = DropOf.Bytes(csv.ToArray());
        var trainer = new CreditTrainer();
        var read = trainer.ReadAsync(LoanSample.Contract, stays.GetAwaiter().GetResult(), DropOf.Context, new Progress<TrainingProgress>(), default).GetAwaiter().GetResult().Rows;
        return (CreditTrainedModel)trainer.Train(Assert.IsType<Outcome<TrainingRows>.Done>(read).Value, TrainingCheckpoints.None, new Progress<TrainingProgress>(), default);
    }
}
