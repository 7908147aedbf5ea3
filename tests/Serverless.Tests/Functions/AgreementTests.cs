using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions;
using Serverless.Functions.Http;
using Serverless.Functions.Triggers;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Poison;
using Serverless.Serving.Text;

namespace Serverless.Tests.Functions;

/// <summary>What is written in more than one place says the same: openapi.json, function.json, host.json and the code.</summary>
public class AgreementTests(AzuriteFixture azurite)
{
    private static readonly ScriptRoot Root = ScriptRoot.Read(AppContext.BaseDirectory, new ConfigurationBuilder().Build());
    private static readonly JsonElement OpenApi = ReadJson("openapi.json");

    [Fact]
    public async Task Routes_are_the_same_in_openapi_function_json_and_the_running_app()
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync());
        var mapped = app.App.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("api/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(m => $"{e.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName}: {m.ToLowerInvariant()} /{e.RoutePattern.RawText!["api/".Length..]}"));
        var documented = OpenApi.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Value.GetProperty("operationId").GetString()}: {o.Name} {p.Name}"));
        var bound = Root.Functions.Where(f => f.Trigger.Type == "httpTrigger").SelectMany(f => f.Trigger.Methods.Select(m => $"{f.Name}: {m} /{f.Trigger.Route}"));

        Assert.Equal(bound.Order(), documented.Order());
        Assert.Equal(bound.Order(), mapped.Order());
        Assert.Equal("/api", OpenApi.GetProperty("servers")[0].GetProperty("url").GetString());
        Assert.Equal("api", Root.Host.RoutePrefix);
    }

    [Fact]
    public void Open_routes_are_those_that_need_no_key()
    {
        var open = OpenApi.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject())
            .Where(o => o.Value.TryGetProperty("security", out var s) && s.GetArrayLength() == 0).Select(o => o.Value.GetProperty("operationId").GetString());
        var anonymous = Root.Functions.Where(f => f.Trigger.AuthLevel == "anonymous").Select(f => f.Name);
        Assert.Equal(anonymous.Order(), open.Order());
        Assert.All(Root.Functions.Where(f => f.Trigger.Type == "httpTrigger"), f => Assert.Contains(f.Trigger.AuthLevel, (string[])["function", "anonymous"]));
    }

    [Fact]
    public async Task Scopes_are_the_same_in_openapi_and_in_the_rules_of_the_routes()
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync());
        var rules = app.App.Services.GetServices<Function>().OfType<Function.OnHttp>().Where(f => f.Rules.Scope is not null).Select(f => $"{f.Name}: {f.Rules.Scope}").ToList();
        var documented = OpenApi.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).SelectMany(o => o.Value.TryGetProperty("security", out var all)
            ? all.EnumerateArray().Where(s => s.TryGetProperty("entraId", out _)).Select(s => $"{o.Value.GetProperty("operationId").GetString()}: {s.GetProperty("entraId")[0].GetString()}")
            : []);
        Assert.Equal(rules.Order(), documented.Order());
        var offered = OpenApi.GetProperty("components").GetProperty("securitySchemes").GetProperty("entraId").GetProperty("flows").GetProperty("authorizationCode").GetProperty("scopes");
        Assert.Equal(rules.Select(r => r.Split(": ")[1]).Distinct().Order(), offered.EnumerateObject().Select(s => s.Name).Order());
        Assert.Equal(app.App.Services.GetServices<Function>().OfType<Function.OnHttp>().Where(f => f.Rules.Anonymous).Select(f => f.Name).Order(), Root.Functions.Where(f => f.Trigger.AuthLevel == "anonymous").Select(f => f.Name).Order());
    }

    [Fact]
    public async Task Every_function_json_has_its_function_and_every_function_its_function_json()
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync());
        var kinds = app.App.Services.GetServices<Function>().Select(f => $"{f.Name} {f.GetType().Name}");
        var files = Root.Functions.Select(f => $"{f.Name} On{f.Trigger.Type[..1].ToUpperInvariant()}{f.Trigger.Type[1..].Replace("Trigger", "", StringComparison.Ordinal)}");
        Assert.Equal(files.Order(), kinds.Order());
    }

    [Theory]
    [InlineData("Decision", typeof(Decision))]
    [InlineData("ContestRequest", typeof(ContestRequest))]
    [InlineData("ContestAnswer", typeof(ContestAnswer))]
    [InlineData("AdverseActionNotice", typeof(AdverseActionNotice))]
    [InlineData("ReviewPage", typeof(ReviewPage))]
    [InlineData("ReviewAnswer", typeof(ReviewAnswer))]
    [InlineData("ReviewCase", typeof(ReviewCase))]
    [InlineData("ReviewOutcome", typeof(ReviewOutcome))]
    [InlineData("TakeRequest", typeof(TakeRequest))]
    [InlineData("DecideRequest", typeof(DecideRequest))]
    [InlineData("ClassifyRequest", typeof(ClassifyRequest))]
    [InlineData("ClassifyAnswer", typeof(ClassifyAnswer))]
    [InlineData("SimilarAnswer", typeof(SimilarAnswer))]
    [InlineData("TextExplanation", typeof(TextExplanation))]
    [InlineData("FeedbackRequest", typeof(FeedbackRequest))]
    [InlineData("FeedbackAnswer", typeof(FeedbackAnswer))]
    [InlineData("ModelList", typeof(ModelList))]
    [InlineData("Health", typeof(HealthAnswer))]
    public void Schema_has_the_members_of_the_record(string schema, Type type)
    {
        var documented = OpenApi.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties").EnumerateObject().Select(p => p.Name);
        Assert.Equal(((JsonTypeInfo)Json.Options.GetTypeInfo(type)).Properties.Select(p => p.Name).Order(), documented.Order());
    }

    [Fact]
    public void Host_json_starts_this_app_with_the_bundle_that_has_its_triggers()
    {
        var host = ReadJson("host.json");
        var handler = host.GetProperty("customHandler");
        Assert.Equal(typeof(Function).Assembly.GetName().Name, handler.GetProperty("description").GetProperty("defaultExecutablePath").GetString());
        Assert.True(handler.GetProperty("enableForwardingHttpRequest").GetBoolean());
        Assert.Equal("[4.*, 5.0.0)", host.GetProperty("extensionBundle").GetProperty("version").GetString());
        Assert.Equal("base64", Root.Host.Queues.MessageEncoding);
        Assert.Equal(1, Root.Host.Blobs.MaxDegreeOfParallelism);
    }

    [Fact]
    public void Triggers_name_containers_and_queues_that_the_app_prepares()
    {
        Assert.Equal("drops", Root.Functions.Single(f => f.Name == "RetrainOnDrop").Trigger.Container);
        Assert.Contains("drops", StorageAccount.Containers);
        var queue = Root.Functions.Single(f => f.Name == "ScoreLoanApplication").Trigger.QueueName!;
        Assert.Contains(queue, StorageAccount.QueueNames);
        Assert.Contains($"{queue}-poison", StorageAccount.QueueNames);
    }

    [Fact]
    public void Poison_of_every_queue_trigger_is_collected() =>
        Assert.Equal(Root.Functions.Where(f => f.Trigger.Type == "queueTrigger").Select(f => f.Trigger.QueueName), PoisonQueues.Sources);

    [Fact]
    public void App_setting_overrides_host_json_as_in_the_functions_host()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("AzureFunctionsJobHost:extensions:queues:batchSize", "4")]).Build();
        Assert.Equal((4, Root.Host.Queues.MaxDequeueCount), Of(ScriptRoot.Read(AppContext.BaseDirectory, settings).Host.Queues));
        static (int, int) Of(QueueRules rules) => (rules.BatchSize, rules.MaxDequeueCount);
    }

    [Theory]
    [InlineData("AzureWebJobs.SubmitApplication.Disabled", "true")]
    [InlineData("AzureWebJobs_SubmitApplication_Disabled", "1")]
    public async Task Function_that_is_switched_off_as_in_the_functions_host_is_not_there_and_needs_nothing(string setting, string value)
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), null, $"{setting}={value}", "AzureWebJobs_ScoreLoanApplication_Disabled=true", "AzureWebJobs_DecideReview_Disabled=true", "AzureWebJobs_ClassifyText_Disabled=false");
        using var off = await app.Client.PostAsync("/api/applications", null, TestContext.Current.CancellationToken);
        await off.ProblemAsync(404);
        var root = app.App.Services.GetRequiredService<ScriptRoot>();
        Assert.Equal(Root.Functions.Select(f => f.Name).Except(["SubmitApplication", "ScoreLoanApplication", "DecideReview"]), root.Functions.Select(f => f.Name));
        Assert.DoesNotContain(app.App.Services.GetRequiredService<Dispatcher>().Needs(root), n => n.Name == "loan-decisions");
        Assert.Contains(app.App.Services.GetRequiredService<Dispatcher>().Needs(Root), n => n.Name == "loan-decisions");
    }

    private static JsonElement ReadJson(string file) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file)));
}
