using System.Net;
using System.Net.Http.Json;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Tests.Serving.Decisions;

namespace Serverless.Tests.Functions;

/// <summary>What GET decisions/{portfolio}/{id} answers: JSON for programs, a page for browsers.</summary>
public class DecisionApiTests(AzuriteFixture azurite)
{
    private const string Address = "/api/decisions/example/A-1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decision_is_json_for_programs_a_page_for_browsers_and_gone_once_erased()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(account);
        using var instance = new ScoringInstance(account, TimeProvider.System);
        await instance.DecideAsync();
        await using var app = await TestApp.HandlerAsync(connection);

        foreach (var accept in new[] { null, "*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0, */*", "nonsense" })
        {
            using var json = await GetAsync(app, accept);
            Assert.Equal("application/json", json.Content.Headers.ContentType?.MediaType);
            Assert.NotNull((await json.Content.ReadFromJsonAsync<Decision>(Json.Options, Cancel))!.Counterfactuals?.Why);
        }

        using var page = await GetAsync(app, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType?.ToString());
        Assert.StartsWith("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.Contains("<h1>Decision on application A-1</h1>", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        await instance.Erasure.RunAsync("example", "A-1", "officer", Cancel);
        using var erased = await GetAsync(app, "text/html");
        await erased.ProblemAsync((int)HttpStatusCode.Gone);
    }

    private static async Task<HttpResponseMessage> GetAsync(TestApp app, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        return await app.Client.SendAsync(request, Cancel);
    }
}
