using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training;
using Serverless.Training.Documents;

namespace Serverless.Tests.Training.Documents;

public sealed class FieldTrainerTests
{
    private sealed class Silent : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
        }
    }

    [Fact]
    public void Same_seed_gives_the_same_weights_and_another_seed_others()
    {
        var first = Json.File(Train(9));
        Assert.Equal(first, Json.File(Train(9)));
        Assert.NotEqual(first, Json.File(Train(10)));
        static FieldModel Train(int seed) => FieldTrainer.Train(120, seed, new Silent(), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Included_model_finds_the_fields_of_papers_it_has_not_seen()
    {
        var clean = ReadingEvaluation.Simulated(150, 77_001, mistakes: false, FieldModel.Included);
        Assert.Equal(6, clean.Fields.Count);
        Assert.All(clean.Fields, f => Assert.True(f.Value.F1 >= 0.93, $"{f.Key} has an F1 of {f.Value.F1:0.000}."));
        Assert.True(clean.KindAccuracy >= 0.98);
        var misread = ReadingEvaluation.Simulated(150, 77_002, mistakes: true, FieldModel.Included);
        Assert.All(misread.Fields, f => Assert.True(f.Value.F1 >= 0.7, $"{f.Key} has an F1 of {f.Value.F1:0.000}."));
    }

    [Fact]
    public void Confidence_is_about_as_often_right_as_it_says()
    {
        List<(double Confidence, bool Right)> told = [];
        ReadingEvaluation.Simulated(300, 77_003, mistakes: false, FieldModel.Included, (truth, _, found) =>
        {
            foreach (var name in Enum.GetValues<KeyFieldName>())
            {
                if (found[name] is { } field) told.Add((field.Confidence, truth.Fields.TryGetValue(name, out var known) && FieldTally.IsRight(name, field, known)));
            }
        });
        Assert.InRange(told.Count(t => t.Right) / (double)told.Count, told.Average(t => t.Confidence) - 0.04, told.Average(t => t.Confidence) + 0.04);
        Assert.True(told.Where(t => t.Confidence > 0.95).Average(t => t.Right ? 1 : 0.0) > told.Where(t => t.Confidence < 0.8).Average(t => t.Right ? 1 : 0.0));
    }
}
