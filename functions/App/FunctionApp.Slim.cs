using Serverless.Functions.Embedded;
using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>The app that only answers (<c>-p:Retraining=false</c>), without the trainers and their packages.</summary>
internal static partial class FunctionApp
{
    private static partial IServiceCollection AddModels(this IServiceCollection services) => services.AddServing();

    /// <summary>Nothing to show: an app that only answers has no samples.</summary>
    public static Task ShowAsync(this EmbeddedHost host, Action<string> say) => Task.CompletedTask;
}
