using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>
/// Multinomial logistic regression by ML.NET's L-BFGS (Nocedal 1980) over sparse rows. The loss is the sum over rows plus half the L2
/// weight times the squared weights, so that the more rows there are, the less the weights are held back.
/// </summary>
internal static class SoftmaxRegression
{
    private const string Features = nameof(Example.Features), Label = nameof(Example.Label);
    private const float L2 = 0.02f;
    private const int History = 5;
    private const float Tolerance = 1e-3f;

    // Fixed, not the machine's: sums are added thread by thread, and the same data must give the same weights.
    private const int Threads = 2;

    /// <summary>Fits; the same rows give the same weights.</summary>
    /// <param name="vectors">The rows.</param>
    /// <param name="classes">The class of each, from 0.</param>
    /// <param name="features">Number of features.</param>
    /// <param name="count">Number of classes.</param>
    /// <param name="start">Where to begin: what was fitted on a part of the rows, with the same features; null for zero.</param>
    /// <param name="cancel">Looked at before it begins: ML.NET cannot be stopped.</param>
    public static LinearModel Fit(
        IReadOnlyList<TextVector> vectors, IReadOnlyList<int> classes, int features, int count, LinearModel? start, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            FeatureColumnName = Features,
            LabelColumnName = Label,
            L1Regularization = 0,
            L2Regularization = L2,
            HistorySize = History,
            OptimizationTolerance = Tolerance,
            NumberOfThreads = Threads,
        });
        var rows = Rows(ml, vectors, classes, features, count);
        return LinearModel.Of((start is null ? trainer.Fit(rows) : trainer.Fit(rows, start.Parameters)).Model);
    }

    private static IDataView Rows(MLContext ml, IReadOnlyList<TextVector> vectors, IReadOnlyList<int> classes, int features, int count)
    {
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        schema[Label].ColumnType = new KeyDataViewType(typeof(uint), count);
        return ml.Data.LoadFromEnumerable(
            vectors.Select((v, i) => new Example { Features = new VBuffer<float>(features, v.Ids.Length, v.Weights, v.Ids), Label = (uint)classes[i] }),
            schema);
    }

    private sealed class Example
    {
        public VBuffer<float> Features { get; set; }

        /// <summary>Counts from 0; ML.NET shifts it, since its own keys count from 1.</summary>
        public uint Label { get; set; }
    }
}
