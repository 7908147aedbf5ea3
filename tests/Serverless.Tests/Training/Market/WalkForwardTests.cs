using CsCheck;
using Serverless.Training.Market;

namespace Serverless.Tests.Training.Market;

public class WalkForwardTests
{
    [Fact]
    public void Folds_learn_from_all_earlier_days_but_the_purged_ones()
    {
        Assert.Equal(
            [new(10, 110, 113, 163), new(10, 160, 163, 213), new(10, 210, 213, 220)],
            WalkForward.Folds(10, 220, minDays: 100, every: 50, purge: 1, embargo: 2));
        Assert.Equal(new(60, 160, 163, 213), WalkForward.Folds(10, 220, 100, 50, 1, 2, rolling: true)[1]);
    }

    [Fact]
    public void Too_few_days_have_no_fold() => Assert.Empty(WalkForward.Folds(10, 113, 100, 50, 1, 2));

    [Fact]
    public void No_judged_day_is_learnt_from_and_each_is_judged_once() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[1, 900], Gen.Int[1, 300], Gen.Int[1, 100], Gen.Int[0, 20], Gen.Int[0, 20], Gen.Bool).Sample((first, days, minDays, every, purge, embargo, rolling) =>
        {
            var folds = WalkForward.Folds(first, days, minDays, every, purge, embargo, rolling);
            Assert.All(folds, f => Assert.True(f.TrainFrom >= first && f.TrainTo - f.TrainFrom >= minDays && f.TestFrom - f.TrainTo == purge + embargo && f.TestTo > f.TestFrom));
            Assert.All(folds.Zip(folds.Skip(1)), pair => Assert.Equal(pair.First.TestTo, pair.Second.TestFrom));
            if (folds.Count > 0) Assert.Equal(days, folds[^1].TestTo);
        });
}
