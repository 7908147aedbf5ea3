using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Serving.Documents;
using Serverless.Serving.Poison;
using Serverless.Tests.Serving.Credit;

namespace Serverless.Tests.Serving.Decisions;

/// <summary>The scoring path as one instance of the app has it, with a memory of its own; several share an account.</summary>
internal sealed class ScoringInstance : IDisposable
{
    private readonly LiveModels _models;

    public ScoringInstance(StorageAccount account, TimeProvider time, DecisionLogOptions? options = null)
    {
        Account = account;
        _models = new(new ModelRegistry(account), [new CreditFamily(), new ReadingFamily()], time, new LiveModelsOptions(), NullLogger<LiveModels>.Instance);
        Applications = new(account);
        Log = new(account, options ?? new DecisionLogOptions());
        Reviews = new(account);
        var messages = new DecisionMessages(account);
        Reviewing = new(Reviews, Applications, Log, messages, time);
        Documents = new(account);
        Intake = new(Documents, _models, Applications, Reviews, time, NullLogger<DocumentIntake>.Instance);
        Decisions = new(_models, Applications, Documents, Intake, Reviews, Log, messages, time);
        var poison = new PoisonStore(account, time);
        Erasure = new(Applications, Documents, Reviews, Log, new PoisonQueues(account, poison), poison, time);
        Replay = new(Applications, new ModelRegistry(account));
    }

    public StorageAccount Account { get; }

    public LiveModels Live => _models;

    public ApplicationStore Applications { get; }

    public DecisionLog Log { get; }

    public ReviewStore Reviews { get; }

    public DecisionReviews Reviewing { get; }

    public DocumentStore Documents { get; }

    public DocumentIntake Intake { get; }

    public LoanDecisions Decisions { get; }

    public DecisionErasure Erasure { get; }

    public DecisionReplay Replay { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static BinaryData Message(string id = "A-1", string income = "900", string purpose = "boat") => BinaryData.FromString(
        $$$"""{"applicationId": "{{{id}}}", "portfolio": "example", "submittedAt": "2026-03-01T09:30:00Z", "fields": {"income": {{{income}}}, "purpose": "{{{purpose}}}", "housing": "own", "customerSince": "2020-01-01", "applied": "2024-01-01"}}""");

    /// <summary>Makes a model live, by default the example's scorecard.</summary>
    public static async Task<string> PromoteAsync(StorageAccount account, ModelBundle? bundle = null)
    {
        bundle ??= CreditExample.Bundle();
        var registry = new ModelRegistry(account);
        await registry.PublishAsync(bundle, Cancel);
        var champion = await registry.ChampionAsync("credit", "example", Cancel);
        Assert.True(await registry.PromoteAsync("credit", "example", bundle.Version, champion, "test", DateTimeOffset.UnixEpoch, Cancel));
        return bundle.Version;
    }

    /// <summary>Decides on what must be decided.</summary>
    public async Task<Decision> DecideAsync(string id = "A-1", string income = "900", string purpose = "boat") =>
        Assert.IsType<Outcome<Decision>.Done>(await Decisions.DecideAsync(Message(id, income, purpose), Cancel)).Value;

    public void Dispose() => _models.Dispose();
}
