using System.Text;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Tests;
using Serverless.Tests.Functions;
using Serverless.Training.Samples;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Serverless.Worker.Tests;

/// <summary>The isolated worker and the custom handler, given the same, do and answer the same.</summary>
public class SameResultsTests(AzuriteFixture azurite)
{
    private const string Loans = $"credit/{LoanSample.Portfolio}", Texts = $"text/{CustomerServiceSample.Portfolio}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_tells_the_host_of_the_functions_that_function_json_tells_it_of()
    {
        await using var worker = await WorkerHost.StartAsync(await azurite.NewConnectionAsync());
        var folder = Path.Combine(WorkerHost.Folder, "Bindings");
        var files = Directory.EnumerateFiles(folder, "function.json", SearchOption.AllDirectories).ToDictionary(
            f => Path.GetFileName(Path.GetDirectoryName(f)!), f => JsonNode.Parse(File.ReadAllText(f))!["bindings"]![0]!.AsObject());
        Assert.Equal(files.Keys.Order(), worker.Functions.Select(f => f.Name).Order());
        foreach (var function in worker.Functions)
        {
            var told = JsonNode.Parse(function.RawBindings[0])!.AsObject();
            foreach (var (member, value) in files[function.Name])
                Assert.Equal($"{function.Name} {member}: {value!.ToJsonString()}", $"{function.Name} {member}: {told[member]?.ToJsonString()}", ignoreCase: true);
        }

        Assert.DoesNotContain(Directory.EnumerateDirectories(WorkerHost.Folder), d => File.Exists(Path.Combine(d, "function.json"))); // where the host would take them for functions of its own
        Assert.DoesNotContain("customHandler", File.ReadAllText(Path.Combine(WorkerHost.Folder, "host.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_become_the_same_decisions_and_poison()
    {
        string[] messages =
        [
            PublishedHandler.Application("A-1"), PublishedHandler.Application("A-2", income: 5000), PublishedHandler.Application("A-1"), PublishedHandler.Application("A-1", income: 1),
            """{"applicationId":"A-3","Id":"forged","DequeueCount":"99","sys":{"MethodName":"x"},"portfolio":"example","fields":{"LOAN":1000}}""",
            """{"applicationId":"A-4","portfolio":"none","submittedAt":"2026-03-01T09:30:00Z","fields":{}}""", "no json", "", "äöü 🙂",
        ];
        await SameAsync(PublishedHandler.LiveAsync, async host =>
        {
            var steps = new List<string>();
            foreach (var message in messages) steps.Add($"{message}: {await host.QueueAsync("ScoreLoanApplication", "loan-applications", message)}");
            Assert.All(steps, s => Assert.EndsWith("True", s, StringComparison.Ordinal));
            Assert.Equal(2, (await host.Account.RawQueues.GetQueueClient("loan-decisions").PeekMessagesAsync(32, Cancel)).Value.Select(m => m.MessageText).Distinct().Count());

            // What fails counts as failed towards the host, and is noted.
            await host.Account.Blobs.GetBlobContainerClient("applications").DeleteAsync(cancellationToken: Cancel);
            steps.Add($"outage: {await host.QueueAsync("ScoreLoanApplication", "loan-applications", PublishedHandler.Application("A-5"))}");
            await host.Account.Blobs.CreateBlobContainerAsync("applications", cancellationToken: Cancel);
            Assert.EndsWith("False", steps[^1], StringComparison.Ordinal);
            return steps;
        });
    }

    [Fact]
    public async Task Drops_become_the_same_models_and_refusals_and_timers_do_the_same()
    {
        using var csv = new MemoryStream();
        await LoanSample.WriteAsync(csv, 3000, seed: 1, Cancel);
        using var texts = new MemoryStream();
        await CustomerServiceSample.OpenCsv().CopyToAsync(texts, Cancel);
        await SameAsync(
            async connection =>
            {
                var account = StorageAccount.Open(connection);
                await account.PrepareAsync(Cancel);
                await using var path = new RetrainPath(account);
                foreach (object contract in new object[] { LoanSample.Contract, CustomerServiceSample.Contract }) await path.Get<ContractStore>().ActivateAsync(Json.File(contract), Cancel);
            },
            async host =>
            {
                var steps = new List<string>();
                await DropAsync(host, $"{Loans}/first.csv", csv.ToArray());
                steps.Add($"first: {await host.BlobAsync("RetrainOnDrop", "drops", $"{Loans}/first.csv")}");
                await DropAsync(host, $"{Loans}/bad.csv", "loan_id,amount\n1,nonsense\n"u8.ToArray());
                steps.Add($"stale: {await host.BlobAsync("RetrainOnDrop", "drops", $"{Loans}/bad.csv", "\"0x1111111111\"")}");
                steps.Add($"bad: {await host.BlobAsync("RetrainOnDrop", "drops", $"{Loans}/bad.csv")}");
                await DropAsync(host, $"{Texts}/first.csv", texts.ToArray());
                steps.Add($"texts: {await host.BlobAsync("RetrainOnDrop", "drops", $"{Texts}/first.csv")}");
                steps.Add(await AnswerAsync(host, ("ClassifyText", "POST", "/api/classify", """{"text":"I think my bank card was stolen on the bus"}""", "application/json")));
                Assert.Contains("\"intent\":\"card_lost_or_stolen\"", steps[^1], StringComparison.Ordinal);
                foreach (var application in LoanSample.Applications(3, seed: 2))
                    steps.Add($"application: {await host.QueueAsync("ScoreLoanApplication", "loan-applications", application.ToJsonString())}");
                await host.Account.RawQueues.GetQueueClient("loan-applications-poison").SendMessageAsync("no base64!", Cancel);
                foreach (var timer in new[] { "ReconcileDrops", "HandlePoison", "AnchorDecisionLog" }) steps.Add($"{timer}: {await host.TimerAsync(timer)}");
                using var models = await host.HttpAsync("ListModels", new(HttpMethod.Get, "/api/models"));
                Assert.Contains("\"live\":true", await models.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
                return steps;
            });
    }

    [Fact]
    public async Task Requests_get_the_same_answers()
    {
        (string Function, string Method, string Path, string? Body, string Type)[] requests =
        [
            ("HealthLive", "GET", "/api/health/live", null, ""), ("HealthReady", "GET", "/api/health/ready", null, ""), ("OpenApi", "GET", "/api/openapi.json", null, ""),
            ("ListModels", "GET", "/api/models", null, ""),
            ("SubmitApplication", "POST", "/api/applications", PublishedHandler.Application("A-1"), "application/json"),
            ("SubmitApplication", "POST", "/api/applications", PublishedHandler.Application("A-1", income: 1), "application/json"),
            ("SubmitApplication", "POST", "/api/applications", """{"portfolio":"example"}""", "application/json"),
            ("SubmitApplication", "POST", "/api/applications", new string(' ', 50 * 1024), "application/json"),
            ("SubmitApplication", "POST", "/api/applications", "text", "text/plain"),
            ("GetDecision", "GET", "/api/decisions/example/A-1", null, ""), ("GetDecision", "GET", "/api/decisions/example/A-2", null, ""),
            ("GetDecision", "GET", "/api/decisions/EXAMPLE/A-1", null, ""), ("GetDecision", "GET", "/api/decisions/example/..%2F..", null, ""),
            ("ClassifyText", "POST", "/api/classify", """{"text":"hello"}""", "application/json"), ("ClassifyText", "POST", "/api/classify", """{"text":17}""", "application/json"),
            ("ClassifyText", "POST", "/api/classify", """{"portfolio":"No Such","text":"a","texts":[],"top":0}""", "application/json"),
            ("GetForecast", "GET", "/api/forecasts/SPY?portfolio=stocks", null, ""), ("GetStrategy", "GET", "/api/strategies/stocks", null, ""), ("GetStrategy", "GET", "/api/strategies/No%20Such", null, ""),
            ("FindSimilar", "GET", "/api/similar?text=hello", null, ""), ("FindSimilar", "GET", "/api/similar?portfolio=No%20Such&top=x", null, ""),
            ("ReadPicture", "POST", "/api/documents", "no picture", "image/png"), ("ReadPicture", "POST", "/api/documents?portfolio=No%20Such", "no picture", "text/plain"),
            ("GiveFeedback", "POST", "/api/feedback", """{"portfolio":"No Such"}""", "application/json"),
        ];
        await SameAsync(PublishedHandler.LiveAsync, async host =>
        {
            var answers = new List<string>();
            foreach (var request in requests) answers.Add(await AnswerAsync(host, request));
            Assert.Equal(200, int.Parse(answers[4].Split('\n')[1], System.Globalization.CultureInfo.InvariantCulture));

            // What escapes a function becomes problem details too.
            await host.Account.Blobs.GetBlobContainerClient("applications").DeleteAsync(cancellationToken: Cancel);
            answers.Add(await AnswerAsync(host, requests[4] with { Body = PublishedHandler.Application("A-9") }));
            await host.Account.Blobs.CreateBlobContainerAsync("applications", cancellationToken: Cancel);
            Assert.Contains("\n503\n", answers[^1], StringComparison.Ordinal);
            return answers;
        });
    }

    /// <summary>Does the same with both flavours, each on an account prepared alike, and compares every step and then all that lies in the storage.</summary>
    private async Task SameAsync(Func<string, Task> prepare, Func<PlayedHost, Task<List<string>>> work)
    {
        var (steps, contents) = (new List<List<string>>(), new List<IReadOnlyList<string>>());
        foreach (var start in new Func<string, Task<PlayedHost>>[] { HandlerHost.StartAsync, async connection => await WorkerHost.StartAsync(connection) })
        {
            var connection = await azurite.NewConnectionAsync();
            await prepare(connection);
            await using var host = await start(connection);
            steps.Add(await work(host));
            contents.Add(await StorageContent.ReadAsync(host.Account));
        }

        Assert.Equal(steps[0], steps[1]);
        Assert.NotEmpty(contents[0]);
        Assert.Equal(contents[0], contents[1]);
    }

    private static async Task DropAsync(PlayedHost host, string name, byte[] content) =>
        await host.Account.Blobs.GetBlobContainerClient("drops").GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), Cancel);

    /// <summary>Status, headers and body, without times.</summary>
    private static async Task<string> AnswerAsync(PlayedHost host, (string Function, string Method, string Path, string? Body, string Type) asked)
    {
        using var request = new HttpRequestMessage(new HttpMethod(asked.Method), asked.Path);
        if (asked.Body is not null) request.Content = new StringContent(asked.Body, Encoding.UTF8, asked.Type);
        using var response = await host.HttpAsync(asked.Function, request);
        var headers = response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not ("Date" or "Last-Modified" or "ETag")).Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order(StringComparer.Ordinal);
        return $"{asked.Method} {asked.Path}\n{(int)response.StatusCode}\n{string.Join('\n', headers)}\n{StorageContent.Scrub(await response.Content.ReadAsStringAsync(Cancel))}";
    }
}
