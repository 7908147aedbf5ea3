using Serverless.Functions.Triggers;
using Serverless.Training;

namespace Serverless.Functions;

/// <summary>Left out of an app that only answers (<c>-p:Retraining=false</c>).</summary>
internal static partial class FunctionApp
{
    static partial void AddRetraining(IServiceCollection services) => services
        .AddTraining()
        .AddSingleton<RetrainOnDrop>()
        .AddFunction(s => new Function.OnBlob(nameof(RetrainOnDrop), s.GetRequiredService<RetrainOnDrop>().RunAsync));
}
