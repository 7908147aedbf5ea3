using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Functions.CustomHandler;
using Serverless.Functions.Http;
using Serverless.Functions.Triggers;
using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>Composition of the app, the same for every host.</summary>
internal static partial class FunctionApp
{
    private const int LargestApiBody = 2 * 1024 * 1024; // routes have smaller limits of their own

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
        services.AddSingleton<ScoreLoanApplication>().AddFunction(s =>
            new Function.OnQueue(nameof(ScoreLoanApplication), s.GetRequiredService<ScoreLoanApplication>().RunAsync));
        services.AddSingleton<AnchorDecisionLog>().AddFunction(s =>
            new Function.OnTimer(nameof(AnchorDecisionLog), s.GetRequiredService<AnchorDecisionLog>().RunAsync));
        services.AddSingleton<HandlePoison>().AddFunction(s => new Function.OnTimer(nameof(HandlePoison), s.GetRequiredService<HandlePoison>().RunAsync));
        services.AddSingleton<ClassifyText>().AddHttp<ClassifyText>(nameof(ClassifyText), async (t, http) =>
            await t.RunAsync(await RequestBody.ReadAsync(http.Request, ClassifyText.MaxBytes, ClassifyText.WhyLimited), http.RequestAborted));
        services.AddSingleton<SubmitApplication>().AddHttp<SubmitApplication>(nameof(SubmitApplication), async (t, http) =>
            await t.RunAsync(await RequestBody.ReadAsync(http.Request, SubmitApplication.MaxBytes, SubmitApplication.WhyLimited)));
        services.AddSingleton<GetDecision>().AddHttp<GetDecision>(nameof(GetDecision), (t, http) =>
            t.RunAsync((string)http.Request.RouteValues["portfolio"]!, (string)http.Request.RouteValues["id"]!, http.RequestAborted));
        services.AddSingleton<ListModels>().AddHttp<ListModels>(nameof(ListModels), (t, http) => t.RunAsync(http.RequestAborted));
        services.AddSingleton<Readiness>().AddSingleton<Health>()
            .AddHttp<Health>("HealthLive", (_, _) => Task.FromResult(Health.Live()))
            .AddHttp<Health>("HealthReady", (t, http) => t.ReadyAsync(http.RequestAborted));
        return services.AddFunction(s => new Function.OnHttp("OpenApi", _ =>
            Task.FromResult<IResult>(TypedResults.PhysicalFile(Path.Combine(s.GetRequiredService<ScriptRoot>().Folder, "openapi.json"), "application/json"))));
    }

    /// <summary>The server on a loopback port: the API by the routes of <c>function.json</c> and, for the Functions host, its protocol.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, StorageAccount storage, ScriptRoot root, int port)
    {
        var asHandler = Protocol.Port(builder.Configuration) is not null;
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(storage).AddSingleton(root).AddSingleton<Dispatcher>();
        if (asHandler) builder.Services.AddHostedService<StoragePreparation>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
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
        var api = app.MapGroup(root.Host.RoutePrefix);
        foreach (var file in root.Functions.Where(f => f.Trigger.Type == "httpTrigger"))
        {
            var function = dispatcher.Find<Function.OnHttp>(file.Name);
            api.MapMethods(file.Trigger.Route ?? file.Name, file.Trigger.Methods, async http =>
                await (await function.RunAsync(http)).ExecuteAsync(http)).WithName(file.Name);
        }
    }

    private static IServiceCollection AddFunction(this IServiceCollection services, Func<IServiceProvider, Function> function) =>
        services.AddSingleton(s => s.GetRequiredService<FailureNotes>().Noting(function(s)));

    private static IServiceCollection AddHttp<T>(this IServiceCollection services, string name, Func<T, HttpContext, Task<IResult>> run)
        where T : notnull => services.AddFunction(s =>
        {
            var trigger = s.GetRequiredService<T>();
            return new Function.OnHttp(name, http => run(trigger, http));
        });

    /// <summary>Serving, and training where it is part of the app.</summary>
    private static partial IServiceCollection AddModels(this IServiceCollection services);
}
