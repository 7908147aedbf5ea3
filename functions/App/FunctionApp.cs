using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Functions.CustomHandler;
using Serverless.Functions.Http;
using Serverless.Functions.Triggers;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Functions;

/// <summary>Composition of the app, the same for every host.</summary>
internal static partial class FunctionApp
{
    private const int LargestApiBody = ReadPicture.MaxBytes; // other routes have smaller limits of their own

    /// <summary>Bytes of a request line: the longest text that a contract can allow, at nine bytes a character where it is percent-encoded, and the rest of an address.</summary>
    internal const int LongestRequestLine = 128 * 1024;

    /// <summary>Configuration and logging; nothing is read from the current directory.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--port"] = "Embedded:Port" });
        return builder;
    }

    /// <summary>The triggers and what they call.</summary>
    public static IServiceCollection AddFunctions(this IServiceCollection services)
    {
        services.AddModels();
        services.AddSingleton<FailureNotes>();

        // At Information and below, ASP.NET Core logs whole addresses: a customer's text stands in the query of one.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning));
        services.AddSingleton<ScoreLoanApplication>().AddFunction(s =>
            new Function.OnQueue(nameof(ScoreLoanApplication), StorageNeeds.DecidingByQueue, s.GetRequiredService<ScoreLoanApplication>().RunAsync));
        services.AddSingleton<AnchorDecisionLog>().AddFunction(s =>
            new Function.OnTimer(nameof(AnchorDecisionLog), StorageNeeds.Anchoring, s.GetRequiredService<AnchorDecisionLog>().RunAsync));
        services.AddSingleton<HandlePoison>().AddFunction(s =>
            new Function.OnTimer(nameof(HandlePoison), StorageNeeds.Poison, s.GetRequiredService<HandlePoison>().RunAsync));
        services.AddSingleton(s => Settings.Read<DecisionRetentionDays>(s.GetRequiredService<IConfiguration>().GetSection("Retention"), d => d.Faults()));
        services.AddSingleton<ExpireDecisions>().AddFunction(s =>
            new Function.OnTimer(nameof(ExpireDecisions), DecisionRetention.Needs, s.GetRequiredService<ExpireDecisions>().RunAsync));
        services.AddHttp<ClassifyText>(nameof(ClassifyText), StorageNeeds.Models, new RouteRules(Scopes.Classify, PerSecond: 1000), async (t, http) =>
            await t.RunAsync(await RequestBody.ReadAsync(http.Request, ClassifyText.MaxBytes, ClassifyText.WhyLimited), http.RequestAborted));
        services.AddHttp<FindSimilar>(nameof(FindSimilar), StorageNeeds.Models, new RouteRules(Scopes.ReadQuestions, PerSecond: 50), (t, http) => t.RunAsync(http.Request.Query, http.RequestAborted));
        services.AddHttp<GiveFeedback>(nameof(GiveFeedback), StorageNeeds.Feedback, new RouteRules(Scopes.GiveFeedback, PerSecond: 50), async (t, http) =>
            await t.RunAsync(Caller.ActorOf(http), await RequestBody.ReadAsync(http.Request, GiveFeedback.MaxBytes, GiveFeedback.WhyLimited), http.RequestAborted));
        services.AddHttp<GetForecast>(nameof(GetForecast), StorageNeeds.Outlooks, new RouteRules(Scopes.ReadMarket, PerSecond: 200), (t, http) =>
            t.RunAsync((string)http.Request.RouteValues["symbol"]!, http.Request.Query["portfolio"], http.RequestAborted));
        services.AddHttp<GetStrategy>(nameof(GetStrategy), StorageNeeds.Outlooks, new RouteRules(Scopes.ReadMarket, PerSecond: 50), (t, http) =>
            t.RunAsync((string)http.Request.RouteValues["portfolio"]!, http.RequestAborted));
        services.AddSingleton<ReadDocument>().AddFunction(s =>
            new Function.OnBlob(nameof(ReadDocument), StorageNeeds.ReadingDocuments, s.GetRequiredService<ReadDocument>().RunAsync));
        services.AddHttp<ReadPicture>(nameof(ReadPicture), StorageNeeds.Models, new RouteRules(Scopes.ReadPictures, PerSecond: 5), async (t, http) =>
            await t.RunAsync(http.Request.Query["portfolio"], await RequestBody.ReadPictureAsync(http.Request, ReadPicture.MaxBytes, ReadPicture.WhyLimited), http.RequestAborted));
        services.AddHttp<SubmitApplication>(nameof(SubmitApplication), StorageNeeds.Deciding, new RouteRules(Scopes.Apply, PerSecond: 200), async (t, http) =>
            await t.RunAsync(await RequestBody.ReadAsync(http.Request, SubmitApplication.MaxBytes, SubmitApplication.WhyLimited)));
        services.AddHttp<GetDecision>(nameof(GetDecision), StorageNeeds.DecisionsWithPapers, new RouteRules(Scopes.ReadDecisions, PerSecond: 200), (t, http) =>
            t.RunAsync((string)http.Request.RouteValues["portfolio"]!, (string)http.Request.RouteValues["id"]!, Page.IsAskedBy(http.Request), http.RequestAborted));
        services.AddHttp<GetNotice>(nameof(GetNotice), StorageNeeds.Notices, new RouteRules(Scopes.ReadDecisions, PerSecond: 50), (t, http) =>
            t.RunAsync((string)http.Request.RouteValues["portfolio"]!, (string)http.Request.RouteValues["id"]!, http.Request.GetTypedHeaders().Accept, http.RequestAborted));
        services.AddReviews();
        services.AddHttp<ListModels>(nameof(ListModels), StorageNeeds.Models, new RouteRules(Scopes.ReadModels, PerSecond: 20), (t, http) => t.RunAsync(http.RequestAborted));
        services.AddSingleton<Readiness>().AddHostedService<StartupProbe>();
        services.AddHttp<Health>("HealthLive", [], new RouteRules(Scope: null, PerSecond: 1000, Anonymous: true), (_, _) => Task.FromResult(Health.Live()));
        services.AddHttp<Health>("HealthReady", StorageNeeds.Models, new RouteRules(Scope: null, PerSecond: 10, Anonymous: true), (t, http) => t.ReadyAsync(http.RequestAborted));
        return services.AddHttp<ApiDescription>("OpenApi", [], new RouteRules(Scope: null, PerSecond: 20), (t, _) => Task.FromResult(t.Answer()));
    }

    /// <summary>What the functions stand on and are reached by, whichever host it is.</summary>
    public static IServiceCollection AddHosting(this IServiceCollection services, StorageAccount storage, ScriptRoot root)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(storage).AddSingleton(root).AddSingleton<Dispatcher>().AddSingleton<Admission>();
        return services.AddSingleton(s => new StorageCheck(storage, s.GetRequiredService<Dispatcher>().Needs(root)));
    }

    /// <summary>The server on a loopback port: the API by the routes of <c>function.json</c> and, for the Functions host, its protocol.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, StorageAccount storage, ScriptRoot root, int port)
    {
        var asHandler = Protocol.Port(builder.Configuration) is not null;
        builder.Services.AddHosting(storage, root);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
            kestrel.Limits.MaxRequestBodySize = asHandler ? Protocol.LargestBody : LargestApiBody;
        });
        var app = builder.Build();
        app.UseMiddleware<Faults>();
        app.MapFunctions(root);
        if (asHandler) app.MapProtocol(root);
        return app;
    }

    private static void MapFunctions(this WebApplication app, ScriptRoot root)
    {
        var dispatcher = app.Services.GetRequiredService<Dispatcher>();
        var admission = app.Services.GetRequiredService<Admission>();
        var api = app.MapGroup(root.Host.RoutePrefix);
        foreach (var file in root.Functions.Where(f => f.Trigger.Type == "httpTrigger"))
        {
            var function = dispatcher.Find<Function.OnHttp>(file.Name);
            api.MapMethods(file.Trigger.Route ?? file.Name, file.Trigger.Methods, async http =>
                await (await admission.RunAsync(function, http)).ExecuteAsync(http)).WithName(file.Name);
        }
    }

    private static IServiceCollection AddFunction(this IServiceCollection services, Func<IServiceProvider, Function> function) =>
        services.AddSingleton(s => s.GetRequiredService<FailureNotes>().Noting(function(s)));

    private static void AddReviews(this IServiceCollection services)
    {
        services.AddHttp<ContestDecision>(nameof(ContestDecision), StorageNeeds.Reviewing, new RouteRules(Scopes.Apply, PerSecond: 20), async (t, http) =>
        {
            var (portfolio, id) = ReviewRoute.Of(http);
            return await t.RunAsync(portfolio, id, Caller.ActorOf(http), await RequestBody.ReadAsync(http.Request, ReviewRoute.MaxBytes, ReviewRoute.WhyLimited));
        });
        services.AddHttp<ListReviews>(nameof(ListReviews), StorageNeeds.Reviews, new RouteRules(Scopes.ReadDecisions, PerSecond: 20), (t, http) =>
            t.RunAsync((string)http.Request.RouteValues["portfolio"]!, http.Request.Query, http.RequestAborted));
        services.AddHttp<GetReview>(nameof(GetReview), StorageNeeds.Reviews, new RouteRules(Scopes.ReadDecisions, PerSecond: 50), (t, http) =>
        {
            var (portfolio, id) = ReviewRoute.Of(http);
            return t.RunAsync(portfolio, id, http.RequestAborted);
        });
        services.AddHttp<TakeReview>(nameof(TakeReview), StorageNeeds.Reviewing, new RouteRules(Scopes.DecideReviews, PerSecond: 20), async (t, http) =>
        {
            var (portfolio, id) = ReviewRoute.Of(http);
            return await t.RunAsync(portfolio, id, Caller.ActorOf(http), await RequestBody.ReadAsync(http.Request, ReviewRoute.MaxBytes, ReviewRoute.WhyLimited));
        });
        services.AddHttp<DecideReview>(nameof(DecideReview), StorageNeeds.Deciding, new RouteRules(Scopes.DecideReviews, PerSecond: 20), async (t, http) =>
        {
            var (portfolio, id) = ReviewRoute.Of(http);
            return await t.RunAsync(portfolio, id, Caller.ActorOf(http), await RequestBody.ReadAsync(http.Request, ReviewRoute.MaxBytes, ReviewRoute.WhyLimited));
        });
    }

    private static IServiceCollection AddHttp<T>(
        this IServiceCollection services, string name, IReadOnlyList<StorageNeed> needs, RouteRules rules, Func<T, HttpContext, Task<IResult>> run)
        where T : class
    {
        services.TryAddSingleton<T>();

        // The trigger is made at its first request: health asks what all functions need, this one among them.
        return services.AddFunction(s => new Function.OnHttp(name, needs, rules, http => run(s.GetRequiredService<T>(), http)));
    }

    /// <summary>Serving, and training where it is part of the app.</summary>
    private static partial IServiceCollection AddModels(this IServiceCollection services);
}
