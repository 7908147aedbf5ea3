using Serverless.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class KeptBinsTests
{
    [Fact]
    public async Task Training_with_the_bins_that_it_found_gives_the_same_bins()
    {
        var csv = LoanExport.Csv(2000);
        var found = await LoanExport.TrainAsync(csv);
        var contract = KeptBins.Find(await LoanExport.RowsAsync(csv), columns: null);
        Assert.All(contract.Columns.Where(c => c.Role == ColumnRole.Input), c => Assert.True(c.Cuts is not null ^ c.Groups is not null));
        var kept = await LoanExport.TrainAsync(csv, contract);
        foreach (var column in found.Scorecard.Columns)
        {
            var same = kept.Scorecard.Columns.Single(c => c.Name == column.Name);
            Assert.Equal(column.Bins.Select(b => (b.Label, b.Woe, b.Rows, b.Bads)), same.Bins.Select(b => (b.Label, b.Woe, b.Rows, b.Bads)));
        }
    }

    [Fact]
    public async Task Bins_that_a_person_edited_are_those_of_the_model_on_other_data_too()
    {
        var contract = LoanExport.Contract with
        {
            Columns = [.. LoanExport.Contract.Columns.Select(c => c.Name switch { "income" => c with { Cuts = [2000, 4500, 8000] }, "region" => c with { Groups = [["R3"], ["R0", "R1", "R2"]] }, _ => c })],
        };
        var model = await LoanExport.TrainAsync(LoanExport.Csv(1500, seed: 9), contract);
        Assert.Equal([2000, 4500, 8000], model.Scorecard.Columns.Single(c => c.Name == "income").Cuts);
        Assert.Equal([["R3"], ["R0", "R1", "R2"]], model.Scorecard.Columns.Single(c => c.Name == "region").Categories);
        using var scorer = LoanExport.Load(model);
        scorer.SelfTest();

        var kept = KeptBins.Find(await LoanExport.RowsAsync(LoanExport.Csv(1500), contract), ["income", "noise"]);
        Assert.Equal([2000, 4500, 8000], kept.Columns.Single(c => c.Name == "income").Cuts);
        Assert.NotNull(kept.Columns.Single(c => c.Name == "noise").Cuts);
        var cleared = KeptBins.Clear(kept, ["income"]);
        Assert.Null(cleared.Columns.Single(c => c.Name == "income").Cuts);
        Assert.Equal([["R3"], ["R0", "R1", "R2"]], cleared.Columns.Single(c => c.Name == "region").Groups);
    }
}
