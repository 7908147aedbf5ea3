using Serverless.Serving;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Training;

/// <summary>One family of models, as far as training needs it: read a drop, train on it. Families are registered once, by name.</summary>
public interface ITrainingFamily
{
    /// <summary>The same family, as far as answering needs it.</summary>
    IModelFamily Serving { get; }

    /// <summary>Raised when a change in the trainer gives other models from the same data; part of the run id.</summary>
    int Revision { get; }

    /// <summary>How the names of the files end that its drops consist of.</summary>
    DropForms Forms => DropForms.Tables;

    /// <summary>Reads and validates a drop against its contract, streaming; rejected with every fault that was found.</summary>
    /// <param name="contract">A contract of this family.</param>
    /// <param name="drop">The drop.</param>
    /// <param name="context">What is known besides.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    Task<DropReading> ReadAsync(DataContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel);

    /// <summary>Splits, trains, calibrates and evaluates. The same rows and contract give the same served files, whether it goes on from checkpoints or not.</summary>
    /// <param name="rows">As they were read.</param>
    /// <param name="checkpoints">Where a long training leaves how far it is; one of seconds needs none.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    TrainedModel Train(TrainingRows rows, TrainingCheckpoints checkpoints, IProgress<TrainingProgress> progress, CancellationToken cancel);

    /// <summary>Measures a loaded model on a file with the columns of the model's contract; rejected with every fault of the file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="now">When: dates of rows that lie behind it are faults, as in a drop.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    Task<Outcome<Evaluation>> EvaluateAsync(IServedModel model, LocalDrop file, DateTimeOffset now, IProgress<TrainingProgress> progress, CancellationToken cancel);

    /// <summary>What two versions do otherwise, as far as the family can tell beyond figures and contract; nothing where it cannot.</summary>
    /// <exception cref="InvalidModelException">A file of a version has another form.</exception>
    BehaviourDifferences Differences(ModelBundle a, ModelBundle b) => new([], [], []);
}

/// <summary>A drop that was read and found good; families derive their own.</summary>
/// <param name="Count">Rows that can be used.</param>
/// <param name="RowsInError">Rows that were left out.</param>
public abstract record TrainingRows(int Count, int RowsInError);

/// <summary>What is known besides the drop and its contract when it is read.</summary>
/// <param name="Now">When: dates of rows that lie behind it (<see cref="Latest"/>) are faults.</param>
public sealed record ReadingContext(DateTimeOffset Now)
{
    /// <summary>Dates behind it lie in the future: fourteen hours after now, since it is nowhere later than in UTC+14, so a day that has begun there is no fault.</summary>
    public DateTimeOffset Latest => Now.AddHours(14);

    /// <summary>The day on which the outcomes were looked up, where the drop says so; stands above the contract's.</summary>
    public DateOnly? ObservedOn { get; init; }

    /// <summary>Version of the champion; null when there is none.</summary>
    public string? ChampionVersion { get; init; }

    /// <summary>What the champion's data looked like; null when there is no champion, or it was stored without a profile.</summary>
    public ModelProfile? Champion { get; init; }

    /// <summary>Finds a registered model that a contract builds on, by family, name and version; null for one that is not there, as without a registry all are.</summary>
    public Func<string, string, string, CancellationToken, Task<ModelBundle?>> BaseModel { get; init; } = (_, _, _, _) => Task.FromResult<ModelBundle?>(null);

    /// <summary>Whether the rows are kept, to be trained on; else they are only validated and profiled, in bounded memory, and counted.</summary>
    public bool KeepRows { get; init; } = true;

    /// <summary>Whether anybody reads what is seen of the drop's quality; without, it is not looked at, and reading is faster.</summary>
    public bool Profiled { get; init; } = true;

    /// <summary>Whether the rows are added to others, so that they need not be enough for a model by themselves.</summary>
    public bool Addition { get; init; }
}

/// <summary>Rows that were read and not kept.</summary>
/// <param name="Count">Rows that can be used.</param>
/// <param name="RowsInError">Rows that were left out.</param>
public sealed record CountedRows(int Count, int RowsInError) : TrainingRows(Count, RowsInError);

/// <summary>A drop that was read, good or not.</summary>
/// <param name="Rows">Its rows, or every fault that was found.</param>
/// <param name="Quality">What was seen of its quality; absent when it is no table.</param>
public sealed record DropReading(Outcome<TrainingRows> Rows, DropQuality? Quality);

/// <summary>What a model shows on a file.</summary>
/// <param name="Rows">Rows that were measured.</param>
/// <param name="RowsInError">Rows that were left out.</param>
/// <param name="Metrics">Figures, by their names in the manifest.</param>
public sealed record Evaluation(int Rows, int RowsInError, IReadOnlyDictionary<string, double> Metrics);

/// <summary>A trained model with what was measured of it; families derive their own, which also hold their holdout.</summary>
public abstract class TrainedModel
{
    /// <summary>The served files of the bundle: graph, features, contract, thresholds, golden inputs.</summary>
    public required IReadOnlyDictionary<string, byte[]> Served { get; init; }

    /// <summary>Figures on the holdout, by metric.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Rows used for training and evaluation.</summary>
    public required int Rows { get; init; }

    /// <summary>Keys of the rows that the served model was fitted on.</summary>
    public required RowKeys TrainedOn { get; init; }

    /// <summary>The column that a figure is of, by metric, where it is that of the worst one.</summary>
    public IReadOnlyDictionary<string, string> FigureColumns { get; init; } = new Dictionary<string, string>();

    /// <summary>Asks the model, loaded as it will be served, for one ordinary answer.</summary>
    public abstract void Ask(IServedModel served);

    /// <summary>Sweeps every column whose direction the contract states through the served model.</summary>
    /// <returns>How many there are, and the names of those along which an answer goes the other way.</returns>
    public virtual (int Directed, IReadOnlyList<string> Broken) Sweep(IServedModel served) => (0, []);

    /// <summary>Asks the served model the cases that the contract states; none where it states none.</summary>
    public virtual IReadOnlyList<CaseAnswer> AskCases(IServedModel served) => [];

    /// <summary>What its data looked like.</summary>
    public abstract ModelProfile Profile();

    /// <summary>Compares with the champion on the holdout rows that the champion was not trained on.</summary>
    public abstract Comparison CompareWith(IServedModel champion, RowKeys championTrainedOn);

    /// <summary>The files for people (model card in Markdown and HTML, plots inside), by name.</summary>
    /// <param name="manifest">With the gate's verdict, where there is one.</param>
    /// <param name="served">What the loaded model showed; null when it was not loaded.</param>
    public abstract IReadOnlyDictionary<string, byte[]> Card(Manifest manifest, ServedFigures? served = null);
}

/// <summary>Champion and challenger on the same fresh rows, in the family's main metric (higher is better).</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Rows">Fresh rows of the holdout.</param>
/// <param name="Rare">Rows of the rarest class among them.</param>
/// <param name="Challenger">Figure of the new model; NaN when there are no fresh rows.</param>
/// <param name="Champion">Figure of the present model; NaN when there are no fresh rows.</param>
/// <param name="StandardError">Of the difference of both, paired by row; NaN when there are no fresh rows.</param>
public sealed record Comparison(string Metric, int Rows, int Rare, double Challenger, double Champion, double StandardError)
{
    /// <summary>Why the champion has no figure, where it would have read the rows in a way that cannot be told; else null.</summary>
    public string? NotComparable { get; init; }

    /// <summary>The same by class, where the family guards each (text: intents); else none.</summary>
    public IReadOnlyList<ClassComparison> Classes { get; init; } = [];

    /// <summary>How sure it is, by the normal approximation, that the challenger is at most <paramref name="tolerance"/> below the champion: 0 to 1; NaN when nothing was measured.</summary>
    public double ConfidenceWithin(double tolerance)
    {
        var margin = Challenger - Champion + tolerance;
        if (double.IsNaN(margin) || double.IsNaN(StandardError)) return double.NaN;
        return StandardError > 0 ? Normal.Below(margin / StandardError) : margin >= 0 ? 1 : 0;
    }
}

/// <summary>Champion and challenger on the fresh rows of one class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Rows">Its fresh rows.</param>
/// <param name="ByChampion">How many of them the champion has right.</param>
/// <param name="Lost">How many the champion has right and the challenger wrong.</param>
/// <param name="Gained">How many the challenger has right and the champion wrong.</param>
public sealed record ClassComparison(string Name, int Rows, int ByChampion, int Lost, int Gained)
{
    /// <summary>The champion's recall, 0 to 1.</summary>
    public double ChampionRecall => (double)ByChampion / Rows;

    /// <summary>The challenger's recall, 0 to 1.</summary>
    public double Recall => (double)(ByChampion - Lost + Gained) / Rows;

    /// <summary>How likely chance alone loses so many of the rows on which the two differ, were they equally good: the exact one-sided McNemar test (1947).</summary>
    public double ChanceOfLoss()
    {
        // The upper tail of a binomial distribution with a half, from its end, in logarithms: 2^-n has no double from 1,075 rows on.
        var (differ, sum, choices) = (Lost + Gained, 0.0, 0.0);
        for (var k = differ; k >= Lost; k--)
        {
            sum += Math.Exp(choices - (differ * Math.Log(2)));
            choices += Math.Log(k) - Math.Log(differ - k + 1);
        }

        return Math.Min(1, sum);
    }
}

/// <summary>How far a long run is.</summary>
/// <param name="Stage">The stage, such as "binning".</param>
/// <param name="Fraction">0 to 1 within the stage, or null when it cannot be told.</param>
public readonly record struct TrainingProgress(string Stage, double? Fraction = null);
