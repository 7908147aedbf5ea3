using Serverless.Serving.Documents;
using Serverless.Training;
using Serverless.Training.Documents;

namespace Serverless.Tests.Training.Documents;

/// <summary>A few pictures of each label are enough for a model that answers, with the usual rules of a contract but for its size.</summary>
public class FewPicturesTests
{
    [Fact]
    public async Task Five_pictures_a_label_give_a_model_that_tells_them_apart()
    {
        var contract = MadePictures.Contract with { OutOfScopeLabel = null, Network = new() { Epochs = 18 }, Augmentation = new() };
        var rows = await MadePictures.RowsAsync(contract, ("a.zip", MadePictures.Zip([.. MadePictures.Shapes(5, 1).Where(p => p.Label != "other")])));
        var trained = (DocumentTrainedModel)new DocumentTrainer().Train(rows, TrainingCheckpoints.None, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        using var served = (DocumentClassifier)new DocumentFamily().Load(Serverless.Serving.ModelBundle.Create(
            new() { Family = "documents", Portfolio = "shapes", RunId = "run", TrainedAt = DateTimeOffset.UnixEpoch, DataSha256 = "", Rows = 15, Metrics = trained.Metrics }, trained.Served));
        var right = MadePictures.Shapes(30, 40_000).Where(p => p.Label != "other").Count(p =>
            ((Serverless.Serving.Outcome<DocumentClassification>.Done)served.Classify(p.Content, 1)).Value.Top[0].Label == p.Label);
        Assert.InRange(right, 63, 90); // 30 by chance
    }
}
