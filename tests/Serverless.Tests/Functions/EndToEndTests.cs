using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Http;
using Serverless.Functions.Triggers;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Training;
using Serverless.Training.Samples;

namespace Serverless.Tests.Functions;

/// <summary>The main job with real models: drops become live models by the trigger, applications decisions, texts intents.</summary>
public class EndToEndTests(AzuriteFixture azurite)
{
    private const string Loans = $"credit/{LoanSample.Portfolio}";
    private const string Texts = $"text/{CustomerServiceSample.Portfolio}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drop_of_loans_goes_live_and_applications_become_decisions_by_queue_and_by_http()
    {
        var connection = await azurite.NewConnectionAsync();
        await using var app = await TestApp.EmbeddedAsync(connection);
        var account = StorageAccount.Open(connection);
        await ActivateAsync(app, LoanSample.Contract);
        var live = await DropAsync(account, $"{Loans}/first.csv", await LoansAsync(3000, seed: 1));
        Assert.Equal((RetrainResult.Promoted, 3000, 0), (live.Result, live.Rows, live.RowsInError));
        Assert.InRange(live.Metrics["auc"], 0.65, 0.95);

        // By queue: recorded under its id, and sent.
        var applications = LoanSample.Applications(5, seed: 2).ToList();
        var queue = account.Queues.GetQueueClient("loan-applications");
        foreach (var application in applications) await queue.SendMessageAsync(application.ToJsonString(), Cancel);
        var sent = await ReceiveAsync(account.Queues.GetQueueClient("loan-decisions"), applications.Count);
        Assert.Equal(applications.Select(Id), sent.Select(d => d.ApplicationId).Order());
        var store = app.App.Services.GetRequiredService<ApplicationStore>();
        foreach (var decision in sent)
        {
            Assert.Equal((LoanSample.Portfolio, live.Version, "1"), (decision.Portfolio, decision.ModelVersion, decision.ContractVersion));
            Assert.InRange(decision.Probability, 0, 1);
            var record = (await store.FindAsync(LoanSample.Portfolio, decision.ApplicationId, Cancel))!;
            Same(decision, record.Case!.Decision);
            var fields = applications.Single(a => Id(a) == decision.ApplicationId)["fields"]!;
            Assert.Equal(fields["amount"]!.GetValue<decimal>(), record.Case.Inputs.Fields["amount"].GetDecimal());
            Same(decision, (await app.Client.GetFromJsonAsync<Decision>($"/api/decisions/{LoanSample.Portfolio}/{decision.ApplicationId}", Json.Options, Cancel))!);
        }

        // By HTTP: the same path; again the same decision; the id with other content is a conflict.
        var posted = LoanSample.Applications(1, seed: 3).Single();
        var first = await PostAsync<Decision>(app, "applications", posted);
        Assert.Equal((Id(posted), live.Version), (first.ApplicationId, first.ModelVersion));
        Same(first, await PostAsync<Decision>(app, "applications", posted));
        Same(sent[0], await PostAsync<Decision>(app, "applications", applications.Single(a => Id(a) == sent[0].ApplicationId)));
        posted["fields"]!["amount"] = posted["fields"]!["amount"]!.GetValue<decimal>() + 1;
        using var conflict = await app.Client.PostAsync("/api/applications", Body(posted), Cancel);
        Assert.Equal(
            [$"Application '{Id(posted)}' of portfolio '{LoanSample.Portfolio}' was decided with other content: send a changed application under a new id."],
            (await conflict.ProblemAsync(409)).Reasons!);

        var listed = Assert.Single((await app.Client.GetFromJsonAsync<ModelList>("/api/models", Json.Options, Cancel))!.Models);
        Assert.Equal(("credit", LoanSample.Portfolio, live.Version, true), (listed.Family, listed.Portfolio, listed.Version, listed.Live));
        Assert.Equal(live.Metrics["auc"], listed.Metrics["auc"]);
        Assert.Equal("""{"status":"ready"}""", await app.Client.GetStringAsync("/api/health/ready", Cancel));
    }

    [Fact]
    public async Task Drop_of_texts_goes_live_and_a_text_gets_its_intent_with_the_version()
    {
        var connection = await azurite.NewConnectionAsync();
        await using var app = await TestApp.EmbeddedAsync(connection);
        var account = StorageAccount.Open(connection);
        await ActivateAsync(app, CustomerServiceSample.Contract);
        using var csv = new MemoryStream();
        await CustomerServiceSample.OpenCsv().CopyToAsync(csv, Cancel);
        var live = await DropAsync(account, $"{Texts}/first.csv", csv.ToArray());
        Assert.Equal((RetrainResult.Promoted, 880), (live.Result, live.Rows));

        var one = await PostAsync<ClassifyAnswer>(app, "classify", new JsonObject { ["text"] = "I think my bank card was stolen on the bus, please stop it" });
        Assert.Equal((CustomerServiceSample.Portfolio, live.Version), (one.Portfolio, one.ModelVersion));
        var result = Assert.Single(one.Results);
        Assert.Equal(("card_lost_or_stolen", 3), (result.Intent, result.Top.Count));
        var batch = await PostAsync<ClassifyAnswer>(app, "classify", new JsonObject
        {
            ["portfolio"] = CustomerServiceSample.Portfolio,
            ["texts"] = new JsonArray("I think my bank card was stolen on the bus, please stop it", "🙂", "Card 4111 1111 1111 1111 was stolen, call +44 7700 900123 or 212-555-0123"),
            ["top"] = 1,
        });
        Assert.Equal(["card_lost_or_stolen", null, "card_lost_or_stolen"], batch.Results.Select(r => r.Intent));
        Assert.Equal(["", "", "card 1, phone 2"], batch.Results.Select(r => string.Join(", ", r.Redactions.Select(d => $"{d.Kind} {d.Count}"))));
        Assert.All(batch.Results, r => Assert.Single(r.Top));
        Assert.Equal("""{"status":"ready"}""", await app.Client.GetStringAsync("/api/health/ready", Cancel));

        await BadTextsAsync(app);
    }

    [Fact]
    public async Task Next_drops_do_nothing_stay_behind_or_go_live_while_the_app_answers()
    {
        var connection = await azurite.NewConnectionAsync();
        await using var app = await TestApp.EmbeddedAsync(connection);
        var account = StorageAccount.Open(connection);
        await ActivateAsync(app, LoanSample.Contract);
        var loans = await LoansAsync(3000, seed: 1);
        var first = await DropAsync(account, $"{Loans}/a-first.csv", loans);
        var applications = new Queue<JsonObject>(LoanSample.Applications(500, seed: 4));
        Assert.Equal(first.Version, await AnsweredByAsync());

        // The same content under another name: the trigger has seen it before the next drop, and it is no run.
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient($"{Loans}/b-copy.csv").UploadAsync(BinaryData.FromBytes(loans), Cancel);
        var copy = await app.App.Services.GetRequiredService<Retraining>().RunAsync($"{Loans}/b-copy.csv", null, new Progress<TrainingProgress>(), Cancel);
        Assert.Equal((RetrainResult.NoOp, first.Version, first.RunId), (copy.Result, copy.Version, copy.RunId));

        // Forty later loans are too few to tell.
        var few = await LoansAsync(40, seed: 5);
        var more = await DropAsync(account, $"{Loans}/c-few-more.csv", [.. loans, .. few.AsSpan(few.IndexOf((byte)'\n') + 1)]);
        Assert.Equal(RetrainResult.NotEnoughEvidence, more.Result);
        Assert.Contains(more.Reasons, r => r.StartsWith("fresh rows: ", StringComparison.Ordinal));
        Assert.Equal(first.Version, await AnsweredByAsync());

        // Twice as many new loans teach a better model, which answers without a restart.
        var second = await DropAsync(account, $"{Loans}/d-second.csv", await LoansAsync(6000, seed: 6));
        Assert.True(second.Result == RetrainResult.Promoted, string.Join(' ', second.Reasons));
        Assert.Equal(3, new HashSet<string?> { first.Version, more.Version, second.Version }.Count);
        await Asked.UntilAsync(async () => await AnsweredByAsync() == second.Version ? "hot" : null);
        var listed = (await app.Client.GetFromJsonAsync<ModelList>("/api/models", Json.Options, Cancel))!.Models;
        Assert.Equal(3, listed.Count);
        Assert.Equal(second.Version, Assert.Single(listed, m => m.Live).Version);
        Assert.Equal(3, await RunsAsync(account).CountAsync(Cancel));

        async Task<string> AnsweredByAsync() => (await PostAsync<Decision>(app, "applications", applications.Dequeue())).ModelVersion;
    }

    [Fact]
    public async Task Functions_host_protocol_retrains_and_decides_with_the_real_model()
    {
        var connection = await azurite.NewConnectionAsync();
        await using var app = await TestApp.HandlerAsync(connection);
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await ActivateAsync(app, LoanSample.Contract);
        var drop = $"{Loans}/first.csv";
        var uploaded = await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(drop).UploadAsync(BinaryData.FromBytes(await LoansAsync(3000, seed: 1)), Cancel);
        await InvokeAsync(app, "RetrainOnDrop", new JsonObject
        {
            ["Data"] = new JsonObject { ["drop"] = Twice("inlined content, which is not looked at") },
            ["Metadata"] = new JsonObject { ["name"] = Twice(drop), ["Properties"] = new JsonObject { ["ETag"] = uploaded.Value.ETag.ToString("H") } },
        });
        var live = (await RunsAsync(account).SingleAsync(Cancel)).Outcome;
        Assert.Equal((RetrainResult.Promoted, drop), (live.Result, live.Drop));

        var application = LoanSample.Applications(1, seed: 2).Single();
        var message = new JsonObject
        {
            ["Data"] = new JsonObject { ["message"] = Twice(application.ToJsonString()) },
            ["Metadata"] = new JsonObject { ["DequeueCount"] = "1", ["Id"] = Twice("4f8e1b6c"), ["portfolio"] = Twice("forged") },
        };
        await InvokeAsync(app, "ScoreLoanApplication", message);
        await InvokeAsync(app, "ScoreLoanApplication", message); // delivered again
        var sent = await ReceiveAsync(account.Queues.GetQueueClient("loan-decisions"), 2);
        Assert.Equal((Id(application), LoanSample.Portfolio, live.Version), (sent[0].ApplicationId, sent[0].Portfolio, sent[0].ModelVersion));
        Same(sent[0], sent[1]);
        Same(sent[0], await PostAsync<Decision>(app, "applications", application));
    }

    /// <summary>What is wrong with texts, asked of a live model.</summary>
    private static async Task BadTextsAsync(TestApp app)
    {
        (JsonNode Request, int Status, string Detail, string[]? Reasons)[] cases =
        [
            (new JsonObject { ["text"] = "" }, 400, "The request cannot be answered.", ["text 1 is empty: write what the customer says."]),
            (new JsonObject { ["text"] = new string('x', 2001) }, 400, "The request cannot be answered.", ["text 1 is longer than 2000 characters: shorten it."]),
            (new JsonObject { ["texts"] = new JsonArray("card", " ", "card", new string('x', 2001)) }, 400, "The request cannot be answered.",
                ["text 2 is empty: write what the customer says.", "text 4 is longer than 2000 characters: shorten it."]),
            (new JsonObject { ["texts"] = new JsonArray() }, 400, "The request cannot be answered.", ["'texts' must have 1 to 256 texts: send more in several requests."]),
            (new JsonObject { ["texts"] = new JsonArray("card", null) }, 400, "The request cannot be answered.", ["text 2 is empty: write what the customer says."]),
            (new JsonObject { ["texts"] = new JsonArray("card", 7) }, 400, "The body is not the JSON that is expected, at $.texts[1], line 1, byte 19: see openapi.json for its form.", null),
            (JsonValue.Create("card"), 400, "The body is not the JSON that is expected, at $, line 1, byte 7: see openapi.json for its form.", null),
            (new JsonObject { ["portfolio"] = "nowhere", ["text"] = "card" }, 404,
                "Portfolio 'nowhere' has no live text model (there is 'customer-service'): drop labelled texts as a CSV at drops/text/nowhere/.", null),
        ];
        (string Request, string Detail)[] malformed =
        [
            ("""{"text": "card",""", "The body is not the JSON that is expected, at $, line 1, byte 16: see openapi.json for its form."),
            ("""{"text": NaN}""", "The body is not the JSON that is expected, at $.text, line 1, byte 10: see openapi.json for its form."),
            ("""{"text": "\ud800"}""", "The body is not the JSON that is expected, at $.text, line 1, byte 18: see openapi.json for its form."),
        ];
        foreach (var (request, status, detail, reasons) in cases.Select(c => (c.Request.ToJsonString(), c.Status, c.Detail, c.Reasons)).Concat(malformed.Select(m => (m.Request, 400, m.Detail, (string[]?)null))))
        {
            using var response = await app.Client.PostAsync("/api/classify", new StringContent(request, Encoding.UTF8, "application/json"), Cancel);
            var problem = await response.ProblemAsync(status);
            Assert.Equal(detail, problem.Detail);
            Assert.Equal(reasons, problem.Reasons);
        }
    }

    private static async Task ActivateAsync(TestApp app, DataContract contract) => Assert.IsType<Outcome<DataContract>.Done>(
        await app.App.Services.GetRequiredService<ContractStore>().ActivateAsync(Json.File<object>(contract), Cancel));

    /// <summary>Uploads a drop and waits for the run that the trigger makes of it.</summary>
    private static async Task<RetrainOutcome> DropAsync(StorageAccount account, string name, byte[] csv)
    {
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(name).UploadAsync(BinaryData.FromBytes(csv), Cancel);
        return await Asked.UntilAsync(async () => (await RunsAsync(account).FirstOrDefaultAsync(r => r.Outcome.Drop == name, Cancel))?.Outcome, seconds: 60);
    }

    private static async IAsyncEnumerable<RunRecord> RunsAsync(StorageAccount account)
    {
        var runs = account.Blobs.GetBlobContainerClient("runs");
        await foreach (var run in runs.GetBlobsAsync(cancellationToken: Cancel).Where(b => !b.Name.EndsWith("/lease.json", StringComparison.Ordinal)))
            yield return (await runs.GetBlobClient(run.Name).DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<RunRecord>(Json.Options)!;
    }

    private static async Task<List<Decision>> ReceiveAsync(QueueClient queue, int count)
    {
        List<Decision> got = [];
        await Asked.UntilAsync(async () =>
        {
            foreach (var message in (await queue.ReceiveMessagesAsync(32, cancellationToken: Cancel)).Value) got.Add(message.Body.ToObjectFromJson<Decision>(Json.Options)!);
            return got.Count >= count ? "all" : null;
        });
        Assert.Equal(count, got.Count);
        return got;
    }

    private static async Task<T> PostAsync<T>(TestApp app, string route, JsonNode body)
    {
        using var response = await app.Client.PostAsync($"/api/{route}", Body(body), Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
        return (await response.Content.ReadFromJsonAsync<T>(Json.Options, Cancel))!;
    }

    private static async Task InvokeAsync(TestApp app, string function, JsonObject invocation)
    {
        using var response = await app.Client.PostAsync($"/{function}", Body(invocation), Cancel);
        Assert.Equal("""{"Outputs":{},"Logs":[],"ReturnValue":null}""", await response.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<byte[]> LoansAsync(int rows, int seed)
    {
        using var csv = new MemoryStream();
        await LoanSample.WriteAsync(csv, rows, seed, Cancel);
        return csv.ToArray();
    }

    private static StringContent Body(JsonNode json) => new(json.ToJsonString(), Encoding.UTF8, "application/json");

    private static string Id(JsonObject application) => application["applicationId"]!.GetValue<string>();

    // The host encodes strings twice.
    private static string Twice(string text) => JsonSerializer.Serialize(text);

    // Records compare their lists by reference.
    private static void Same(Decision expected, Decision actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected, Json.Options), JsonSerializer.Serialize(actual with { Counterfactuals = null }, Json.Options)); // those are found when a decision is looked up
}
