using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

public class CalibrationTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    public void Known_scale_of_the_logits_is_recovered(double scale)
    {
        var (logits, classes) = Drawn(4000);
        var calibration = Calibration.Of([.. logits.Select(row => Array.ConvertAll(row, l => l * scale))], classes, 0);
        Assert.Equal(scale, calibration.Temperature, 0.06 * scale);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.03, 30)]
    [InlineData(0.5, 500)]
    public void Threshold_turns_away_at_most_the_share(double share, int most)
    {
        var (logits, classes) = Drawn(1000);
        var calibration = Calibration.Of(logits, classes, share);
        var best = logits.Select(l => calibration.Probabilities(l).Max()).ToList();
        Assert.Equal(most, best.Count(p => p < calibration.None)); // and no fewer: the highest such threshold
    }

    [Fact]
    public void Texts_that_all_come_out_right_do_not_make_every_answer_certain()
    {
        double[][] logits = [.. Enumerable.Range(0, 16).Select(i => i % 2 == 0 ? new[] { 1.5, 0 } : [0, 1.5])];
        var calibration = Calibration.Of(logits, [.. Enumerable.Range(0, 16).Select(i => i % 2)], 0.03);
        // The best is exactly the target: 1 - 1/18 + 1/36.
        Assert.Equal(35.0 / 36, calibration.Probabilities([1.5, 0])[0], 1e-6);
    }

    [Fact]
    public void Probabilities_are_those_of_the_tempered_softmax()
    {
        var probabilities = new Calibration(2, 0).Probabilities([2, 0, 1000 - 1000]);
        var whole = Math.E + 2;
        Assert.Equal(Math.E / whole, probabilities[0], 1e-12);
        Assert.Equal(1 / whole, probabilities[2], 1e-12);
        Assert.Equal([1, 0], new Calibration(0.02, 0).Probabilities([5000, -5000])); // no overflow
    }

    // Classes drawn from the softmax of the logits: their own temperature is 1.
    private static (double[][] Logits, int[] Classes) Drawn(int rows)
    {
        var random = new Random(11);
        var logits = Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, 5).Select(_ => random.NextDouble() * 6).ToArray()).ToArray();
        return (logits, Array.ConvertAll(logits, row =>
        {
            var at = random.NextDouble() * row.Sum(Math.Exp);
            var c = 0;
            while ((at -= Math.Exp(row[c])) > 0 && c < 4) c++;
            return c;
        }));
    }
}
