using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class InputColumnTests
{
    [Fact]
    public void Codes_of_another_contract_match_by_value_and_hold_for_ordinary_numbers()
    {
        var champion = new Column { Name = "n", Type = ColumnType.Number, Special = ["-9", "-7"], Missing = ["-1"] };
        var scored = new ScorecardColumn("n", ColumnType.Number, [0], [], [.. Enumerable.Range(0, 5).Select(i => new Bin($"{i}", i, 0, 0, 0))], 0);
        var input = new InputColumn(champion with { Special = ["-9.0", "-5"], Missing = [] }, [0, 0, 0, -7, -1, -2, 3], [-1, -2, -3, 0, 0, 0, 0], []);
        Assert.Equal([2, 3, 2, 4, 2, 0, 1], input.BinsIn(scored, champion, [.. Enumerable.Range(0, input.Codes.Length)]));
    }

    [Fact]
    public void Values_that_another_contract_lists_as_codes_are_its_codes()
    {
        var champion = new Column { Name = "c", Type = ColumnType.Category, Special = ["none"], Missing = ["NA"] };
        var scored = new ScorecardColumn("c", ColumnType.Category, [], [["a"]], [.. Enumerable.Range(0, 4).Select(i => new Bin($"{i}", i, 0, 0, 0))], 0);
        var input = new InputColumn(new Column { Name = "c", Type = ColumnType.Category }, [], [0, 1, 2, 3], ["a", "none", "NA", "new"]);
        Assert.Equal([0, 2, 1, 3], input.BinsIn(scored, champion, [.. Enumerable.Range(0, input.Codes.Length)]));
    }

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
