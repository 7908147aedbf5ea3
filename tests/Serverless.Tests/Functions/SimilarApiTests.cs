using System.Collections.Concurrent;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Tests.Functions;

/// <summary>GET similar: questions for agents in any script, every refusal with its limit, and nothing of a text in a log line.</summary>
public class SimilarApiTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_of_any_script_get_the_nearest_questions_best_first_and_are_in_no_log_line()
    {
        var (app, version) = await StartAsync(null, "Logging:LogLevel:Default=Trace", "Logging:LogLevel:Microsoft.AspNetCore=Trace", "Logging:Console:LogLevel:Default=None");
        await using var _ = app;
        using var lines = new Lines();
        app.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        foreach (var (text, intent) in new[] { ("is my card lost? quokka 4111 1111 1111 1111", "lost_card"), ("我的银行卡丢了", "lost_card"), ("كم رصيدي", "balance") })
        {
            using var response = await app.Client.GetAsync($"/api/similar?portfolio=chat&top=4&text={Uri.EscapeDataString(text)}", Cancel);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
            var answer = (await response.Content.ReadFromJsonAsync<SimilarAnswer>(Json.Options, Cancel))!;
            Assert.Equal((ChatModel.Portfolio, version, 4), (answer.Portfolio, answer.ModelVersion, answer.Questions.Count));
            Assert.Equal(intent, answer.Questions[0].Intent);
            Assert.Equal(answer.Questions.OrderByDescending(q => q.Similarity), answer.Questions);
            Assert.All(answer.Questions, q => Assert.Contains($",{q.Text},{q.Intent}\n", ChatModel.Csv(), StringComparison.Ordinal));
            Assert.Equal(text.Contains("4111", StringComparison.Ordinal) ? [new("card", 1)] : [], answer.Redactions);
        }

        // The usual number, and a caller who is gone before the answer.
        Assert.Equal(5, (await app.Client.GetFromJsonAsync<SimilarAnswer>("/api/similar?portfolio=chat&text=card", Json.Options, Cancel))!.Questions.Count);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Client.GetAsync("/api/similar?portfolio=chat&text=card", new CancellationToken(canceled: true)));

        Assert.Contains(lines.All, line => line.Contains("/api/similar", StringComparison.Ordinal)); // so that absence means something
        foreach (var word in new[] { "quokka", "4111", "text=", Uri.EscapeDataString("我"), "رصيد" }) Assert.DoesNotContain(lines.All, line => line.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_that_cannot_be_answered_get_every_reason_with_the_limit()
    {
        var (app, _) = await StartAsync(null);
        await using var __ = app;
        const string once = "Give 'text' once: what the customer says, percent-encoded as UTF-8.", top = "'top' must be 1 to 50.";
        foreach (var (query, reasons) in new (string, string[])[]
        {
            ("", [once]), ("portfolio=No%20Such&top=0", [Names.Portfolio.Fault, once, top]), ("text=a&text=b", [once]),
            ("text=a&top=51", [top]), ("text=a&top=x", [top]), ("text=a&top=", [top]), ("text=a&top=1&top=2", [top]), ("text=a&top=99999999999", [top]),
            ("portfolio=chat&text=", ["'text' is empty: write what the customer says."]), ("portfolio=chat&text=%20", ["'text' is empty: write what the customer says."]),
            ($"portfolio=chat&text={new string('x', 201)}", ["'text' is longer than 200 characters: shorten it."]),
            ($"portfolio=chat&text={Uri.EscapeDataString(new string('卡', 7000))}", ["'text' is longer than 200 characters: shorten it."]), // 63,000 bytes of address
        })
        {
            using var refused = await app.Client.GetAsync($"/api/similar?{query}", Cancel);
            Assert.Equal(reasons, (await refused.ProblemAsync(400)).Reasons);
        }

        using var unknown = await app.Client.GetAsync("/api/similar?text=a", Cancel);
        Assert.Equal("Portfolio 'customer-service' has no live text model (there is 'chat'): drop labelled texts as a CSV at drops/text/customer-service/.", (await unknown.ProblemAsync(404)).Detail);
        using var posted = await app.Client.PostAsJsonAsync("/api/similar", new { text = "a" }, Cancel);
        await posted.ProblemAsync(405);
    }

    [Fact]
    public async Task Model_that_keeps_no_questions_is_a_404_that_says_what_to_do()
    {
        var (app, version) = await StartAsync(ChatModel.Contract with { Similar = null });
        await using var _ = app;
        using var response = await app.Client.GetAsync("/api/similar?portfolio=chat&text=card", Cancel);
        Assert.Equal($"Version {version} of portfolio 'chat' keeps no training questions: add \"similar\": {{}} to its contract, activate it, and drop the texts again.", (await response.ProblemAsync(404)).Detail);
    }

    private async Task<(TestApp App, string Version)> StartAsync(TextContract? contract, params string[] settings)
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        var version = await ChatModel.PromoteAsync(account, contract: contract);
        return (await TestApp.HandlerAsync(connection, null, settings), version);
    }

    /// <summary>Keeps every line that is logged, whatever its level.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
