using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Functions;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Drops;
using Serverless.Training.Samples;

namespace Serverless.Tests.Functions;

/// <summary>One trace from drop to live version and from message to decision, and which log lines are sent.</summary>
public sealed class TraceTests(AzuriteFixture azurite) : IDisposable
{
    private const string Drop = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private const string Message = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private readonly ConcurrentQueue<Activity> _spans = new();
    private ActivityListener? _listener;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _listener?.Dispose();

    [Fact]
    public async Task Trace_of_a_drop_goes_on_to_the_live_version_and_that_of_a_message_to_the_decision()
    {
        Listen();
        var connection = await azurite.NewConnectionAsync();
        await using var app = await TestApp.EmbeddedAsync(connection);
        var account = StorageAccount.Open(connection);
        Assert.IsType<Outcome<DataContract>.Done>(await app.App.Services.GetRequiredService<ContractStore>().ActivateAsync(Json.File<object>(LoanSample.Contract), Cancel));
        using var loans = new MemoryStream();
        await LoanSample.WriteAsync(loans, 3000, seed: 1, Cancel);
        loans.Position = 0;
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient($"credit/{LoanSample.Portfolio}/a.csv")
            .UploadAsync(loans, new Azure.Storage.Blobs.Models.BlobUploadOptions { Metadata = new Dictionary<string, string> { ["traceparent"] = Drop } }, Cancel);
        var champion = await Asked.UntilAsync(() => app.App.Services.GetRequiredService<ModelRegistry>().ChampionAsync("credit", LoanSample.Portfolio, Cancel), seconds: 60);

        var application = LoanSample.Applications(1, seed: 2).Single();
        application["traceparent"] = Message;
        await account.Queues.GetQueueClient("loan-applications").SendMessageAsync(application.ToJsonString(), Cancel);
        var sent = await Asked.UntilAsync(async () => (await account.Queues.GetQueueClient("loan-decisions").ReceiveMessageAsync(cancellationToken: Cancel)).Value);

        var retrain = await SpanAsync("retrain", Drop);
        Assert.Equal((champion.Version, "promoted"), (retrain.GetTagItem("serverless.model.version"), retrain.GetTagItem("serverless.outcome")));
        foreach (var stage in new[] { "download", "training scorecard", "evaluating", "self-test", "gate" }) Assert.Equal(retrain.SpanId, (await SpanAsync(stage, Drop)).ParentSpanId);

        var decide = await SpanAsync("decide", Message);
        Assert.Equal("b7ad6b7169203331", decide.ParentSpanId.ToHexString());
        Assert.Equal(("decided", champion.Version), (decide.GetTagItem("serverless.outcome"), decide.GetTagItem("serverless.model.version")));
        foreach (var stage in new[] { "score", "record" }) Assert.Equal(decide.SpanId, (await SpanAsync(stage, Message)).ParentSpanId);
        Assert.Equal((await SpanAsync("send loan-decisions", Message)).Id, JsonNode.Parse(sent.Body.ToString())!["traceparent"]!.GetValue<string>());

        // A repetition with another trace, or with none, is the same application; one that is no trace at all is none.
        application["traceparent"] = "quokka";
        using var again = await app.Client.PostAsync("/api/applications", new StringContent(application.ToJsonString(), System.Text.Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(System.Net.HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Uploaded_drop_begins_a_trace()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        var file = Path.Combine(Directory.CreateTempSubdirectory("serverless-drop-").FullName, "a.csv");
        await File.WriteAllBytesAsync(file, [1], Cancel);
        var drop = new FilesToDrop("credit", "hmeq", null, [new(file)], null, null);
        Assert.IsType<Outcome<UploadedDrop>.Done>(await new DropUpload(account).RunAsync(drop, [new Serverless.Training.Credit.CreditTrainer()], new Progress<TrainingProgress>(), Cancel));
        var metadata = (await account.Blobs.GetBlobContainerClient("drops").GetBlobClient("credit/hmeq/a.csv").GetPropertiesAsync(cancellationToken: Cancel)).Value.Metadata;
        Assert.True(ActivityContext.TryParse(metadata["traceparent"], null, out var trace));
        Assert.True(trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
    }

    [Theory]
    [InlineData(null, true, false)]
    [InlineData("Warning", false, false)]
    [InlineData("Debug", true, true)]
    public async Task Log_levels_hold_for_what_is_sent_with_information_of_this_program_by_default(string? level, bool information, bool debug)
    {
        var builder = FunctionApp.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(
            [new("FUNCTIONS_CUSTOMHANDLER_PORT", "0"), new("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"), .. level is null ? [] : new KeyValuePair<string, string?>[] { new("Logging:LogLevel:Serverless", level) }]);
        builder.AddTelemetryExport();
        await using var app = builder.Build();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<Retraining>();
        Assert.Equal((information, debug), (log.IsEnabled(LogLevel.Information), log.IsEnabled(LogLevel.Debug)));
    }

    [Fact]
    public async Task Application_insights_gets_every_trace_and_every_line_unless_its_sender_left_it_out()
    {
        var builder = FunctionApp.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection([new("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:1/")]);
        builder.AddTelemetryExport();
        await using var app = builder.Build();
        var options = app.Services.GetRequiredService<IOptionsMonitor<AzureMonitorExporterOptions>>().CurrentValue;
        Assert.Equal((null, 1f, false), (options.TracesPerSecond, options.SamplingRatio, options.EnableTraceBasedLogsSampler));
    }

    [Theory]
    [InlineData("Authorization=AAD;ClientId=1", true)]
    [InlineData("Authorization=AAD", true)]
    [InlineData(null, false)]
    public void Telemetry_goes_to_application_insights_by_identity(string? setting, bool identity) => Assert.Equal(identity, TelemetryExport.Credential(setting) is not null);

    [Fact]
    public void Identity_of_another_form_is_refused_with_what_to_write() => Assert.Equal(
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING must be Authorization=AAD, with ;ClientId=… for a user-assigned identity, or left out.",
        Assert.Throws<SettingsException>(() => TelemetryExport.Credential("InstrumentationKey=1")).Message);

    private void Listen()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,

            // These traces only: tests that run beside this one are not traced, and the messages that they compare have no trace.
            Sample = (ref options) => $"{Drop}{Message}".Contains(options.Parent.TraceId.ToHexString(), StringComparison.Ordinal)
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.None,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The span of that name in that trace, once it has ended.</summary>
    private Task<Activity> SpanAsync(string name, string trace) =>
        Asked.UntilAsync(() => Task.FromResult(_spans.FirstOrDefault(s => s.OperationName == name && trace.Contains(s.TraceId.ToHexString(), StringComparison.Ordinal))));
}
