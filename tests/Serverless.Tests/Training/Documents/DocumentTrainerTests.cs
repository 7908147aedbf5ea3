using System.Text;
using Serverless.Serving.Documents;
using Serverless.Training;
using Serverless.Training.Documents;

namespace Serverless.Tests.Training.Documents;

[Collection(nameof(TrainedShapes))]
public class DocumentTrainerTests(TrainedShapes trained)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Shapes_are_told_apart_with_every_figure_and_the_graph_says_what_the_network_says()
    {
        var metrics = trained.Model.Metrics;
        Assert.InRange(metrics["accuracy"], 0.7, 1);
        Assert.InRange(metrics["accuracyLow"], 0.3, metrics["accuracy"]);
        Assert.InRange(metrics["accuracyHigh"], metrics["accuracy"], 1);
        Assert.InRange(metrics["worstRecall"], 0, metrics["accuracy"]);
        Assert.InRange(metrics["graphApart"], 0, 1e-4);
        Assert.Equal(
            ["accuracy", "accuracyHigh", "accuracyLow", "ece", "falseNone", "graphApart", "labelSuspects", "logLoss", "macroF1", "noneBelow", "outOfScopeRecall", "outOfScopeRecallByEnergy", "outOfScopeRecallByNearest", "outOfScopeRecallByProbability", "temperature", "worstRecall"],
            metrics.Keys.Order());
        Assert.Contains(trained.Model.FigureColumns["worstRecall"], (string[])["bars", "cross", "disc"]);
    }

    [Fact]
    public void Served_model_answers_held_out_pictures_as_training_did()
    {
        // Without the second fit, what is left out is what was measured.
        var left = trained.Model.CompareWith(trained.Classifier, trained.Model.TrainedOn);
        Assert.Equal(18, left.Rows);
        Assert.Equal(trained.Model.Metrics["accuracy"], left.Champion, 1e-9);
        Assert.Equal((0.0, 3), (left.StandardError, left.Classes.Count));
        Assert.All(left.Classes, c => Assert.Equal((6, 0, 0), (c.Rows, c.Lost, c.Gained)));
    }

    [Fact]
    public void Graph_that_says_otherwise_is_not_served()
    {
        var features = trained.Classifier.Features;
        var rules = MadePictures.Contract.Network with { Epochs = 1, Channels = 16 };
        FramedPicture[] framed = [.. trained.Rows.InScope.Select(r => FramedPicture.Of(r.Picture, features.Height, features.Width, features.Channels))];
        FittedPictures Fit(int seed) => new(features, PictureFit.Train(
            [.. framed.Select((f, i) => new PictureSample(f, trained.Rows.InScope[i].Class))], features, rules, MadePictures.Contract.Augmentation, seed, new(TrainingCheckpoints.None, "x"), _ => { }, Cancel));
        var (one, other) = (Fit(1), Fit(2));
        var scores = one.Scores(framed);
        int[] classes = [.. trained.Rows.InScope.Select(r => r.Class)];
        var means = NearestMeans.Of(scores, classes, 3);
        foreach (var score in Enum.GetValues<PictureNoneScore>())
        {
            var calibration = PictureCalibration.Of(scores, classes, 0.1, means, score);
            var graph = PictureGraph.Write(one, calibration);
            Assert.InRange(GraphCheck.Apart(graph, one, calibration, framed, 1e-4), 0, 1e-4);
            Assert.Throws<InvalidOperationException>(() => GraphCheck.Apart(graph, other, calibration, framed, 1e-4));
        }
    }

    [Fact]
    public void Card_names_labels_confusions_and_suspects_and_no_file()
    {
        var card = Encoding.UTF8.GetString(trained.Model.Card(trained.Classifier.Bundle.Manifest)["card.md"]);
        foreach (var part in (string[])["Each label on the holdout", "Most frequent confusions", "Labels that may be wrong", "16 x 16 pixels, brightness alone", "| disc |", "worstRecall"])
            Assert.Contains(part, card, StringComparison.Ordinal);
        Assert.DoesNotContain(".png", card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resumed_training_ends_in_the_same_files_however_often_it_was_stopped()
    {
        var contract = MadePictures.Contract with { Network = new() { Channels = 16, Epochs = 2, Batch = 32 } };
        var rows = await MadePictures.RowsAsync(contract, ("shapes.zip", MadePictures.Zip(MadePictures.Shapes(30, 1))));
        var undisturbed = new DocumentTrainer().Train(rows, TrainingCheckpoints.None, new Progress<TrainingProgress>(), Cancel);
        var kept = new Stopping(every: 11);
        TrainedModel? resumed = null;
        for (var stops = 0; resumed is null; stops++)
        {
            Assert.True(stops < 30, "It never ends");
            try
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
                kept.Begin(stop.Cancel);
                resumed = new DocumentTrainer().Train(rows, kept, new Progress<TrainingProgress>(), stop.Token);
            }
            catch (OperationCanceledException)
            {
                // As it should: the next goes on.
            }
        }

        Assert.InRange(kept.Stops, 2, 29);
        Assert.Equal(["all", "held-out"], kept.Taken.Order());
        foreach (var (name, content) in undisturbed.Served) Assert.True(content.AsSpan().SequenceEqual(resumed.Served[name]), name);
        Assert.Equal(undisturbed.Metrics, resumed.Metrics);
    }

    [Theory]
    [InlineData(28, 28, 28, 28)]
    [InlineData(20, 30, 20, 30)]
    [InlineData(1754, 1240, 112, 80)]
    [InlineData(1000, 1000, 96, 96)]
    [InlineData(100, 900, 32, 192)]
    public void Frame_has_the_proportions_of_most_pictures(int height, int width, int frameHeight, int frameWidth)
    {
        var (most, odd) = (SmallPicture.Grey(height, width, new byte[height * width]), SmallPicture.Grey(300, 50, new byte[15_000]));
        var features = FrameSize.Of(new(), [most, most, most, odd], ["a", "b"]);
        Assert.Equal((frameHeight, frameWidth, 1), (features.Height, features.Width, features.Channels));
    }

    [Fact]
    public void Frame_is_what_the_contract_says_and_has_colours_where_pictures_have()
    {
        var (grey, colour) = (SmallPicture.Grey(8, 8, new byte[64]), new SmallPicture(8, 8, 3, new byte[192]));
        var stated = FrameSize.Of(new() { Height = 24, Width = 16, Colours = PictureColours.Colour }, [grey], ["a", "b"]);
        Assert.Equal((24, 16, 3), (stated.Height, stated.Width, stated.Channels));
        Assert.Equal(3, FrameSize.Of(new(), [.. Enumerable.Repeat(grey, 9), colour], ["a", "b"]).Channels);
        Assert.Equal(1, FrameSize.Of(new(), [.. Enumerable.Repeat(grey, 19), colour], ["a", "b"]).Channels);
    }

    private sealed class Stopping(int every) : TrainingCheckpoints
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, byte[]> _states = [];
        private Action _stop = () => { };
        private int _now;

        public int Stops { get; private set; }

        public HashSet<string> Taken { get; } = [];

        public void Begin(Action stop) => (_now, _stop) = (0, stop);

        public override byte[]? Take(string name, long bytes)
        {
            lock (_gate)
            {
                if (!_states.TryGetValue(name, out var state)) return null;
                Taken.Add(name);
                Assert.Equal(bytes, state.Length);
                return state;
            }
        }

        public override void Keep(string name, Func<byte[]> state)
        {
            lock (_gate)
            {
                _states[name] = state();
                if (++_now != every) return;
                Stops++;
                _stop();
            }
        }
    }
}
