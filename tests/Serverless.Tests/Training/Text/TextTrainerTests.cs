using System.Text;
using Google.Protobuf;
using Serverless.Serving;
using Serverless.Serving.Onnx.Proto;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

public sealed class TextTrainerTests(TrainedText trained) : IClassFixture<TrainedText>
{
    [Fact]
    public void Served_graph_answers_as_the_trainer_on_every_holdout_row()
    {
        var (train, holdout) = Split.Of(trained.Rows.InScope, TrainedText.Contract.Training.Holdout, TrainedText.Contract.Training.Seed);
        var rules = TrainedText.Contract.Network!;
        train = [.. train, .. IntentNames.Rows(trained.Rows.Intents)];
        var fitted = FittedText.Fit(train, trained.Rows.Intents, Cancel).With(FittedNetwork.Fit(train, trained.Rows.Intents.Count, rules, TrainedText.Contract.Training.Seed, new(TrainingCheckpoints.None, "held-out"), _ => { }, Cancel));
        var scores = fitted.Scores([.. holdout.Select(r => r.Text)]);
        var calibration = TextEvaluation.CrossFit(fitted, holdout, trained.Rows.OutOfScope, TrainedText.Contract.MaxFalseNone).Calibration;
        Assert.Equal((trained.Model.Metrics["weightOfLinear"], trained.Model.Metrics["weightOfNetwork"], trained.Classifier.NoneBelow), (calibration.Weights.OfLinear, calibration.Weights.OfNetwork, calibration.None));
        var rows = 0;
        trained.Classifier.Run([.. holdout.Select(r => r.Text)], (place, evidence, probabilities) =>
        {
            rows++;
            var expected = calibration.Probabilities(scores[place]);
            Assert.Equal(fitted.Knows(holdout[place].Text) ? calibration.Evidence(scores[place]) : double.NegativeInfinity, evidence, 1e-4);
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], probabilities[i], 1e-5);
        });
        Assert.Equal((holdout.Count, true), (rows, rows > 40));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Same_data_twice_gives_the_same_files(bool refit)
    {
        var rows = trained.Rows with { Contract = TrainedText.Contract with { Training = new() { Refit = refit } } };
        var (first, second) = (refit ? TrainedText.Train(rows) : trained.Model, TrainedText.Train(rows));
        Assert.Equal(["contract.json", "features.json", "golden.json", "model.onnx", "thresholds.json"], first.Served.Keys.Order());
        foreach (var (name, content) in first.Served) Assert.True(content.SequenceEqual(second.Served[name]), name);
        Assert.InRange((double)first.TrainedOn.Count / rows.InScope.Count, refit ? 1 : 0.78, refit ? 1 : 0.82);
    }

    [Fact]
    public void Intents_are_learned()
    {
        Assert.True(trained.Model.Metrics["accuracy"] > 0.9);
        Assert.True(trained.Model.Metrics["falseNone"] < 0.15);
        Assert.Equal(trained.Rows.Count, trained.Model.Rows);
        Assert.InRange(trained.Model.Metrics["weightOfLinear"] + trained.Model.Metrics["weightOfNetwork"], 0.5, 30);
        Assert.True(trained.Model.Metrics["weightOfNetwork"] > 0);
    }

    [Fact]
    public void Bundle_of_the_trainer_passes_and_with_a_changed_weight_fails_its_self_test()
    {
        trained.Classifier.SelfTest();
        var graph = ModelProto.Parser.ParseFrom(trained.Model.Served["model.onnx"]);
        var table = graph.Graph.Initializer.Single(t => t.Name == "table");
        var intents = trained.Rows.Intents.Count;
        var features = new Vectorizer(Json(trained.Model)).Of("lost card").Ids;
        var weights = table.RawData.ToByteArray();
        var at = ((features[0] * intents) + 1) * sizeof(float);
        BitConverter.TryWriteBytes(weights.AsSpan(at), BitConverter.ToSingle(weights, at) + 0.1f);
        table.RawData = ByteString.CopyFrom(weights);
        using var changed = TrainedText.Load(trained.Model, new Dictionary<string, byte[]>(trained.Model.Served) { ["model.onnx"] = graph.ToByteArray() });
        var error = Assert.Throws<InvalidModelException>(changed.SelfTest);
        Assert.Matches(@"^Golden text \d is answered differently", error.Message);
    }

    [Fact]
    public void Bundle_with_an_intent_too_many_is_refused()
    {
        var features = Json(trained.Model);
        var files = new Dictionary<string, byte[]>(trained.Model.Served) { ["features.json"] = Serverless.Serving.Json.File(features with { Intents = [.. features.Intents, "more"] }) };
        var error = Assert.Throws<InvalidModelException>(() => TrainedText.Load(trained.Model, files));
        Assert.StartsWith("The graph answers with another number of intents", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bundle_whose_graph_and_features_disagree_on_the_network_is_refused()
    {
        var files = new Dictionary<string, byte[]>(trained.Model.Served) { ["features.json"] = Serverless.Serving.Json.File(Json(trained.Model) with { Words = null }) };
        var error = Assert.Throws<InvalidModelException>(() => TrainedText.Load(trained.Model, files));
        Assert.StartsWith("The graph is no text classifier that fits features.json and thresholds.json: it must take 'ids', 'weights' and give ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NoneScore.Probability)]
    [InlineData(NoneScore.Energy)]
    [InlineData(NoneScore.LinearEnergy)]
    [InlineData(NoneScore.ClassMeans)]
    public void Served_graph_gives_each_number_by_which_none_is_told(NoneScore score)
    {
        var (train, holdout) = Split.Of(trained.Rows.InScope, TrainedText.Contract.Training.Holdout, TrainedText.Contract.Training.Seed);
        var fitted = FittedText.Fit(train, trained.Rows.Intents, Cancel);
        string[] texts = [.. holdout.Select(r => r.Text), .. trained.Rows.OutOfScope.Select(r => r.Text)];
        var scores = fitted.Scores(texts);
        var calibration = Calibration.Of([.. scores.Take(holdout.Count)], [.. holdout.Select(r => r.Class)], 0.03, score);
        using var classifier = TrainedText.Load(trained.Model, new Dictionary<string, byte[]>(trained.Model.Served)
        {
            ["model.onnx"] = TextGraph.Write(fitted, calibration),
            ["features.json"] = Serverless.Serving.Json.File(fitted.Features),
            ["thresholds.json"] = Serverless.Serving.Json.File(new TextThresholds(calibration.None, 0.1) { Score = score }),
        });
        classifier.Run(texts, (place, evidence, _) => Assert.Equal(fitted.Knows(texts[place]) ? calibration.Evidence(scores[place]) : double.NegativeInfinity, evidence, 1e-4));
    }

    [Fact]
    public void The_number_that_turns_away_most_texts_out_of_scope_is_chosen_and_every_one_is_told()
    {
        var recalls = Enum.GetValues<NoneScore>().Select(score => trained.Model.Metrics[$"outOfScopeRecallBy{score}"]).ToList();
        var chosen = trained.Classifier.Bundle.Read<TextThresholds>("thresholds.json").Score;
        Assert.Equal(recalls.Max(), recalls[(int)chosen]);
        Assert.DoesNotContain(Enum.GetValues<NoneScore>().Take((int)chosen), s => recalls[(int)s] == recalls.Max()); // the simplest of equals
        var without = TrainedText.Train(trained.Rows with { OutOfScope = [], Contract = TrainedText.Contract with { Network = null } });
        Assert.DoesNotContain(without.Metrics.Keys, key => key.StartsWith("outOfScope", StringComparison.Ordinal));
        Assert.Contains("\"probability\"", Encoding.UTF8.GetString(without.Served["thresholds.json"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1 << 18)]
    [InlineData(7)]
    public void Bundle_with_pieces_outside_or_out_of_order_is_refused(int slot)
    {
        var features = Json(trained.Model);
        var files = new Dictionary<string, byte[]>(trained.Model.Served) { ["features.json"] = Serverless.Serving.Json.File(features with { Words = new([.. features.Words!.Slots.SkipLast(2), slot, slot]) }) };
        var error = Assert.Throws<InvalidModelException>(() => TrainedText.Load(trained.Model, files));
        Assert.StartsWith("The pieces of words in features.json do not ascend within their table", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_network_the_linear_part_answers_alone()
    {
        var model = TrainedText.Train(trained.Rows with { Contract = TrainedText.Contract with { Network = null } });
        using var classifier = TrainedText.Load(model);
        classifier.SelfTest();
        Assert.Null(classifier.Contract.Network); // its file says so
        Assert.DoesNotContain("weightOfNetwork", model.Metrics.Keys);
        Assert.Equal("lost_card", Assert.IsType<Outcome<IReadOnlyList<Classification>>.Done>(classifier.Classify(["my card was stolen"], 1, Cancel)).Value[0].Intent);
    }

    [Fact]
    public async Task Training_of_the_networks_stops_when_it_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        var passes = 0;
        var rows = trained.Rows with { Contract = TrainedText.Contract with { Network = new() { Epochs = 500, Dimensions = 8, Filters = 8 } } };
        var training = Task.Run(() => new TextTrainer().Train(rows, TrainingCheckpoints.None, new Passes(() => { if (++passes == 2) source.Cancel(); }), source.Token), Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training.WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        Assert.InRange(passes, 2, 10);
    }

    [Fact]
    public void No_word_of_a_customer_is_in_a_served_file_or_the_card()
    {
        Assert.NotEmpty(new Vectorizer(Json(trained.Model)).Of(TrainedText.RareWord).Ids); // it was learned
        var files = trained.Model.Served.Concat(trained.Model.Card(TrainedText.Bundle(trained.Model).Manifest)).ToDictionary(f => f.Key, f => Encoding.UTF8.GetString(f.Value));
        Assert.Equal(["card.html", "card.md", "contract.json", "features.json", "golden.json", "model.onnx", "thresholds.json"], files.Keys.Order());
        foreach (var (name, content) in files)
        {
            Assert.DoesNotContain(TrainedText.RareWord, content, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("monday", content, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Evaluation_counts_intents_that_the_model_does_not_know_as_errors()
    {
        await using var csv = await DropOf.Text("text,intent\nmy card is lost,lost_card\nchange my pin,pin\nbuy shares,invest\nbuy funds,invest\nwhich wine goes with fish,other\n");
        var outcome = await new TextTrainer().EvaluateAsync(trained.Classifier, csv, DropOf.Context.Now, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        var evaluation = Assert.IsType<Outcome<Evaluation>.Done>(outcome).Value;
        Assert.Equal((5, 0, 2.0, 0.5), (evaluation.Rows, evaluation.RowsInError, evaluation.Metrics["unknownIntents"], evaluation.Metrics["accuracy"]));
        Assert.Contains("outOfScopeRecall", evaluation.Metrics.Keys);
    }

    [Fact]
    public void Evaluation_of_the_holdout_gives_the_accuracy_of_training()
    {
        var (_, holdout) = Split.Of(trained.Rows.InScope, TrainedText.Contract.Training.Holdout, TrainedText.Contract.Training.Seed);
        var answers = TextEvaluation.Ask(trained.Classifier, [.. holdout.Select(r => (r.Text, (string?)trained.Rows.Intents[r.Class]))]);
        Assert.Equal(trained.Model.Metrics["accuracy"], TextMetrics.Of(answers)["accuracy"], 1e-12);
    }

    [Fact]
    public void Comparison_leaves_out_what_the_champion_was_trained_on()
    {
        var all = trained.Model.CompareWith(trained.Classifier, new RowKeys([]));
        var holdout = Split.Of(trained.Rows.InScope, 0.2, TrainedText.Contract.Training.Seed).Holdout;
        Assert.Equal(("accuracy", holdout.Count), (all.Metric, all.Rows));
        Assert.Equal(holdout.CountBy(r => r.Class).Min(c => c.Value), all.Rare);
        Assert.Equal(all.Challenger, all.Champion);
        Assert.Equal(trained.Rows.Intents, all.Classes.Select(c => c.Name));
        Assert.Equal((holdout.Count, all.Champion, 0), (all.Classes.Sum(c => c.Rows), (double)all.Classes.Sum(c => c.ByChampion) / all.Rows, all.Classes.Sum(c => c.Lost + c.Gained)));

        // Fresh texts of four intents only: the fifth has none.
        var seen = trained.Model.CompareWith(trained.Classifier, new RowKeys(holdout.Where(r => r.Class == 0).Select(r => r.Key)));
        Assert.Equal((holdout.Count(r => r.Class != 0), 0), (seen.Rows, seen.Rare));
        var none = trained.Model.CompareWith(trained.Classifier, new RowKeys(holdout.Select(r => r.Key)));
        Assert.Equal((0, 0, double.NaN, double.NaN), (none.Rows, none.Rare, none.Challenger, none.Champion));
    }

    /// <summary>Told of each pass over the texts, on the thread that makes it.</summary>
    private sealed class Passes(Action passed) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Stage == "training the network") passed();
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static TextFeatures Json(TextTrainedModel model) => TrainedText.Bundle(model).Read<TextFeatures>("features.json");
}
