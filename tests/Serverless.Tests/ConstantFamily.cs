using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Tests;

/// <summary>
/// The smallest family: rows are <c>id,skill</c>, the model is the mean skill, which is also its figure on any rows. A skill below 0
/// does not answer its golden inputs.
/// </summary>
internal sealed class ConstantFamily : IModelFamily, ITrainingFamily
{
    public static readonly byte[] ContractJson = Encoding.UTF8.GetBytes("""
        {"family": "constant", "portfolio": "demo", "version": "1", "gate": {"floors": {"skill": 0.5}, "minRows": 2, "minRare": 1}}
        """);

    private int _loads;
    private int _reads;
    private int _trainings;

    public string Name => "constant";

    Type IModelFamily.Contract => typeof(ConstantContract);

    public IModelFamily Serving => this;

    public int Revision { get; init; } = 1;

    public int Loads => _loads;

    public int Trainings => _trainings;

    public int Reads => _reads;

    /// <summary>Called with the text of a drop that is read; fails with what it gives.</summary>
    public Func<string, Exception?>? Reading { get; set; }

    /// <summary>Called while a model is trained.</summary>
    public Action<CancellationToken>? Training { get; set; }

    /// <summary>Called when a model is loaded.</summary>
    public Action? Loading { get; set; }

    /// <summary>Called while a champion is compared with.</summary>
    public Action? Comparing { get; set; }

    public static ConstantContract Contract => JsonSerializer.Deserialize<ConstantContract>(ContractJson, Json.Options)!;

    public static ModelBundle Bundle(double skill)
    {
        var manifest = new Manifest
        {
            Family = "constant",
            Portfolio = "demo",
            RunId = "run",
            TrainedAt = DateTimeOffset.UnixEpoch,
            DataSha256 = "",
            Rows = 1,
            Metrics = new Dictionary<string, double> { ["skill"] = skill },
        };
        return ModelBundle.Create(manifest, Files(skill)).With(manifest, new Dictionary<string, byte[]> { ["card.md"] = "card"u8.ToArray() });
    }

    public static Dictionary<string, byte[]> Files(double skill) => new()
    {
        ["skill.json"] = Json.File(skill),
        ["features.json"] = "{}"u8.ToArray(),
    };

    public static string Csv(string ids, double skill) =>
        $"id,skill\n{string.Concat(ids.Select(id => string.Create(CultureInfo.InvariantCulture, $"{id},{skill}\n")))}";

    public Outcome<DataContract> ReadContract(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<ConstantContract>(json, Json.Options) is { Gate.MinRows: >= 0 } contract ? contract : Outcome<DataContract>.Reject("minRows must be 0 or more.");

    public IServedModel Load(ModelBundle bundle)
    {
        Interlocked.Increment(ref _loads);
        Loading?.Invoke();
        return new ConstantModel(bundle);
    }

    public async Task<DropReading> ReadAsync(DataContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        new(await RowsAsync(drop, cancel), null);

    private async Task<Outcome<TrainingRows>> RowsAsync(LocalDrop file, CancellationToken cancel)
    {
        Interlocked.Increment(ref _reads);
        if (Reading is not null)
        {
            using var text = new StreamReader(file.Parts[0].Content, leaveOpen: true);
            if (Reading(await text.ReadToEndAsync(cancel)) is { } error) throw error;
        }

        var opened = await DropTable.OpenAsync(file, new DropFormat(), new DropLimits(), cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var drop }) return opened.Pass<TrainingRows>();
        await using (drop)
        {
            List<(string, double)> rows = [];
            while (await drop.ReadAsync(cancel)) rows.Add((drop[0].ToString(), double.Parse(drop[1], CultureInfo.InvariantCulture)));
            return new ConstantRows(rows);
        }
    }

    public TrainedModel Train(TrainingRows rows, TrainingCheckpoints checkpoints, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        Interlocked.Increment(ref _trainings);
        Training?.Invoke(cancel);
        cancel.ThrowIfCancellationRequested();
        var (read, keys) = (((ConstantRows)rows).Read, ((ConstantRows)rows).Read.Select(r => RowKeys.Of(r.Id)));
        var skill = Math.Round(read.Average(r => r.Skill), 6);
        return new ConstantTrained(this, skill, [.. keys])
        {
            Served = Files(skill),
            Metrics = new Dictionary<string, double> { ["skill"] = skill, ["undefined"] = double.NaN },
            Rows = read.Count,
            TrainedOn = new RowKeys(keys),
        };
    }

    public async Task<Outcome<Evaluation>> EvaluateAsync(IServedModel model, LocalDrop file, DateTimeOffset now, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        (await RowsAsync(file, cancel))
            .Then<Evaluation>(rows => new Evaluation(rows.Count, rows.RowsInError, new Dictionary<string, double> { ["skill"] = ((ConstantModel)model).Skill }));

    private sealed record ConstantRows(List<(string Id, double Skill)> Read) : TrainingRows(Read.Count, 0);

    private sealed class ConstantTrained(ConstantFamily family, double skill, IReadOnlyList<ulong> keys) : TrainedModel
    {
        public override ModelProfile Profile() => new() { Rows = keys.Count };

        public override Comparison CompareWith(IServedModel champion, RowKeys championTrainedOn)
        {
            family.Comparing?.Invoke();
            var fresh = keys.Count(k => !championTrainedOn.Contains(k));
            return new("skill", fresh, fresh, skill, ((ConstantModel)champion).Skill, 0);
        }

        public override void Ask(IServedModel served) => _ = ((ConstantModel)served).Skill;

        public override IReadOnlyDictionary<string, byte[]> Card(Manifest manifest, ServedFigures? served = null) =>
            new Dictionary<string, byte[]> { ["card.md"] = Encoding.UTF8.GetBytes($"# {manifest.Version} {manifest.Gate?.Decision}\n") };
    }
}

internal sealed record ConstantContract : DataContract
{
    [JsonIgnore]
    public override string? RowId => "id";
}

internal sealed class ConstantModel(ModelBundle bundle) : IServedModel
{
    private readonly double _skill = bundle.Read<double>("skill.json");
    private volatile bool _disposed;

    public ModelBundle Bundle => bundle;

    public bool Disposed => _disposed;

    public double Skill
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _skill;
        }
    }

    public void SelfTest()
    {
        if (_skill < 0) throw new InvalidModelException("Golden input 1 is answered otherwise than in training.");
    }

    public void Dispose() => _disposed = true;
}
