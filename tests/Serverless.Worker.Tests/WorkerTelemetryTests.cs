using System.Text;
using Serverless.Tests;
using Serverless.Tests.Functions;

namespace Serverless.Worker.Tests;

/// <summary>Traces and log lines of the isolated worker lead back to the host's, and it ends in words where it cannot start.</summary>
public class WorkerTelemetryTests(AzuriteFixture azurite)
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const int Income = 73519;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trace_of_the_hosts_invocation_goes_on_to_the_decision_and_the_host_leaves_telemetry_to_the_worker()
    {
        await using var collector = await Collector.StartAsync();
        var connection = await azurite.NewConnectionAsync();
        await PublishedHandler.LiveAsync(connection);
        await using var host = await WorkerHost.StartAsync(connection, collector.Settings);
        Assert.Equal(bool.TrueString, host.Capabilities["WorkerOpenTelemetryEnabled"]);

        host.TraceParent = $"00-{Trace}-b7ad6b7169203331-01";
        Assert.True(await host.QueueAsync("ScoreLoanApplication", "loan-applications", PublishedHandler.Application("A-1")));
        var sent = (await host.Account.Queues.GetQueueClient("loan-decisions").ReceiveMessageAsync(cancellationToken: Cancel)).Value;
        Assert.Contains($"\"traceparent\":\"00-{Trace}-", sent.Body.ToString(), StringComparison.Ordinal);
        await Asked.UntilAsync(() => Task.FromResult(collector.Has("faas.invocation_id", "traces") && collector.Has("decide", "traces") ? "sent" : null));
    }

    [Fact]
    public async Task Log_lines_reach_the_host_at_the_apps_levels_and_that_of_a_failed_request_names_its_invocation()
    {
        var connection = await azurite.NewConnectionAsync();
        await PublishedHandler.LiveAsync(connection);
        await using var host = await WorkerHost.StartAsync(connection);
        Assert.DoesNotContain("WorkerOpenTelemetryEnabled", host.Capabilities.Keys);
        await LoggedAsync(host, "credit/example answers with version ");

        await host.Account.Blobs.GetBlobContainerClient("applications").DeleteAsync(cancellationToken: Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/applications") { Content = new StringContent(PublishedHandler.Application("A-1", Income), Encoding.UTF8, "application/json") };
        using var response = await host.HttpAsync("SubmitApplication", request);
        await response.ProblemAsync(503);
        await LoggedAsync(host, $"/api/applications failed, invocation '{request.Headers.GetValues("x-ms-invocation-id").Single()}'");
        Assert.False(await host.QueueAsync("ScoreLoanApplication", "loan-applications", PublishedHandler.Application("A-2", Income)));
        await LoggedAsync(host, "ScoreLoanApplication failed on loan-applications ");
        Assert.DoesNotContain(host.Logs, l => l.Contains($"{Income}", StringComparison.Ordinal)); // of an applicant
        Assert.DoesNotContain(host.Logs, l => l.Contains("Request starting", StringComparison.Ordinal)); // Information, of others
    }

    [Fact]
    public async Task Without_a_storage_account_the_worker_ends_with_what_to_set()
    {
        await using var worker = WorkerHost.StartProcess("http://127.0.0.1:1", []);
        await worker.EndAsync();
        Assert.Equal((1, "The settings DataStorage and AzureWebJobsStorage are missing: name the storage account in one of them."), (worker.ExitCode, worker.Said.Trim()));
    }

    private static Task<string> LoggedAsync(WorkerHost host, string text) =>
        Asked.UntilAsync(() => Task.FromResult(host.Logs.FirstOrDefault(l => l.Contains(text, StringComparison.Ordinal))));
}
