using Serverless.Functions.Embedded;
using Serverless.Functions.Http;
using Serverless.Functions.Triggers;
using Serverless.Training;
using Serverless.Training.Drops;
using Serverless.Training.Market;
using Serverless.Training.Text;

namespace Serverless.Functions;

/// <summary>The whole app: it also retrains.</summary>
internal static partial class FunctionApp
{
    private static partial IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSingleton(s => Settings.Read<RetrainingOptions>(s.GetRequiredService<IConfiguration>().GetSection("Retraining"), o => o.Faults()))
        .AddSingleton(s => Settings.Read<DropRetentionDays>(s.GetRequiredService<IConfiguration>().GetSection("Retention"), d => d.Faults()))
        .AddTraining()
        .AddSingleton<RetrainOnDrop>()
        .AddFunction(s => new Function.OnBlob(nameof(RetrainOnDrop), Retraining.Needs, s.GetRequiredService<RetrainOnDrop>().RunAsync))
        .AddSingleton<ReconcileDrops>()
        .AddFunction(s => new Function.OnTimer(nameof(ReconcileDrops), Retraining.Needs, s.GetRequiredService<ReconcileDrops>().RunAsync))
        .AddSingleton<ExpireDrops>()
        .AddFunction(s => new Function.OnTimer(nameof(ExpireDrops), DropRetention.Needs, s.GetRequiredService<ExpireDrops>().RunAsync))
        .AddSingleton<GatherFeedback>()
        .AddFunction(s => new Function.OnTimer(nameof(GatherFeedback), FeedbackGathering.Needs, s.GetRequiredService<GatherFeedback>().RunAsync))
        .AddSingleton<RefreshMarket>()
        .AddFunction(s => new Function.OnTimer(nameof(RefreshMarket), MarketRefresh.Needs, s.GetRequiredService<RefreshMarket>().RunAsync))
        .AddModelChange<PromoteModel>(nameof(PromoteModel), (t, family, portfolio, actor, body) => t.RunAsync(family, portfolio, actor, body))
        .AddModelChange<RollbackModel>(nameof(RollbackModel), (t, family, portfolio, actor, body) => t.RunAsync(family, portfolio, actor, body))
        .AddModelChange<ApproveModel>(nameof(ApproveModel), (t, family, portfolio, actor, body) => t.RunAsync(family, portfolio, actor, body));

    private static IServiceCollection AddModelChange<T>(this IServiceCollection services, string name, Func<T, string, string, string, BinaryData, Task<IResult>> run)
        where T : class => services.AddHttp<T>(name, ModelChanges.Needs, new RouteRules(Scopes.PromoteModels, PerSecond: 5), async (t, http) => await run(
            t, (string)http.Request.RouteValues["family"]!, (string)http.Request.RouteValues["portfolio"]!, Caller.ActorOf(http),
            await RequestBody.ReadAsync(http.Request, PromoteModel.MaxBytes, PromoteModel.WhyLimited)));

    /// <summary>In local mode: shows the samples at work on the first start, and where everything is on each. Ends with the app.</summary>
    public static async Task ShowAsync(this EmbeddedHost host, Action<string> say)
    {
        if (host.Data is not { } data) return;
        var stopping = host.App.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await ActivatorUtilities.CreateInstance<FirstRun>(host.App.Services, say).RunAsync(host.Address, data, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ctrl-C while the samples were at work: the app stops as it always does.
        }
    }
}
