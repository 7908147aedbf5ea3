using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Training;

/// <summary>Composition of what retraining needs; a new family is one line here.</summary>
public static class TrainingFamilies
{
    /// <summary>Adds the families, stores and the retrain path, and <see cref="Families.AddServing"/>.</summary>
    public static IServiceCollection AddTraining(this IServiceCollection services) => services
        .AddServing()
        .AddSingleton<DropStore>()
        .AddSingleton<RunStore>()
        .AddSingleton<Retraining>();
}
