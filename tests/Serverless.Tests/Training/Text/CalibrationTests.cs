using Serverless.Serving.Text;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

public class CalibrationTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    public void Known_scale_of_the_scores_is_undone(double scale)
    {
        var (scores, classes) = Drawn(4000);
        var calibration = Calibration.Of([.. scores.Select(s => new TextScores(Array.ConvertAll(s.Linear, l => l * scale), null))], classes, 0);
        Assert.Equal(1 / scale, calibration.Weights.OfLinear, 0.06 / scale);
    }

    [Fact]
    public void Known_weights_of_two_parts_are_found()
    {
        var (sums, classes) = Drawn(4000);
        var random = new Random(3);
        // sum = 2 linear + network / 2, with a linear part drawn at will
        var calibration = Calibration.Of([.. sums.Select(s =>
        {
            var linear = Array.ConvertAll(s.Linear, _ => random.NextDouble() * 2);
            return new TextScores(linear, [.. s.Linear.Zip(linear, (sum, l) => (sum - (2 * l)) * 2)]);
        })], classes, 0);
        Assert.Equal(2, calibration.Weights.OfLinear, 0.12);
        Assert.Equal(0.5, calibration.Weights.OfNetwork, 0.03);
    }

    [Fact]
    public void Known_weights_of_three_parts_are_found_and_one_that_speaks_against_the_truth_counts_nothing()
    {
        var (sums, classes) = Drawn(4000);
        var random = new Random(3);
        // sum = 2 linear + network / 2 + encoder, with two parts drawn at will
        TextScores[] scores = [.. sums.Select(s =>
        {
            var (linear, network) = (Array.ConvertAll(s.Linear, _ => random.NextDouble() * 2), Array.ConvertAll(s.Linear, _ => random.NextDouble() * 4));
            return new TextScores(linear, network) { Encoder = [.. s.Linear.Select((sum, c) => sum - (2 * linear[c]) - (network[c] / 2))] };
        })];
        var weights = ScoreWeights.Of(scores, classes);
        Assert.Equal(2, weights.OfLinear, 0.15);
        Assert.Equal(0.5, weights.OfNetwork, 0.05);
        Assert.Equal(1, weights.OfEncoder, 0.08);

        var against = ScoreWeights.Of([.. scores.Select(s => s with { Network = Array.ConvertAll(s.Network!, n => -n) })], classes);
        var without = ScoreWeights.Of([.. scores.Select(s => s with { Network = null })], classes);
        Assert.Equal(without, against);
        Assert.True(without is { OfLinear: > 0, OfNetwork: 0, OfEncoder: > 0 });
    }

    [Fact]
    public void A_part_that_speaks_against_the_truth_counts_nothing_and_the_other_as_if_alone()
    {
        var (scores, classes) = Drawn(1000);
        var alone = Calibration.Of(scores, classes, 0).Weights.OfLinear;
        double[] Against(double[] of, int truth) => [.. of.Select((_, c) => c == truth ? -1.0 : 0)];
        var against = scores.Select((s, i) => Against(s.Linear, classes[i])).ToArray();
        Assert.Equal(new ScoreWeights(alone, 0), Calibration.Of([.. scores.Zip(against, (s, a) => new TextScores(s.Linear, a))], classes, 0).Weights);
        var swapped = Calibration.Of([.. scores.Zip(against, (s, a) => new TextScores(a, s.Linear))], classes, 0).Weights;
        Assert.Equal((0, alone), (swapped.OfLinear, Math.Round(swapped.OfNetwork - alone, 9) + alone));
    }

    [Fact]
    public void Scores_that_tell_nothing_leave_every_intent_as_likely()
    {
        var calibration = Calibration.Of([.. Enumerable.Range(0, 9).Select(_ => new TextScores([1, 1, 1], [0, 0, 0]))], [.. Enumerable.Range(0, 9).Select(i => i % 3)], 0);
        Assert.All(calibration.Probabilities(new([1, 1, 1], [0, 0, 0])), p => Assert.Equal(1.0 / 3, p, 1e-12));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.03, 30)]
    [InlineData(0.5, 500)]
    public void Threshold_turns_away_at_most_the_share(double share, int most)
    {
        var (scores, classes) = Drawn(1000);
        var calibration = Calibration.Of(scores, classes, share);
        var best = scores.Select(s => calibration.Probabilities(s).Max()).ToList();
        Assert.Equal(most, best.Count(p => p < calibration.None)); // and no fewer: the highest such threshold
    }

    [Fact]
    public void Texts_that_all_come_out_right_do_not_make_every_answer_certain()
    {
        TextScores[] scores = [.. Enumerable.Range(0, 16).Select(i => new TextScores(i % 2 == 0 ? [1.5, 0] : [0, 1.5], null))];
        var calibration = Calibration.Of(scores, [.. Enumerable.Range(0, 16).Select(i => i % 2)], 0.03);
        // The best is exactly the target: 1 - 1/18 + 1/36.
        Assert.Equal(35.0 / 36, calibration.Probabilities(scores[0])[0], 1e-6);
    }

    [Fact]
    public void Probabilities_are_those_of_the_softmax_of_the_weighed_sum()
    {
        var probabilities = Weighed(0.5, 2).Probabilities(new([2, 0, 2], [0, 0, -0.5]));
        var whole = Math.E + 2;
        Assert.Equal(Math.E / whole, probabilities[0], 1e-12);
        Assert.Equal(1 / whole, probabilities[2], 1e-12);
        Assert.Equal([1, 0], Weighed(50, 0).Probabilities(new([5000, -5000], null))); // no overflow
    }

    private static Calibration Weighed(double linear, double network) => new(new(linear, network), new([]), NoneScore.Probability, 0);

    // Classes drawn from the softmax of the scores: their own weight is 1.
    private static (TextScores[] Scores, int[] Classes) Drawn(int rows)
    {
        var random = new Random(11);
        var scores = Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, 5).Select(_ => random.NextDouble() * 6).ToArray()).ToArray();
        return (Array.ConvertAll(scores, s => new TextScores(s, null)), Array.ConvertAll(scores, row =>
        {
            var at = random.NextDouble() * row.Sum(Math.Exp);
            var c = 0;
            while ((at -= Math.Exp(row[c])) > 0 && c < 4) c++;
            return c;
        }));
    }
}
