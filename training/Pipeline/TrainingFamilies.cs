using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Serving;
using Serverless.Training.Credit;
using Serverless.Training.Documents;
using Serverless.Training.Drops;
using Serverless.Training.Market;
using Serverless.Training.Subjects;
using Serverless.Training.Text;

namespace Serverless.Training;

/// <summary>Composition of what retraining needs; a new family is one line here.</summary>
public static class TrainingFamilies
{
    /// <summary>Adds the families, stores and the retrain path, and <see cref="Families.AddServing"/>.</summary>
    public static IServiceCollection AddTraining(this IServiceCollection services)
    {
        services.TryAddSingleton(new RetrainingOptions());
        services.TryAddSingleton(new DropRetentionDays());
        return services
            .AddServing()
            .AddSingleton(Credit.LightGbm.Native.Code)
            .AddSingleton<ITrainingFamily, CreditTrainer>()
            .AddSingleton<ITrainingFamily, TextTrainer>()
            .AddSingleton<ITrainingFamily, MarketTrainer>()
            .AddSingleton<ITrainingFamily, DocumentTrainer>()
            .AddSingleton<DropStore>()
            .AddSingleton<DropOutcomes>()
            .AddSingleton<DropBacklog>()
            .AddSingleton<DatasetStore>()
            .AddSingleton<TrainingSets>()
            .AddSingleton<DropUpload>()
            .AddSingleton<DropCatalog>()
            .AddSingleton<DropRetention>()
            .AddSingleton<ExportSearch>()
            .AddSingleton<SubjectAccess>()
            .AddSingleton<SubjectErasure>()
            .AddSingleton<FeedbackErasure>()
            .AddSingleton<DatasetErasure>()
            .AddSingleton<RunStore>()
            .AddSingleton<PortfolioLease>()
            .AddSingleton<RunCheckpoints>()
            .AddSingleton<Promotion>()
            .AddSingleton<ModelChanges>()
            .AddSingleton<ModelExchange>()
            .AddSingleton<Retraining>()
            .AddSingleton<FeedbackGathering>()
            .AddSingleton<LedgerStore>()
            .AddSingleton<MarketRefresh>()
            .AddSingleton<DropReconciliation>();
    }
}
