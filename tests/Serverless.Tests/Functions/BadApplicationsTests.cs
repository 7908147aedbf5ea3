using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Serving.Poison;
using Serverless.Tests.Serving.Credit;

namespace Serverless.Tests.Functions;

/// <summary>Bad applications against a live model, with the same exact reasons by queue and by HTTP; nothing is decided or sent.</summary>
public class BadApplicationsTests(AzuriteFixture azurite)
{
    private const string NotNumber = "'income' is not a number: write it with a decimal point and without thousands separators.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static (string What, string Message, string[] Reasons)[] Cases { get; } =
    [
        ("malformed JSON", """{"applicationId": "A-1",""", ["The message is not valid JSON, or nested deeper than 8 levels, at line 1, byte 24: send one JSON object."]),
        ("no object", "[]", ["The message must be a JSON object with applicationId, portfolio, submittedAt and fields."]),
        ("bare NaN", With("""{"income": NaN}"""), ["The message is not valid JSON, or nested deeper than 8 levels, at line 1, byte 118: send one JSON object."]),
        ("unknown portfolio", With("{}", portfolio: "nowhere"), ["Portfolio 'nowhere' has no live model: drop data for it, or correct the name."]),
        ("NaN as text", With("""{"income": "NaN"}"""), [NotNumber]),
        ("number too large for a double", With("""{"income": 1e999}"""), [NotNumber]),
        ("truth value for a number", With("""{"income": true}"""), [NotNumber]),
        ("list for a number", With("""{"income": [900]}"""), ["'income' is an object or a list: give one value."]),
        ("number for a date", With("""{"customerSince": 20200101, "applied": "2024-01-01"}"""), ["'customerSince' is not a date: write it as yyyy-MM-dd, or as a timestamp of ISO 8601."]),
        ("unknown category where the contract lists them", With("""{"housing": "castle"}"""), ["'housing' has a value that its contract does not allow: correct it, or add it to the contract."]),
        ("unknown column", With("""{"shoeSize": 44}"""), ["'shoeSize' is no column of contract 1: remove it, or correct its name."]),
        ("fields missing", """{"applicationId": "A-1", "portfolio": "example", "submittedAt": "2026-03-01T09:30:00Z"}""", ["fields must be an object with a member for each input."]),
    ];

    [Fact]
    public async Task Bad_application_is_refused_with_the_same_reasons_by_queue_and_by_http()
    {
        var connection = await azurite.NewConnectionAsync();
        await using var app = await StartAsync(connection);
        var account = StorageAccount.Open(connection);
        var (queue, store) = (account.Queues.GetQueueClient("loan-applications"), new PoisonStore(account, TimeProvider.System));
        foreach (var (what, message, reasons) in Cases)
        {
            using var response = await PostAsync(app, message);
            var problem = await response.ProblemAsync(400);
            Assert.Equal((what, "The application cannot be decided: correct what the reasons name and send it again."), (what, problem.Detail));
            Assert.Equal(reasons, problem.Reasons!);

            await queue.SendMessageAsync(message, Cancel);
            var record = await Asked.UntilAsync(async () => await store.ListAsync(Cancel).FirstOrDefaultAsync(r => r.Id == PoisonId.Of(message), Cancel));
            Assert.Equal(reasons, record.Reasons);
            Assert.Equal((message, 1), (record.Message, record.Count));
        }

        Assert.Null(await app.App.Services.GetRequiredService<ApplicationStore>().FindAsync("example", "A-1", Cancel));
        Assert.Null((await account.Queues.GetQueueClient("loan-decisions").PeekMessageAsync(Cancel)).Value);
    }

    [Fact]
    public async Task Category_that_training_never_saw_is_referred_and_told()
    {
        await using var app = await StartAsync(await azurite.NewConnectionAsync());
        using var response = await PostAsync(app, With("""{"income": 900, "purpose": "rocket", "housing": "own"}"""));
        Assert.Equal(200, (int)response.StatusCode);
        var decision = BinaryData.FromString(await response.Content.ReadAsStringAsync(Cancel)).ToObjectFromJson<Decision>(Json.Options)!;
        Assert.Equal(DecisionVerdict.Refer, decision.Verdict);
        Assert.Equal(["purpose"], decision.Unseen);
    }

    [Fact]
    public async Task Message_that_is_not_base64_is_recorded_as_it_is_and_decided_once_it_is_requeued()
    {
        var connection = await azurite.NewConnectionAsync();
        await using var app = await StartAsync(connection);
        var account = StorageAccount.Open(connection);
        var store = new PoisonStore(account, TimeProvider.System);
        var queues = new PoisonQueues(account, store);
        var message = With("""{"income": 900}""");
        await account.RawQueues.GetQueueClient("loan-applications").SendMessageAsync(message, Cancel);
        var record = await Asked.UntilAsync(async () =>
        {
            await queues.CollectAsync(Cancel).CountAsync(Cancel); // or the app's timer does
            return await store.ListAsync(Cancel).SingleOrDefaultAsync(Cancel);
        });
        Assert.Equal((message, MessageEncoding.Text, "example", "A-1"), (record.Message, record.Encoding, record.Portfolio, record.ApplicationId));

        Assert.IsType<Outcome<PoisonRecord>.Done>(await queues.RequeueAsync(record, Cancel));
        var applications = app.App.Services.GetRequiredService<ApplicationStore>();
        await Asked.UntilAsync(() => applications.FindAsync("example", "A-1", Cancel));
        Assert.Empty(await store.ListAsync(Cancel).ToListAsync(Cancel));
    }

    private static string With(string fields, string portfolio = "example") =>
        $$"""{"applicationId": "A-1", "portfolio": "{{portfolio}}", "submittedAt": "2026-03-01T09:30:00.0000000Z", "fields": {{fields}}}""";

    private static Task<HttpResponseMessage> PostAsync(TestApp app, string message) =>
        app.Client.PostAsync("/api/applications", new StringContent(message, Encoding.UTF8, "application/json"), Cancel);

    /// <summary>The app with the example scorecard live.</summary>
    private static async Task<TestApp> StartAsync(string connection)
    {
        var app = await TestApp.EmbeddedAsync(connection);
        var registry = app.App.Services.GetRequiredService<ModelRegistry>();
        var bundle = CreditExample.Bundle();
        await registry.PublishAsync(bundle, Cancel);
        Assert.True(await registry.PromoteAsync(CreditContract.FamilyName, "example", bundle.Version, null, "test", DateTimeOffset.UnixEpoch, Cancel));
        return app;
    }
}
