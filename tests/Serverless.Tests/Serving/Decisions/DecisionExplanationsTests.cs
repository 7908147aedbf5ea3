using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Tests.Serving.Credit;

namespace Serverless.Tests.Serving.Decisions;

public class DecisionExplanationsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decision_is_explained_by_the_model_that_made_it_and_recorded_without()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        var contract = CreditExample.Contract with { Columns = [.. CreditExample.Contract.Columns.Select(c => c.Name == "income" ? c with { Actionable = true } : c)] };
        var first = await ScoringInstance.PromoteAsync(account, CreditExample.Bundle(contract: contract));
        using var instance = new ScoringInstance(account, TimeProvider.System);
        await instance.DecideAsync();
        await instance.DecideAsync("A-2", income: "5000");
        var golden = CreditExample.Golden with { Points = 498.16m, Probability = 1 / (1 + Math.Exp((0.03 * 498.16) - 16)) };
        await ScoringInstance.PromoteAsync(account, CreditExample.Bundle(CreditExample.Card with { BasePoints = 50000 }, golden: [golden]));
        using var explanations = new DecisionExplanations(new ModelRegistry(account), instance.Live);
        var made = (await instance.Applications.FindAsync("example", "A-1", Cancel))!.Case!;
        Assert.Null(made.Decision.Counterfactuals);

        for (var time = 0; time < 2; time++)
        {
            var explained = await explanations.ExplainAsync(made, Cancel);
            var way = Assert.Single(explained.Decision.Counterfactuals!.Found);
            Assert.Equal(("income", 610.6m), (Assert.Single(way.Changes).Column, way.Points));
            Assert.Equal(["income", "housing", "customerSince", "purpose"], explained.Shapes!.Columns.Select(c => c.Column));
            Assert.Equal(JsonSerializer.Serialize(made.Decision, Json.Options), JsonSerializer.Serialize(explained.Decision with { Counterfactuals = null }, Json.Options));
        }

        Assert.Null((await explanations.ExplainAsync((await instance.Applications.FindAsync("example", "A-2", Cancel))!.Case!, Cancel)).Decision.Counterfactuals);
        using var later = new DecisionExplanations(new ModelRegistry(account));
        await account.Blobs.GetBlobContainerClient("models").GetBlobClient($"credit/example/{first}/model.onnx").DeleteAsync(cancellationToken: Cancel);
        var gone = await later.ExplainAsync(made, Cancel);
        Assert.Equal(($"Model version {first}, which decided, is gone or was changed: it takes its bundle in the registry to tell.", null), (gone.Decision.Counterfactuals!.Why, gone.Shapes));
    }
}
