using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Tests.Training.Credit;

public class InputColumnTests
{
    [Fact]
    public async Task Figure_that_could_not_be_computed_keeps_a_model_back()
    {
        // Everyone gets the same score: there is no slope.
        var csv = "id,income,region,noise,bad\n" + string.Join('\n', Enumerable.Range(0, 100).Select(i => $"{i},5,R,1,{i % 4 / 3}"));
        var trained = await LoanExport.TrainAsync(csv);
        using var scorer = LoanExport.Load(trained);
        var verdict = Gate.Decide(new GateRules(), new NewModel(scorer.Bundle, trained, 0, null).Evidence, null);
        Assert.Equal(GateDecision.Keep, verdict.Decision);
        Assert.Contains("calibration slope: could not be measured, 0.5 is needed.", Gate.Reasons(verdict));
    }
}
