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
        var fitted = FittedText.Fit(train, trained.Rows.Intents, Cancel).With(FittedNetwork.Fit(train, trained.Rows.Intents.Count, rules, TrainedText.Contract.Training.Seed, _ => { }, Cancel));
        var calibration = new Calibration(new(trained.Model.Metrics["weightOfLinear"], trained.Model.Metrics["weightOfNetwork"]), 0);
        var scores = fitted.Scores([.. holdout.Select(r => r.Text)]);
        var rows = 0;
        trained.Classifier.Run([.. holdout.Select(r => r.Text)], (place, known, probabilities) =>
        {
            rows++;
            var expected = calibration.Probabilities(scores[place]);
            Assert.Equal(fitted.Knows(holdout[place].Text), known);
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
        Assert.Equal("The graph is no text classifier that fits features.json: it must take 'ids', 'weights' and give 'probability'.", error.Message);
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
        Assert.DoesNotContain("weightOfNetwork", model.Metrics.Keys);
        Assert.Equal("lost_card", Assert.IsType<Outcome<IReadOnlyList<Classification>>.Done>(classifier.Classify(["my card was stolen"], 1, Cancel)).Value[0].Intent);
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

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static TextFeatures Json(TextTrainedModel model) => TrainedText.Bundle(model).Read<TextFeatures>("features.json");
}
