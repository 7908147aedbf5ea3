using System.Text;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Tests.Training.Documents;

namespace Serverless.Tests.Serving.Documents;

[Collection(nameof(TrainedShapes))]
public class DocumentClassifierTests(TrainedShapes trained)
{
    [Fact]
    public void Answer_is_the_best_label_with_probabilities_of_all_and_the_same_for_file_and_picture()
    {
        using var cross = MadePictures.Shape("cross", 77_001);
        var answer = Assert.IsType<Outcome<DocumentClassification>.Done>(trained.Classifier.Classify(cross.ToPng(), 3)).Value;
        Assert.Equal("cross", answer.Top[0].Label);
        Assert.Equal(["bars", "cross", "disc"], answer.Top.Select(t => t.Label).Order());
        Assert.Equal(1, answer.Top.Sum(t => t.Probability), 1e-5);
        Assert.Equal(answer.Top.Select(t => t.Probability).OrderDescending(), answer.Top.Select(t => t.Probability));
        Assert.Equal(answer.Top, trained.Classifier.Classify(cross, 3).Top);
        Assert.Single(trained.Classifier.Classify(cross, 1).Top);
    }

    [Fact]
    public void Answer_is_none_below_the_threshold_and_shows_what_came_closest()
    {
        var thresholds = new Dictionary<string, byte[]> { ["thresholds.json"] = Json.File(new DocumentThresholds(1e9, trained.Model.Served.Count > 0 ? PictureNoneScore.Probability : default)) };
        using var never = trained.Load(thresholds);
        using var cross = MadePictures.Shape("cross", 77_001);
        var (none, some) = (never.Classify(cross, 2), trained.Classifier.Classify(cross, 2));
        Assert.Equal((null, 2), (none.Label, none.Top.Count));
        Assert.Equal(some.Top, none.Top);
        Assert.Equal(some.Evidence, none.Evidence);
    }

    [Fact]
    public void Bytes_that_are_no_picture_are_rejected_as_the_decoder_says() =>
        Assert.Equal(["The file is no picture, whatever its name says: send it as PNG, JPEG or WebP."], Assert.IsType<Outcome<DocumentClassification>.Rejected>(trained.Classifier.Classify("text"u8, 1)).Reasons);

    [Fact]
    public void Explanation_adds_up_and_points_at_the_shape()
    {
        using var disc = MadePictures.Shape("disc", 77_005);
        var answer = trained.Classifier.Classify(disc, 1, explain: true);
        var explanation = answer.Explanation!;
        Assert.Equal((answer.Top[0].Label, 8, 8), (explanation.Of, explanation.Drops.Count, explanation.Drops[0].Count));
        Assert.Equal(answer.Top[0].Probability, explanation.Probability, 1e-6);
        Assert.Equal(explanation.Probability, explanation.Blank + explanation.Residual + explanation.Drops.Sum(row => row.Sum()), 1e-9);
        Assert.Null(trained.Classifier.Classify(disc, 1).Explanation);

        // Covering what is there moves the answer more than covering the border's noise.
        var corners = new[] { explanation.Drops[0][0], explanation.Drops[0][7], explanation.Drops[7][0], explanation.Drops[7][7] };
        Assert.True(explanation.Drops.Max(row => row.Max(Math.Abs)) > corners.Max(Math.Abs));
    }

    [Theory]
    [InlineData("height", 17, "The graph takes pictures of another size than features.json says: train the model again or restore the files.")]
    [InlineData("channels", 2, "features.json does not fit together: train the model again or restore the file.")]
    public void Bundle_whose_features_do_not_fit_the_graph_is_refused(string member, int value, string fault)
    {
        var features = JsonNode.Parse(trained.Model.Served["features.json"])!;
        features[member] = value;
        Assert.Equal(fault, Assert.Throws<InvalidModelException>(() => trained.Load(new Dictionary<string, byte[]> { ["features.json"] = Encoding.UTF8.GetBytes(features.ToJsonString()) })).Message);
    }

    [Fact]
    public void Bundle_with_a_label_more_or_with_another_graph_is_refused()
    {
        var features = JsonNode.Parse(trained.Model.Served["features.json"])!;
        features["labels"]!.AsArray().Add("square");
        Assert.StartsWith("The graph answers with another number of labels", Assert.Throws<InvalidModelException>(() => trained.Load(new Dictionary<string, byte[]> { ["features.json"] = Encoding.UTF8.GetBytes(features.ToJsonString()) })).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidModelException>(() => trained.Load(new Dictionary<string, byte[]> { ["model.onnx"] = [1, 2, 3] }));
    }
}
