using Serverless.Training;

namespace Serverless.Functions.Triggers;

/// <summary>Every few minutes: drops without an outcome are told, measured, and worked off when their trigger missed them.</summary>
internal sealed class ReconcileDrops(DropReconciliation reconciliation)
{
    public Task RunAsync(CancellationToken cancel) => reconciliation.RunAsync(new Progress<TrainingProgress>(), cancel);
}
