using System.Security.Cryptography;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;

namespace Serverless.Training.Credit;

/// <summary>
/// The way of a credit model from labelled rows to a bundle, with a graph that was trained elsewhere in the place of training: half of the rows calibrate
/// it, the others measure it, and everything after that is as for any kind.
/// </summary>
public sealed class ImportedTrainer : ITrainingFamily, IDisposable
{
    private readonly CreditTrainer _credit = new();
    private readonly ImportedSource _source;
    private readonly ImportedGraph _graph;

    /// <summary>Loads the graph.</summary>
    /// <param name="source">A graph that was read for the contract.</param>
    /// <param name="contract">The contract.</param>
    /// <exception cref="InvalidModelException">The graph was read for another contract.</exception>
    public ImportedTrainer(ImportedSource source, CreditContract contract)
    {
        _source = source;
        var width = contract.Columns.Where(c => c.Role == ColumnRole.Input).Sum(c => c.Type == ColumnType.Category ? c.Allowed?.Count ?? 0 : 1);
        _graph = ImportedGraph.Load(source.Graph, new ImportedModelFile(source.Input, source.Output, source.Gives, 1, 0, []), width);
        var content = $"{Convert.ToHexStringLower(SHA256.HashData(source.Graph))} {source.Output} {source.Gives} {source.Missing}";
        Revision = BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(content))) & int.MaxValue;
    }

    /// <inheritdoc/>
    public IModelFamily Serving => _credit.Serving;

    /// <summary>Hash of the graph and of how it is asked, which decide the model as a trainer does.</summary>
    public int Revision { get; }

    /// <summary>The contract under which a graph is registered: half of the rows measure it, and no row that does calibrates it.</summary>
    public static CreditContract Halved(CreditContract contract) => contract with { Training = contract.Training with { Holdout = 0.5, Refit = false } };

    /// <inheritdoc/>
    public Task<DropReading> ReadAsync(DataContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        _credit.ReadAsync(contract, drop, context, progress, cancel);

    /// <inheritdoc/>
    /// <exception cref="InvalidModelException">The graph cannot be used on these rows: with what to do.</exception>
    public TrainedModel Train(TrainingRows rows, TrainingCheckpoints checkpoints, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var loans = (CreditRows)rows;
        return CreditTrainer.Train(loans, Compete, progress, cancel);

        Competition Compete(int[] train, int[] holdout)
        {
            progress.Report(new TrainingProgress("calibrating"));
            var fitted = ImportedFit.Fit(_graph, _source, loans, train);
            var (points, probabilities) = CreditEvaluation.Score(fitted.Model, loans, holdout);
            if (Array.Exists(probabilities, double.IsNaN)) throw new InvalidModelException("The graph gives no number for a labelled row: export a graph that takes every value that the contract allows.");
            return Competition.Choose(loans.Contract.Models, Array.ConvertAll(holdout, row => loans.Bad[row]), [new Competitor(fitted, points, probabilities)]);
        }
    }

    /// <inheritdoc/>
    public Task<Outcome<Evaluation>> EvaluateAsync(IServedModel model, LocalDrop file, DateTimeOffset now, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        _credit.EvaluateAsync(model, file, now, progress, cancel);

    /// <inheritdoc/>
    public void Dispose() => _graph.Dispose();
}
