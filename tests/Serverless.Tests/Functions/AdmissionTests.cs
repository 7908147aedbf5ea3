using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions;
using Serverless.Functions.Http;
using Serverless.Serving;

namespace Serverless.Tests.Functions;

/// <summary>Who may call which route, and how often; refusal included.</summary>
public class AdmissionTests(AzuriteFixture azurite)
{
    private const string EntraId = "WEBSITE_AUTH_ENABLED=True";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Every route with its scope; null for routes that take any caller, "-" for those that take anybody.</summary>
    public static TheoryData<string, string, string?> Routes => new()
    {
        { "POST", "classify", "Chat.Classify" },
        { "GET", "similar", "Questions.Read" },
        { "GET", "forecasts/SPY", "Market.Read" },
        { "GET", "strategies/stocks", "Market.Read" },
        { "POST", "documents", "Documents.Read" },
        { "POST", "feedback", "Chat.Feedback" },
        { "POST", "applications", "Applications.Write" },
        { "GET", "decisions/none/A-1", "Decisions.Read" },
        { "GET", "decisions/none/A-1/notice", "Decisions.Read" },
        { "POST", "decisions/none/A-1/contest", "Applications.Write" },
        { "GET", "reviews/none", "Decisions.Read" },
        { "GET", "reviews/none/A-1", "Decisions.Read" },
        { "POST", "reviews/none/A-1/take", "Reviews.Decide" },
        { "POST", "reviews/none/A-1/decide", "Reviews.Decide" },
        { "GET", "models", "Models.Read" },
        { "POST", "models/credit/none/promote", "Models.Promote" },
        { "POST", "models/credit/none/rollback", "Models.Promote" },
        { "POST", "models/credit/none/approve", "Models.Promote" },
        { "GET", "openapi.json", null },
        { "GET", "health/live", "-" },
        { "GET", "health/ready", "-" },
    };

    [Fact]
    public async Task Every_http_function_is_among_the_routes_under_test()
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync());
        var functions = app.App.Services.GetServices<Function>().OfType<Function.OnHttp>().ToList();
        Assert.Equal(functions.Select(f => f.Rules.Anonymous ? "-" : f.Rules.Scope ?? "").Order(), Routes.Select(r => r.Data.Item3 ?? "").Order());
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Development_host_asks_for_its_key(string method, string path, string? scope)
    {
        await using var app = await TestApp.EmbeddedAsync(await azurite.NewConnectionAsync());
        var key = app.App.Services.GetRequiredService<DevelopmentKey>().Value;
        Assert.Equal(scope == "-", await IsAdmittedAsync(app, method, path, ("x-functions-key", "")));
        Assert.Equal(scope == "-", await IsAdmittedAsync(app, method, path, ("x-functions-key", key + "0")));
        Assert.True(await IsAdmittedAsync(app, method, path, ("x-functions-key", key)));
        Assert.True(await IsAdmittedAsync(app, method, $"{path}?code={key}", ("x-functions-key", null)));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Handler_leaves_keys_to_the_functions_host_in_front(string method, string path, string? scope)
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync());
        Assert.True(await IsAdmittedAsync(app, method, path), scope);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Entra_id_lets_in_who_has_the_scope_or_role_of_the_route(string method, string path, string? scope)
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), null, EntraId);
        var (all, others) = (Routes.Select(r => r.Data.Item3).Where(s => s is not (null or "-")).ToList(), Routes.Select(r => r.Data.Item3).Where(s => s is not (null or "-") && s != scope));
        var open = scope is null or "-";
        Assert.True(await IsAdmittedAsync(app, method, path, Principal([("scp", string.Join(' ', all))])));
        Assert.True(await IsAdmittedAsync(app, method, path, Principal([("roles", scope ?? "none")])));
        Assert.Equal(open, await IsAdmittedAsync(app, method, path, Principal([("scp", string.Join(' ', others))])));
        Assert.Equal(open, await IsAdmittedAsync(app, method, path, Principal([("scp", $"{scope}.Not")])));
        Assert.Equal(open, await IsAdmittedAsync(app, method, path, Principal([])));
        Assert.Equal(scope == "-", await IsAdmittedAsync(app, method, path));
        Assert.Equal(scope == "-", await IsAdmittedAsync(app, method, path, Principal([("scp", string.Join(' ', all))], type: "github")));
        Assert.Equal(scope == "-", await IsAdmittedAsync(app, method, path, (Caller.Header, "no base64")));
        Assert.Equal(scope == "-", await IsAdmittedAsync(app, method, path, (Caller.Header, Convert.ToBase64String("[1]"u8))));
    }

    [Fact]
    public async Task Principal_header_counts_for_nothing_where_the_platform_does_not_say_that_it_is_on()
    {
        await using var app = await TestApp.EmbeddedAsync(await azurite.NewConnectionAsync());
        Assert.False(await IsAdmittedAsync(app, "GET", "models", Principal([("scp", "Models.Read")]), ("x-functions-key", "")));
    }

    [Fact]
    public async Task Both_hosts_listen_on_this_machine_only()
    {
        await using var handler = await TestApp.HandlerAsync(await azurite.NewConnectionAsync());
        await using var embedded = await TestApp.EmbeddedAsync(await azurite.NewConnectionAsync());
        Assert.Equal(("127.0.0.1", "127.0.0.1"), (handler.Client.BaseAddress!.Host, embedded.Client.BaseAddress!.Host));
    }

    [Fact]
    public async Task Refusals_are_problems_that_say_what_to_do()
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), null, EntraId);
        using var unknown = await app.Client.GetAsync("/api/models", Cancel);
        Assert.Contains("Authorization: Bearer", (await unknown.ProblemAsync(401)).Detail, StringComparison.Ordinal);
        Assert.Equal("Bearer", unknown.Headers.WwwAuthenticate.Single().Scheme);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/models") { Headers = { { Caller.Header, Principal([("scp", "Chat.Classify")]).Value } } };
        using var refused = await app.Client.SendAsync(request, Cancel);
        Assert.Contains("'Models.Read'", (await refused.ProblemAsync(403)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rate_is_limited_for_each_route_and_caller_and_the_answer_says_when_to_come_again()
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), null, "Http:RateLimits:OpenApi=1");
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 14; i++) answers.Add(await GetAsync(app, "openapi.json", "one"));
        Assert.All(answers.Take(10), a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        var refused = answers.Skip(10).FirstOrDefault(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused);
        await refused.ProblemAsync(429);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        // Not by a second key behind the first.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync(app, "openapi.json", "one, invented")).StatusCode);

        // Another caller and another route are not held up.
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "openapi.json", "another")).StatusCode);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await GetAsync(app, "models", "one")).StatusCode); // the storage may still be empty
    }

    [Fact]
    public async Task Limits_that_name_no_function_or_are_none_end_the_start_by_name()
    {
        var connection = await azurite.NewConnectionAsync();
        var error = await Assert.ThrowsAsync<SettingsException>(() =>
            TestApp.HandlerAsync(connection, null, "Http:RateLimits:Classify=5", "Http:RateLimits:OpenApi=0"));
        Assert.Contains("Http:RateLimits:Classify names no function", error.Message, StringComparison.Ordinal);
        Assert.Contains("Http:RateLimits:OpenApi must be 1 to 100000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/models")]
    [InlineData("/api/nothing")]
    public async Task Every_answer_has_the_security_headers(string path)
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync());
        using var answer = await app.Client.GetAsync(path, Cancel);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.StartsWith("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Pages_of_the_chatbots_origin_may_call_and_others_may_not()
    {
        await using var app = await TestApp.EmbeddedAsync(await azurite.NewConnectionAsync(), null, "Embedded:AllowedOrigins:0=http://localhost:3000");
        Assert.Equal("http://localhost:3000", await AllowedAsync("http://localhost:3000"));
        Assert.Null(await AllowedAsync("http://localhost:3001"));

        async Task<string?> AllowedAsync(string origin)
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/classify")
            {
                Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "content-type,x-functions-key" } },
            };
            using var answer = await app.Client.SendAsync(preflight, Cancel);
            return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
        }
    }

    [Fact]
    public void Key_is_made_once_and_is_its_owners_alone()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-key-").FullName;
        try
        {
            var keys = new DevelopmentKey[8];
            Parallel.For(0, keys.Length, i => keys[i] = DevelopmentKey.Of(folder));
            Assert.Equal(64, Assert.Single(keys.Distinct()).Value.Length);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, DevelopmentKey.File)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> IsAdmittedAsync(TestApp app, string method, string path, params (string Name, string? Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/{path}") { Content = method == "POST" ? new StringContent("{}", Encoding.UTF8, "application/json") : null };
        foreach (var (name, value) in headers) if (value is not null) request.Headers.Add(name, value);
        using var answer = await client.SendAsync(request, Cancel);
        Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
        return answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);
    }

    private static (string Name, string? Value) Principal((string Type, string Value)[] claims, string type = "aad")
    {
        var all = claims.Prepend((Type: "http://schemas.microsoft.com/identity/claims/objectidentifier", Value: "0000-1"));
        var principal = new JsonObject { ["auth_typ"] = type, ["claims"] = new JsonArray([.. all.Select(c => new JsonObject { ["typ"] = c.Type, ["val"] = c.Value })]), ["name_typ"] = "name", ["role_typ"] = "roles" };
        return (Caller.Header, Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(principal)));
    }

    private static async Task<HttpResponseMessage> GetAsync(TestApp app, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/{path}") { Headers = { { "x-functions-key", key } } };
        return await app.Client.SendAsync(request, Cancel);
    }
}
