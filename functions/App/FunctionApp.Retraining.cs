using Serverless.Functions.Embedded;
using Serverless.Functions.Triggers;
using Serverless.Training;
using Serverless.Training.Drops;

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
        .AddFunction(s => new Function.OnTimer(nameof(ExpireDrops), DropRetention.Needs, s.GetRequiredService<ExpireDrops>().RunAsync));

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
