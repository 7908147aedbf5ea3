using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Text;
using Serverless.Tests.House;

namespace Serverless.Tests.Serving.Registry;

/// <summary>
/// What earlier programs stored is read by this one. The bundles in format-1 were written by the last program of that format, from generated
/// data, and are never written again; of the files beside, trained-rows.bin and card.html were left out.
/// </summary>
public class FormatTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scorecard_of_format_1_loads_and_scores_to_the_points_that_were_recorded()
    {
        using var model = CreditScorer.Load(await ReadAsync("credit"));
        model.SelfTest();
        Assert.Equal((1, "5cf80978b8a835ce"), (model.Bundle.Manifest.Format, model.Bundle.Version));
        var scored = model.Bundle.Read<List<GoldenApplication>>("golden.json").ConvertAll(g => Assert.IsType<Outcome<CreditScore>.Done>(model.Score(g.Fields)).Value);
        Assert.Equal([562.29m, 561.64m, 546.96m, 495.83m, 571.08m, 600.08m], scored.ConvertAll(s => s.Points));
        Assert.Equal(0.09144360394220907, scored[0].Probability, 1e-9);
    }

    [Fact]
    public async Task Classifier_of_format_1_loads_and_answers_as_recorded()
    {
        using var model = TextClassifier.Load(await ReadAsync("text"));
        model.SelfTest();
        Assert.Equal((1, "6eb548c5bde648eb"), (model.Bundle.Manifest.Format, model.Bundle.Version));
        var answer = Assert.IsType<Outcome<IReadOnlyList<Classification>>.Done>(model.Classify(["card declined"], top: 1, TestContext.Current.CancellationToken)).Value.Single();
        Assert.Equal("card_declined", answer.Intent);
        Assert.Equal(0.9484249467873331, answer.Top.Single().Probability, 1e-4);
    }

    [Fact]
    public async Task Bundle_and_pointer_of_format_1_are_opened_and_listed_by_the_registry()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        var models = account.Blobs.GetBlobContainerClient("models");
        foreach (var path in Directory.EnumerateFiles(FolderOf("credit")))
            await models.GetBlobClient($"credit/consumer-loans/5cf80978b8a835ce/{Path.GetFileName(path)}").UploadAsync(path, Cancel);
        await models.GetBlobClient("credit/consumer-loans/champion.json").UploadAsync(
            BinaryData.FromString("{\n  \"version\": \"5cf80978b8a835ce\",\n  \"promotedAt\": \"2026-11-24T12:31:00+00:00\",\n  \"actor\": \"retraining\",\n  \"previous\": \"0123456789abcdef\"\n}\n"), Cancel);

        var registry = new ModelRegistry(account);
        var champion = (await registry.ChampionAsync("credit", "consumer-loans", Cancel))!;
        Assert.Equal(("5cf80978b8a835ce", "retraining", "0123456789abcdef"), (champion.Version, champion.Actor, champion.Previous));
        using var model = CreditScorer.Load(await registry.OpenAsync("credit", "consumer-loans", champion.Version, Cancel));
        model.SelfTest();
        Assert.StartsWith("# ", System.Text.Encoding.UTF8.GetString((await registry.BesideAsync("credit", "consumer-loans", champion.Version, "card.md", Cancel))!.Value.Span), StringComparison.Ordinal);
        var listed = Assert.Single(await registry.ListAsync(Cancel).ToListAsync(Cancel));
        Assert.Equal((champion.Version, true, 0.3849040867389491), (listed.Version, listed.Live, listed.Metrics["auc"]));
    }

    private static string FolderOf(string family) => Path.Combine(Repository.Root, "tests/Serverless.Tests/Serving/Registry/format-1", family);

    private static Task<ModelBundle> ReadAsync(string family) => ModelBundle.ReadFolderAsync(FolderOf(family), Cancel);
}
