using Serverless.Training.Text;
using Serverless.Training.Torch;
using static TorchSharp.torch;

namespace Serverless.Tests.Training.Text.Networks;

public class ContrastiveLossTests
{
    private static readonly float[][] Views = [[1, 0, 0.5f], [2, 0.1f, 1], [0, 1, 0], [0.2f, 3, 0], [1, 1, 1]];

    [Fact]
    public void Loss_is_that_of_the_paper()
    {
        int[] classes = [0, 0, 1, 1, 0];
        var unit = Array.ConvertAll(Views, v => Array.ConvertAll(v, x => x / Math.Sqrt(v.Sum(y => (double)y * y))));
        double[][] likeness = [.. unit.Select(a => unit.Select(b => a.Zip(b, (x, y) => x * y).Sum() / 0.1).ToArray())];
        var expected = Enumerable.Range(0, 5).Average(i =>
        {
            int[] others = [.. Enumerable.Range(0, 5).Where(j => j != i)], alike = [.. others.Where(j => classes[j] == classes[i])];
            return -alike.Average(j => likeness[i][j] - Math.Log(others.Sum(k => Math.Exp(likeness[i][k]))));
        });
        Assert.Equal(expected, Loss(Views, classes), 1e-4);
    }

    [Fact]
    public void Views_that_are_alike_within_their_intents_lose_less_and_their_length_counts_nothing()
    {
        Assert.True(Loss(Views, [0, 0, 1, 1, 0]) < Loss(Views, [0, 1, 0, 1, 0]) / 2);
        Assert.Equal(Loss(Views, [0, 0, 1, 1, 0]), Loss([.. Views.Select((v, i) => Array.ConvertAll(v, x => x * (i + 1)))], [0, 0, 1, 1, 0]), 1e-4);
    }

    [Fact]
    public void A_view_that_is_alone_with_its_intent_attracts_none() =>
        Assert.Equal(Loss(Views[..4], [0, 0, 1, 2]) * 4, (Loss(Views[..4], [0, 0, 1, 3]) * 4), 1e-6);

    private static double Loss(float[][] views, int[] classes)
    {
        using var scope = NewDisposeScope();
        return ContrastiveLoss.Of(Tensors.Aligned([.. views.SelectMany(v => v)], views.Length, views[0].Length), classes).item<float>();
    }
}
