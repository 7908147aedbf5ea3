using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Training.Credit;

public class ColumnUseTests
{
    private static readonly CreditContract Once = LoanExport.Contract with { Training = new TrainingRules { Refit = false } };

    [Fact]
    public async Task Every_input_tells_its_information_value_and_the_useless_one_why_it_is_not_used()
    {
        var model = await LoanExport.TrainAsync(LoanExport.Csv(3000), Once);
        Assert.Equal(["income", "region", "noise"], model.Inputs.Select(c => c.Name));
        Assert.Equal(model.Scorecard.Columns.Select(c => c.Name), model.Inputs.Where(c => c.NotUsed is null).Select(c => c.Name));
        Assert.InRange(model.Inputs[0].InformationValue, 0.5, 2);
        Assert.Equal(model.Scorecard.Columns[0].MissingBin, model.Inputs[0].Bins);
        Assert.Matches(@"^(tells good from bad no better than chance|adds nothing to the other columns: coefficient 0, where none may be negative) \(information value 0[.\d]*\)$", model.Inputs[2].NotUsed);
    }

    [Fact]
    public async Task Column_below_the_least_information_value_is_not_used()
    {
        var model = await LoanExport.TrainAsync(LoanExport.Csv(1500), Once with { Scorecard = new ScorecardRules { MinInformationValue = 0.4 } });
        var left = model.Inputs.Single(c => c.Name == "region");
        Assert.Matches(@"^information value 0\.\d+ is below 0\.4$", left.NotUsed);
        Assert.Equal(["income"], model.Scorecard.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task Of_two_columns_that_tell_the_same_the_weaker_is_not_used()
    {
        var csv = string.Join('\n', LoanExport.Csv(1500).TrimEnd().Split('\n').Select((line, i) => i == 0 ? line + ",copy" : $"{line},{(line.Split(',')[1] is "" or "-9" ? "0" : line.Split(',')[1])}"));
        var contract = Once with { Columns = [.. Once.Columns, new() { Name = "copy", Type = ColumnType.Number }], Scorecard = new ScorecardRules { MaxCorrelation = 0.7 } };
        var model = await LoanExport.TrainAsync(csv, contract);
        Assert.Matches(@"^its weight of evidence correlates 0\.\d+ with that of 'income', which tells more; 0\.7 is the most$", model.Inputs.Single(c => c.Name == "copy").NotUsed);
        Assert.Contains(model.Scorecard.Columns, c => c.Name == "income");
    }

    [Fact]
    public async Task Lasso_leaves_out_and_says_so()
    {
        var model = await LoanExport.TrainAsync(LoanExport.Csv(1500), Once with { Scorecard = new ScorecardRules { Lasso = 1e5 } });
        Assert.Matches(@"^adds too little to the other columns: coefficient 0 under lasso 100000 \(information value \d", model.Inputs[0].NotUsed);
        Assert.Equal(0.5, model.Metrics["auc"]);
    }

    [Fact]
    public async Task Trend_against_the_data_is_named()
    {
        var contract = Once with { Columns = [.. Once.Columns.Select(c => c.Name == "income" ? c with { Monotone = Monotone.Increasing } : c)] };
        var csv = LoanExport.Csv(1500).Replace(",,", ",5000,", StringComparison.Ordinal).Replace(",-9,", ",5000,", StringComparison.Ordinal);
        var income = (await LoanExport.TrainAsync(csv, contract)).Inputs.Single(c => c.Name == "income");
        Assert.Equal((1, "shows no increasing risk, which the contract asks for (information value 0)"), (income.Bins, income.NotUsed));
    }
}
