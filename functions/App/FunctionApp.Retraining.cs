using Serverless.Functions.Triggers;
using Serverless.Training;

namespace Serverless.Functions;

/// <summary>The whole app: it also retrains.</summary>
internal static partial class FunctionApp
{
    private static partial IServiceCollection AddModels(this IServiceCollection services) => services
        .AddTraining()
        .AddSingleton<RetrainOnDrop>()
        .AddFunction(s => new Function.OnBlob(nameof(RetrainOnDrop), s.GetRequiredService<RetrainOnDrop>().RunAsync));
}
