using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Text;
using Serverless.Training.Samples;

namespace Serverless.Tests.Functions;

/// <summary>
/// The whole job in a process of its own, good and bad input alike, with values that stand nowhere else: none of them is in any log
/// line, trace or metric that leaves the app. Ids are; that is how operators find things.
/// </summary>
public sealed partial class PrivacyTests(AzuriteFixture azurite) : IDisposable
{
    private const string Portfolio = LoanSample.Portfolio;

    // Distinct in every digit, so that no timestamp or id holds one of them by chance.
    private static readonly Dictionary<string, JsonNode> Values = new()
    {
        ["amount"] = 48_213.77m,
        ["income"] = 71_234.56m,
        ["debt_to_income"] = 29.41373m,
        ["credit_utilisation"] = 66.31719m,
        ["savings_balance"] = 90_817.26m,
        ["years_employed"] = 4.913757m,
        ["oldest_account_date"] = "1991-07-19",
    };

    private static readonly string[] Texts = ["My zeppelin ticket 8841-AAQ was charged twice on the quokka card", "quokkas " + new string('z', 3000), ""];
    private readonly string _data = Directory.CreateTempSubdirectory("serverless-privacy-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task No_value_of_an_application_a_drop_or_a_text_leaves_the_app_as_telemetry()
    {
        await using var collector = await Collector.StartAsync();
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await using var app = Start(connection, collector);
        await app.UntilSaidAsync("The API answers at");
        var address = new Uri(Address().Match(app.Said).Groups[1].Value);
        using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { { "x-functions-key", DevelopmentKey.Of(_data).Value } } };
        await TrainAsync(account);
        await UseAsync(account, http);
        await Asked.UntilAsync(() => Task.FromResult(collector.Has("serverless.model.age", "metrics") ? "measured" : null));
        await app.SignalAsync("TERM");
        await app.EndAsync();
        Assert.Equal(0, app.ExitCode);

        // What must be there, so that absence means something.
        Assert.True(collector.Has("run ", "logs") && collector.Has(" started, ", "logs"), "Information of this program is hidden");
        foreach (var span in new[] { "decide", "score", "record", "send loan-decisions", "retrain", "training", "gate", "POST api/classify", "GET api/similar" }) Assert.True(collector.Has(span, "traces"), $"no span {span}");
        foreach (var metric in Metrics) Assert.True(collector.Has(metric, "metrics"), $"no metric {metric}");
        Assert.True(collector.Has("A-good", "traces"));

        // What must not.
        foreach (var (name, value) in Values)
        {
            Assert.False(collector.Has(value.ToString()), $"{name} was sent");
            Assert.DoesNotContain(value.ToString(), app.Said, StringComparison.Ordinal);
            if (decimal.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number)) Assert.False(collector.Has((double)number), $"{name} was sent as a number");
        }

        foreach (var word in new[] { "zeppelin", "8841-AAQ", "quokka", "zzzzzz", "wombat" })
        {
            Assert.False(collector.Has(word), $"'{word}' was sent");
            Assert.DoesNotContain(word, app.Said, StringComparison.Ordinal);
        }
    }

    /// <summary>Every instrument that this run must move.</summary>
    private static IEnumerable<string> Metrics =>
    [
        "serverless.drops", "serverless.retrain.duration", "serverless.gate.verdicts", "serverless.decisions", "serverless.decision.duration", "serverless.decision.probability",
        "serverless.classify.texts", "serverless.classify.confidence", "serverless.model.age", "http.server.request.duration",
    ];

    private AppProcess Start(string connection, Collector collector)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Serverless.Functions.dll"), "--port", "0", $"--Embedded:Data={_data}", "--Embedded:BlobScan=00:00:00.2"]);
        start.Environment[StorageAccount.Setting] = connection;
        start.Environment["Logging__LogLevel__Serverless"] = "Trace"; // the most that it can say
        start.Environment["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:00";
        foreach (var (name, value) in collector.Settings) start.Environment[name] = value;
        return AppProcess.Start(start);
    }

    private static async Task TrainAsync(StorageAccount account)
    {
        var contracts = new ContractStore(account, [new CreditFamily(), new TextFamily()]);
        Assert.IsType<Outcome<DataContract>.Done>(await contracts.ActivateAsync(Json.File<object>(LoanSample.Contract), Cancel));
        Assert.IsType<Outcome<DataContract>.Done>(await contracts.ActivateAsync(Json.File<object>(CustomerServiceSample.Contract with { Similar = new() }), Cancel));
        using var loans = new MemoryStream();
        await LoanSample.WriteAsync(loans, 3000, seed: 1, Cancel);
        var bad = Encoding.UTF8.GetString(loans.ToArray()).Replace("car", "wombat", StringComparison.Ordinal); // a category that the contract does not have
        using var texts = new MemoryStream();
        await CustomerServiceSample.OpenCsv().CopyToAsync(texts, Cancel);
        var drops = account.Blobs.GetBlobContainerClient("drops");
        await drops.GetBlobClient($"credit/{Portfolio}/a.csv").UploadAsync(BinaryData.FromBytes(loans.ToArray()), Cancel);
        await drops.GetBlobClient($"text/{CustomerServiceSample.Portfolio}/a.csv").UploadAsync(BinaryData.FromBytes(texts.ToArray()), Cancel);
        await drops.GetBlobClient($"credit/{Portfolio}/b.csv").UploadAsync(BinaryData.FromString(bad), Cancel);
        await Asked.UntilAsync(async () => await account.Blobs.GetBlobContainerClient("outcomes").GetBlobsAsync(cancellationToken: Cancel).CountAsync(b => b.Name.EndsWith(".csv.json", StringComparison.Ordinal), Cancel) == 3 ? "settled" : null, seconds: 60);
    }

    private static async Task UseAsync(StorageAccount account, HttpClient http)
    {
        var good = Application("A-good");
        var unknown = Application("A-unknown");
        unknown["fields"]!["purpose"] = "quokka purchase"; // no category of the contract
        var wrong = Application("A-wrong");
        wrong["fields"]!["income"] = "wombat 71234.56";
        var queue = account.Queues.GetQueueClient("loan-applications");
        foreach (var message in new[] { good.ToJsonString(), good.ToJsonString(), unknown.ToJsonString(), wrong.ToJsonString(), """{"applicationId":"A-broken","fields":{"amount":48213.77,""", "quokka" })
            await queue.SendMessageAsync(message, Cancel);
        await account.RawQueues.GetQueueClient("loan-applications").SendMessageAsync("quokka, not base64", Cancel);
        foreach (var posted in new[] { Application("A-http"), unknown, wrong })
            await http.PostAsync("applications", new StringContent(posted.ToJsonString(), Encoding.UTF8, "application/json"), Cancel);
        good["fields"]!["amount"] = 48_213.78m; // a conflict
        await http.PostAsync("applications", new StringContent(good.ToJsonString(), Encoding.UTF8, "application/json"), Cancel);
        await http.GetAsync($"decisions/{Portfolio}/A-http", Cancel);
        await http.PostAsync("classify", new StringContent("""{"text":"quokka""", Encoding.UTF8, "application/json"), Cancel);
        foreach (var text in Texts)
        {
            await http.PostAsJsonAsync("classify?q=quokka", new { text, explain = true }, Cancel);
            await http.GetAsync($"similar?text={Uri.EscapeDataString(text)}", Cancel);
        }

        await Asked.UntilAsync(async () => (await http.GetAsync($"decisions/{Portfolio}/A-good", Cancel)).IsSuccessStatusCode ? "decided" : null);
        await Asked.UntilAsync(async () => (await queue.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount == 0 ? "worked off" : null, seconds: 90);
    }

    private static JsonObject Application(string id)
    {
        var application = LoanSample.Applications(1, seed: 3).Single();
        application["applicationId"] = id;
        foreach (var (name, value) in Values) application["fields"]![name] = value.DeepClone();
        return application;
    }

    [GeneratedRegex(@"The API answers at (http://\S+)")]
    private static partial Regex Address();
}
