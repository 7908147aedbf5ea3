using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training;
using Serverless.Training.Documents;

namespace Serverless.Tests.Training.Documents;

/// <summary>One small model of shapes, trained once for the tests that ask it, without the second fit.</summary>
public sealed class TrainedShapes : IDisposable
{
    public TrainedShapes()
    {
        var contract = MadePictures.Contract with { Training = new() { Refit = false } };
        Rows = MadePictures.RowsAsync(contract, ("shapes.zip", MadePictures.Zip(MadePictures.Shapes(30, 1)))).GetAwaiter().GetResult();
        Model = (DocumentTrainedModel)new DocumentTrainer().Train(Rows, TrainingCheckpoints.None, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        Classifier = Load();
    }

    public DocumentRows Rows { get; }

    public DocumentTrainedModel Model { get; }

    public DocumentClassifier Classifier { get; }

    public DocumentClassifier Load(IReadOnlyDictionary<string, byte[]>? changed = null) => (DocumentClassifier)new DocumentFamily().Load(ModelBundle.Create(
        new Manifest { Family = "documents", Portfolio = "shapes", RunId = "run", TrainedAt = DateTimeOffset.UnixEpoch, DataSha256 = "", Rows = Model.Rows, Metrics = Model.Metrics },
        new Dictionary<string, byte[]>(Model.Served.Where(f => changed?.ContainsKey(f.Key) != true).Concat(changed ?? new Dictionary<string, byte[]>()))));

    public void Dispose() => Classifier.Dispose();

    /// <summary>Tests that ask it one after another, so that it is trained once for all of them.</summary>
    [CollectionDefinition(nameof(TrainedShapes))]
    public sealed class Asked : ICollectionFixture<TrainedShapes>;
}
