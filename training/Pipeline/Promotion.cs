using System.Globalization;
using Microsoft.Extensions.Logging;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>Compares a new model with the champion, stores it and, if it may, makes it live or proposes it.</summary>
public sealed partial class Promotion(ModelRegistry registry, TimeProvider time, ILogger<Promotion> log)
{
    /// <summary>Retraining, as an actor: no person can be it.</summary>
    public const string Actor = "retraining";

    /// <summary>Decides; once more when the portfolio's state changed meanwhile, so that whichever is better on fresh rows ends live.</summary>
    /// <returns>How it ended, with the verdict that decided; without one when the version was live already.</returns>
    /// <exception cref="InvalidModelException">The champion, or what is stored of the new version, was changed or is incomplete.</exception>
    public Task<PromotionResult> DecideAsync(ITrainingFamily family, string portfolio, NewModel model, GateRules rules, CancellationToken cancel) =>
        DecideAsync(family, portfolio, model, rules, Actor, cancel);

    /// <summary>The same of a version that a person brings, who is recorded as the one who promotes or proposes it, and so cannot approve it.</summary>
    public async Task<PromotionResult> DecideAsync(ITrainingFamily family, string portfolio, NewModel model, GateRules rules, string by, CancellationToken cancel)
    {
        var (name, version) = (family.Serving.Name, model.Bundle.Version);
        while (true)
        {
            var state = await registry.StateAsync(name, portfolio, cancel);
            if (state.Version == version) return new(RetrainResult.Promoted, null, []);
            var comparison = state.Version is null ? null : await CompareAsync(family, portfolio, model.Trained, state.Version, cancel);
            var checks = Gate.Decide(rules, model.Evidence, comparison) with { Against = state.Version };
            var result = PromotionResult.Of(checks, rules, state, name, portfolio, version);

            // What cannot be served is not stored. A version that stays behind is, for people to look at.
            if (model.SelfTestFault is not null) return result;
            await registry.PublishAsync(model.Seal(result.Gate), cancel);
            if (Change(result, state, version, by, time.GetUtcNow()) is not { } next) return result;

            // What goes live is what is stored: files of that version that somebody put there before would not be served.
            await registry.OpenAsync(name, portfolio, version, cancel);
            if (await registry.SwitchAsync(name, portfolio, state, next, cancel) is not null) return result;
            LogOvertaken(name, portfolio, version);
        }
    }

    private static PortfolioState? Change(PromotionResult result, PortfolioState state, string version, string by, DateTimeOffset now) => result.Result switch
    {
        RetrainResult.Promoted => state.Live(version, new(StateChangeKind.Promote, by, now)),
        // Not over what a person proposed, nor a second time after a crash.
        RetrainResult.AwaitingApproval when state.Proposal is null || (state.Proposal.By == Actor && state.Proposal.Version != version) => state.Proposed(
            version, StateChangeKind.Promote, new(StateChangeKind.Propose, by, now, "It passed every check of the gate.")),
        _ => null,
    };

    private async Task<Comparison> CompareAsync(ITrainingFamily family, string portfolio, TrainedModel trained, string champion, CancellationToken cancel)
    {
        var bundle = await registry.OpenAsync(family.Serving.Name, portfolio, champion, cancel);
        var rows = await registry.BesideAsync(family.Serving.Name, portfolio, champion, NewModel.TrainedRowsFile, cancel)
            ?? throw new InvalidModelException($"Champion {champion} has no {NewModel.TrainedRowsFile}, so nothing fresh can be told from what it knows: restore the file.");
        using var served = family.Serving.Load(bundle);
        return trained.CompareWith(served, RowKeys.FromBytes(rows.Span));
    }

    [LoggerMessage(1, LogLevel.Information, "{Family}/{Portfolio}: another version went live, was proposed or pinned while {Version} was compared; deciding again")]
    private partial void LogOvertaken(string family, string portfolio, string version);
}

/// <summary>How a decision on a new version ended.</summary>
/// <param name="Result">How.</param>
/// <param name="Gate">The verdict that decided; absent when the version was live already.</param>
/// <param name="Reasons">Why, for people; empty when promoted.</param>
public sealed record PromotionResult(RetrainResult Result, GateVerdict? Gate, IReadOnlyList<string> Reasons)
{
    /// <summary>What becomes of a version on which the gate has decided: a pause comes before approval, and approval before going live.</summary>
    internal static PromotionResult Of(GateVerdict verdict, GateRules rules, PortfolioState state, string family, string portfolio, string version)
    {
        if (verdict.Decision == GateDecision.NotEnoughEvidence) return new(RetrainResult.NotEnoughEvidence, verdict, Training.Gate.Reasons(verdict));
        if (verdict.Decision != GateDecision.Promote) return new(RetrainResult.Kept, verdict, Training.Gate.Reasons(verdict));
        var name = $"{family} {portfolio}";
        if (state.Pause is { } pause)
        {
            return new(RetrainResult.Paused, verdict with { Decision = GateDecision.Paused },
            [
                string.Create(CultureInfo.InvariantCulture, $"Promotion is paused by {pause.By} since {pause.At:u}{(pause.Reason is { } why ? $" ({why})" : "")}: the version passed every check, is stored and does not go live.")
                    + $" Make it live with 'serverless models promote {name} {version}', or end the pause with 'serverless models release {name}'.",
            ]);
        }

        if (!rules.Approval) return new(RetrainResult.Promoted, verdict, []);
        return state.Proposal is { By: not Promotion.Actor } other && other.Version != version
            ? new(RetrainResult.AwaitingApproval, verdict with { Decision = GateDecision.AwaitApproval },
                [$"The version passed every check and is stored. It is not proposed, because version {other.Version}, proposed by {other.By}, waits: settle that, then propose this one with 'serverless models promote {name} {version}'."])
            : new(RetrainResult.AwaitingApproval, verdict with { Decision = GateDecision.AwaitApproval },
                [$"The version passed every check and waits for a person: 'serverless models approve {name} {version}'."]);
    }
}
