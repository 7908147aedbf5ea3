using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training.Credit;

public class ContractInferenceRealDataTests
{
    [Theory]
    [InlineData("german_credit", "bad", null, "personal_status_sex, age_years, foreign_worker", 17)]
    [InlineData("hmeq", "BAD", null, "", 12)]
    [InlineData("lendingclub", "charged_off", "issue_d", "", 26)]
    [InlineData("taiwan_default", "default_next_month", null, "SEX, MARRIAGE, AGE", 20)]
    [InlineData("sba", "charged_off", "ApprovalDate", "", 14, "Term")]
    public async Task Public_set_gets_a_valid_contract_with_sensible_roles(string set, string target, string? date, string guarded, int inputs, string? leak = null)
    {
        var data = Environment.GetEnvironmentVariable("SERVERLESS_DATA");
        if (string.IsNullOrEmpty(data)) Assert.Skip("SERVERLESS_DATA names no folder with the public sets.");
        await using var file = await LocalDrop.OpenAsync(Path.Combine(data!, set, "dev.csv"), TestContext.Current.CancellationToken);
        var options = new InferenceOptions { Target = target, Date = date, Portfolio = "loans" };
        var outcome = await ContractInference.InferAsync(file, options, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);

        var inferred = Assert.IsType<Outcome<InferredContract>.Done>(outcome).Value;
        var contract = inferred.Contract;
        Assert.IsType<Outcome<DataContract>.Done>(new CreditFamily().ReadContract(Json.File(contract)));
        Assert.Equal(["1"], contract.Bad);
        Assert.Equal(["row_id"], Of(ColumnRole.Id));
        Assert.Equal(guarded, string.Join(", ", Of(ColumnRole.Protected)));
        Assert.Equal(inputs, Of(ColumnRole.Input).Count());
        Assert.Equal(leak, Of(ColumnRole.Ignored).SingleOrDefault());
        Assert.Equal(leak, inferred.Warnings.SingleOrDefault(w => w.Text.Contains("LEAK", StringComparison.Ordinal))?.Column);
        Assert.All(contract.Columns, c => Assert.Empty(c.Special));

        IEnumerable<string> Of(ColumnRole role) => contract.Columns.Where(c => c.Role == role).Select(c => c.Name);
    }
}
