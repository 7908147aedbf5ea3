using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.ML.OnnxRuntime;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Serving.Documents;
using Serverless.Serving.Market;
using Serverless.Serving.Poison;
using Serverless.Serving.Text;

namespace Serverless.Serving;

/// <summary>Composition of what answers need; a new family is one line here.</summary>
public static class Families
{
    /// <summary>Adds the families, stores and the scoring path; the caller adds a <see cref="StorageAccount"/> and logging.</summary>
    public static IServiceCollection AddServing(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new LiveModelsOptions());
        services.TryAddSingleton(new DecisionLogOptions());
        services.TryAddSingleton(new DecisionRetentionDays());
        return services
            .AddSingleton(new NativeCode("onnxruntime", typeof(InferenceSession).Assembly, "publish for this platform (-r linux-x64) on a machine with glibc 2.27 or later and libstdc++."))
            .AddSingleton<IModelFamily, CreditFamily>()
            .AddSingleton<IModelFamily, TextFamily>()
            .AddSingleton<IModelFamily, MarketFamily>()
            .AddSingleton<IModelFamily, ReadingFamily>()
            .AddSingleton<ModelRegistry>()
            .AddSingleton<ContractStore>()
            .AddSingleton<LiveModels>()
            .AddSingleton<ApplicationStore>()
            .AddSingleton<ReviewStore>()
            .AddSingleton<DecisionReviews>()
            .AddSingleton<DecisionContest>()
            .AddSingleton<DecisionNotices>()
            .AddSingleton<DecisionLog>()
            .AddSingleton<DecisionMessages>()
            .AddSingleton<DecisionAnchors>()
            .AddSingleton<DecisionReplay>()
            .AddSingleton<DecisionExplanations>()
            .AddSingleton<DecisionErasure>()
            .AddSingleton<DecisionRetention>()
            .AddSingleton<OutlookStore>()
            .AddSingleton<FeedbackStore>()
            .AddSingleton<TextFeedback>()
            .AddSingleton<PoisonStore>()
            .AddSingleton<PoisonQueues>()
            .AddSingleton<LoanDecisions>();
    }
}
