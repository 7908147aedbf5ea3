using Microsoft.Extensions.Logging;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>Compares a new model with the champion, stores it and, if it may, makes it live.</summary>
public sealed partial class Promotion(ModelRegistry registry, TimeProvider time, ILogger<Promotion> log)
{
    private const string Actor = "retraining";

    /// <summary>Decides; once more when another version went live meanwhile, so that whichever is better on fresh rows ends live.</summary>
    /// <returns>The verdict that decided; null when the version was live already.</returns>
    /// <exception cref="InvalidModelException">The champion, or what is stored of the new version, was changed or is incomplete.</exception>
    public async Task<GateVerdict?> DecideAsync(ITrainingFamily family, string portfolio, NewModel model, GateRules rules, CancellationToken cancel)
    {
        var (name, version) = (family.Serving.Name, model.Bundle.Version);
        while (true)
        {
            var champion = await registry.ChampionAsync(name, portfolio, cancel);
            if (champion?.Version == version) return null;
            var comparison = champion is null ? null : await CompareAsync(family, portfolio, model.Trained, champion.Version, cancel);
            var verdict = Gate.Decide(rules, model.Evidence, comparison) with { Against = champion?.Version };

            // What cannot be served is not stored. A version that stays behind is, for people to look at.
            if (model.SelfTestFault is not null) return verdict;
            await registry.PublishAsync(model.Seal(verdict), cancel);
            if (verdict.Decision != GateDecision.Promote) return verdict;

            // What goes live is what is stored: files of that version that somebody put there before would not be served.
            await registry.OpenAsync(name, portfolio, version, cancel);
            if (await registry.PromoteAsync(name, portfolio, version, champion, Actor, time.GetUtcNow(), cancel)) return verdict;
            LogOvertaken(name, portfolio, version);
        }
    }

    private async Task<Comparison> CompareAsync(ITrainingFamily family, string portfolio, TrainedModel trained, string champion, CancellationToken cancel)
    {
        var bundle = await registry.OpenAsync(family.Serving.Name, portfolio, champion, cancel);
        var rows = await registry.BesideAsync(family.Serving.Name, portfolio, champion, NewModel.TrainedRowsFile, cancel)
            ?? throw new InvalidModelException($"Champion {champion} has no {NewModel.TrainedRowsFile}, so nothing fresh can be told from what it knows: restore the file.");
        using var served = family.Serving.Load(bundle);
        return trained.CompareWith(served, RowKeys.FromBytes(rows.Span));
    }

    [LoggerMessage(1, LogLevel.Information, "{Family}/{Portfolio}: another version went live while {Version} was compared; comparing with that one")]
    private partial void LogOvertaken(string family, string portfolio, string version);
}
