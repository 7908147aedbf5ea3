using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Text;
using Serverless.Training.Torch;
using static TorchSharp.torch;

namespace Serverless.Tests.Training.Text.Networks;

/// <summary>What the options of <see cref="NetworkRules"/> do to a training.</summary>
public class NetworkFitTests
{
    private static readonly string[] Says = ["my card is lost", "transfer the money", "which balance is left", "change my secret number"];

    private static readonly TextRow[] Rows = [.. Enumerable.Range(0, 80).Select(i => new TextRow((ulong)i, $"{Says[i % 4]} {new[] { "please", "today", "again", "thanks", "urgent" }[i / 4 % 5]}", i % 4))];

    private static readonly NetworkRules Small = new() { Networks = 1, Epochs = 3, Dimensions = 8, Filters = 8 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, NetworkRules> Options() => new()
    {
        { "characterNoise", Small with { CharacterNoise = 0.3 } },
        { "distillation", Small with { Distillation = 0.5 } },
        { "contrastiveEpochs", Small with { ContrastiveEpochs = 2 } },
        { "labelSmoothing", Small with { LabelSmoothing = 0.3 } },
        { "wordDropout", Small with { WordDropout = 0.3 } },
        { "weightDecay", Small with { WeightDecay = 0.5 } },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Option_changes_the_weights_and_twice_gives_the_same(string option, NetworkRules rules)
    {
        var (one, again) = (Fit(rules), Fit(rules));
        Same(one, again);
        Assert.False(one.Output.SequenceEqual(Fit(Small).Output), option);
    }

    [Theory]
    [InlineData(0, 0, "held-out-1")]
    [InlineData(2, 0, "held-out-1 held-out-1-contrast")]
    [InlineData(0, 0.5, "held-out-1 held-out-teacher-1")]
    [InlineData(2, 0.5, "held-out-1 held-out-1-contrast held-out-teacher-1 held-out-teacher-1-contrast")]
    public void Training_that_is_stopped_in_any_phase_goes_on_to_the_same_weights(int contrastive, double distillation, string phases)
    {
        var rules = Small with { ContrastiveEpochs = contrastive, Distillation = distillation, CharacterNoise = 0.2 };
        var undisturbed = Fit(rules);
        var kept = new StoppingAt();
        NetworkWeights? resumed = null;
        for (var stops = 0; resumed is null; stops++)
        {
            Assert.True(stops < 40, "It never ends");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            kept.Begin(stop.Cancel);
            try
            {
                resumed = Fit(rules, kept, stop.Token);
            }
            catch (OperationCanceledException)
            {
                // As it should: the next goes on.
            }
        }

        Assert.Equal(phases.Split(' '), kept.Taken.Order());
        Same(undisturbed, resumed);
    }

    [Fact]
    public void Progress_rises_to_one_over_all_phases()
    {
        var told = new List<double>();
        Fit(Small with { ContrastiveEpochs = 2, Distillation = 0.5 }, told: told.Add);
        Assert.Equal(told.Order(), told);
        Assert.True(told[0] == 0 && told[^1] is > 0.8 and < 1, $"{told[0]} {told[^1]}");
        Assert.True(told.Zip(told.Skip(1), (a, b) => b - a).Max() < 0.2);
    }

    [Fact]
    public void Contrast_brings_texts_of_an_intent_together()
    {
        var features = WordVocabulary.Of(Rows.Select(r => r.Text), Vocabulary.HashBits);
        var reader = new WordReader(features, Vocabulary.HashBits);

        // The classifier's own passes are as few as there can be.
        Assert.True(Told(Small with { Epochs = 1, ContrastiveEpochs = 10 }) < Told(Small with { Epochs = 1 }) - 0.3);

        double Told(NetworkRules rules)
        {
            using var network = new TextNetwork(Fit(rules));
            using var scope = NewDisposeScope();
            return ContrastiveLoss.Of(network.Pooled(WordBatch.Of([.. Rows.Select(r => r.Text)], reader)), [.. Rows.Select(r => r.Class)]).item<float>();
        }
    }

    [Fact]
    public void Taught_targets_are_the_labels_and_what_teachers_say_softened()
    {
        var rules = Small with { Distillation = 0.4, LabelSmoothing = 0.2 };
        var teachers = FittedNetwork.Fit(Rows, 4, Small, 1, new(TrainingCheckpoints.None, "teacher"), _ => { }, Cancel);
        float[] scores = [1, 2, 3, 4, 0, -1, 0.5f, 2];
        int[] of = [2, 5];
        using var scope = NewDisposeScope();
        var loss = new TextTargets(Rows, 4, rules).TaughtBy(teachers).Loss(Tensors.Aligned(scores, 2, 4), of).item<float>();
        var said = teachers.Scores([.. of.Select(i => Rows[i].Text)]).Select(s => Calibration.Softmax(Array.ConvertAll(s, v => v / 2))).ToList();
        var expected = Enumerable.Range(0, 2).Average(row =>
        {
            var logs = Array.ConvertAll(Calibration.Softmax([.. scores[(row * 4)..((row * 4) + 4)].Select(v => (double)v)]), Math.Log);
            return -Enumerable.Range(0, 4).Sum(c => logs[c] * ((0.4 * said[row][c]) + (0.6 * ((c == Rows[of[row]].Class ? 0.8 : 0) + 0.05))));
        });
        Assert.Equal(expected, loss, 1e-5);
        var alone = new TextTargets(Rows, 4, rules with { Distillation = 0 }).Loss(Tensors.Aligned(scores, 2, 4), of).item<float>();
        Assert.Equal(alone, new TextTargets(Rows, 4, rules with { Distillation = 0 }).TaughtBy(teachers).Loss(Tensors.Aligned(scores, 2, 4), of).item<float>(), 1e-5);
    }

    [Theory]
    [InlineData("characterNoise", 0.95, "'network.characterNoise' must lie between 0 and 0.9: 0 is none, 0.2 is usual otherwise.")]
    [InlineData("distillation", 1.5, "'network.distillation' must lie between 0 and 1: 0 trains no teachers, 0.5 is usual otherwise.")]
    [InlineData("contrastiveEpochs", 501, "'network.contrastiveEpochs' must lie between 0 and 500: 0 is none, 10 is usual otherwise.")]
    public void Number_out_of_range_is_refused(string option, double value, string fault)
    {
        var network = option switch
        {
            "characterNoise" => Small with { CharacterNoise = value },
            "distillation" => Small with { Distillation = value },
            _ => Small with { ContrastiveEpochs = (int)value },
        };
        Assert.Equal([fault], Assert.IsType<Outcome<DataContract>.Rejected>(new TextFamily().ReadContract(Json.File(TrainedText.Contract with { Network = network }))).Reasons);
    }

    private static void Same(NetworkWeights one, NetworkWeights other)
    {
        Assert.Equal(one.Table, other.Table);
        foreach (var (kernel, same) in one.Kernels.Zip(other.Kernels)) Assert.Equal(kernel, same);
        Assert.Equal(one.KernelBiases, other.KernelBiases);
        Assert.Equal(one.Output, other.Output);
        Assert.Equal(one.OutputBiases, other.OutputBiases);
    }

    private static NetworkWeights Fit(NetworkRules rules, TrainingCheckpoints? checkpoints = null, CancellationToken? cancel = null, Action<double>? told = null) =>
        FittedNetwork.Fit(Rows, 4, rules, 1, new(checkpoints ?? TrainingCheckpoints.None, "held-out"), told ?? (_ => { }), cancel ?? Cancel).Members[0];

    /// <summary>Keeps every state of a training on one thread, and stops it after four.</summary>
    private sealed class StoppingAt : TrainingCheckpoints
    {
        private const int Every = 4;

        private readonly Dictionary<string, byte[]> _states = [];
        private Action _stop = () => { };
        private int _keptNow;

        public HashSet<string> Taken { get; } = [];

        public void Begin(Action stop) => (_keptNow, _stop) = (0, stop);

        public override byte[]? Take(string name, long bytes)
        {
            if (!_states.TryGetValue(name, out var state)) return null;
            Taken.Add(name);
            Assert.Equal(bytes, state.Length);
            return state;
        }

        public override void Keep(string name, Func<byte[]> state)
        {
            _states[name] = state();
            if (++_keptNow == Every) _stop();
        }
    }
}
