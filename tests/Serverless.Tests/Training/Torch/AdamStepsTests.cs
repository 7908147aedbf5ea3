using Serverless.Training.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Serverless.Tests.Training.Torch;

public class AdamStepsTests
{
    // 19 numbers fill no whole number of the processor's vectors.
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Steps_are_those_of_the_paper(double decay)
    {
        const int Count = 19;
        const double Rate = 0.01;
        float[] start = [.. Enumerable.Range(0, Count).Select(i => (i - 9) / 10f)];
        using var parameter = new Parameter(Tensors.Aligned(start, Count));
        var adam = new AdamSteps([parameter]);
        var expected = Array.ConvertAll(start, v => (double)v);
        var (means, squares) = (new double[Count], new double[Count]);
        for (var step = 1; step <= 5; step++)
        {
            using (NewDisposeScope()) (parameter * parameter * parameter).sum().backward();
            adam.Step(Rate, decay);
            for (var i = 0; i < Count; i++)
            {
                // Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019, algorithm 2.
                var gradient = 3 * expected[i] * expected[i];
                means[i] = (0.9 * means[i]) + (0.1 * gradient);
                squares[i] = (0.999 * squares[i]) + (0.001 * gradient * gradient);
                var (mean, square) = (means[i] / (1 - Math.Pow(0.9, step)), squares[i] / (1 - Math.Pow(0.999, step)));
                expected[i] -= (Rate * mean / (Math.Sqrt(square) + 1e-8)) + (Rate * decay * expected[i]);
            }
        }

        var found = parameter.data<float>().ToArray();
        for (var i = 0; i < Count; i++) Assert.Equal(expected[i], found[i], 1e-5);
        Assert.All(parameter.grad!.data<float>().ToArray(), g => Assert.Equal(0, g)); // cleared for the next step
    }

    [Fact]
    public void A_parameter_that_was_not_used_stays()
    {
        using var used = new Parameter(ones(4));
        using var unused = new Parameter(ones(4));
        used.sum().backward();
        new AdamSteps([used, unused]).Step(0.1, 0.5);
        Assert.All(unused.data<float>().ToArray(), v => Assert.Equal(1, v));
        Assert.All(used.data<float>().ToArray(), v => Assert.True(v < 1));
    }

    // Where a step does not use a parameter that an earlier one used, its gradient is zero and its moments go on; so after a restore.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Steps_that_go_on_from_a_state_are_those_of_one_run(bool usedBehind)
    {
        using var one = new Parameter(Tensors.Aligned([1, 2, 3], 3));
        using var never = new Parameter(Tensors.Aligned([1], 1));
        var adam = new AdamSteps([one, never]);
        Step(adam, one, 3, used: true);
        var state = adam.State();
        Assert.Equal(adam.StateBytes, state.Length);
        Step(adam, one, 3, usedBehind);

        using var other = new Parameter(Tensors.Aligned([0, 0, 0], 3));
        using var still = new Parameter(Tensors.Aligned([0], 1));
        var again = new AdamSteps([other, still]);
        again.Restore(state);
        Assert.Equal(3, again.Steps);
        Step(again, other, 3, usedBehind);
        Assert.Equal(one.data<float>().ToArray(), other.data<float>().ToArray());
        Assert.Equal([1], still.data<float>().ToArray());
        Assert.Equal(adam.State(), again.State());
    }

    private static void Step(AdamSteps adam, Parameter parameter, int times, bool used)
    {
        for (var i = 0; i < times; i++)
        {
            if (used)
            {
                using var scope = NewDisposeScope();
                (parameter * parameter).sum().backward();
            }

            adam.Step(0.01, 0.1);
        }
    }
}
