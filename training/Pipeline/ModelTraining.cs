using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Training;

/// <summary>Training of one model from one drop, the same online and offline: read, train, bundle, self-test.</summary>
public static class ModelTraining
{
    /// <summary>Trains; rejected with every fault of the drop.</summary>
    /// <param name="family">The contract's family.</param>
    /// <param name="contract">What the drop must keep to.</param>
    /// <param name="drop">The data; read from its start.</param>
    /// <param name="parent">The present champion's version, if there is one.</param>
    /// <param name="time">When training ended goes into the manifest.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static Task<Outcome<NewModel>> RunAsync(
        ITrainingFamily family, DataContract contract, LocalDrop drop, string? parent, TimeProvider time, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        throw new NotImplementedException();
}

/// <summary>A trained model before the gate.</summary>
/// <param name="Bundle">Its served files, without the files beside them.</param>
/// <param name="Trained">What was measured.</param>
/// <param name="RowsInError">Rows that were left out.</param>
/// <param name="SelfTestFault">Why it does not answer its golden inputs; null when it does.</param>
public sealed record NewModel(ModelBundle Bundle, TrainedModel Trained, int RowsInError, string? SelfTestFault)
{
    /// <summary>The complete bundle: with the gate's verdict, the card and the list of trained rows.</summary>
    /// <param name="gate">The verdict; null offline.</param>
    public ModelBundle Seal(GateVerdict? gate) => throw new NotImplementedException();
}
