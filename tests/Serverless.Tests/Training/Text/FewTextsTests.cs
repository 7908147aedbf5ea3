using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Samples;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

/// <summary>What a drop with few texts of each intent gives: the customer messages of the sample, of which only some are shown.</summary>
public sealed class FewTextsTests
{
    [Theory]
    [InlineData(2, 0.35)]
    [InlineData(5, 0.47)]
    [InlineData(10, 0.53)]
    public async Task Few_texts_of_each_of_20_intents_tell_a_good_share_of_the_others(int shown, double least)
    {
        var rows = await SampleAsync();
        var byIntent = rows.InScope.GroupBy(r => r.Class).ToList();
        var few = rows with { InScope = [.. byIntent.SelectMany(g => g.Take(shown))], OutOfScope = [] };
        var model = TrainedText.Train(few);
        using var classifier = TrainedText.Load(model);
        var answers = TextEvaluation.Ask(classifier, [.. byIntent.SelectMany(g => g.Skip(shown)).Select(r => (r.Text, (string?)rows.Intents[r.Class]))]);
        var right = answers.Count(a => a.Class == a.Predicted) / (double)answers.Count;
        Assert.True(right > least, $"{right:0.000} of {answers.Count}");
    }

    private static async Task<TextRows> SampleAsync()
    {
        using var csv = new StreamReader(CustomerServiceSample.OpenCsv());
        return (TextRows)((Outcome<TrainingRows>.Done)await TrainedText.ReadAsync(await csv.ReadToEndAsync(TestContext.Current.CancellationToken), CustomerServiceSample.Contract)).Value;
    }
}
