using System.Text;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Tests.Training.Documents;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Documents;
using Serverless.Training.Drops;
using Serverless.Training.Market;
using Serverless.Training.Samples;
using Serverless.Training.Text;

namespace Serverless.Tests;

/// <summary>A family with two small drops that share no row, and one model of the first, trained once for all tests of the family.</summary>
public abstract class FamilySample
{
    private readonly Lazy<Task<NewModel>> _first;

    protected FamilySample() => _first = new(() => TrainAsync(1));

    public abstract ITrainingFamily Family { get; }

    public abstract DataContract Contract { get; }

    /// <summary>What models of the family are compared in.</summary>
    public abstract string MainMetric { get; }

    /// <summary>Rows of a drop, and those of them that a model learns from when it is fitted on all.</summary>
    public abstract (int All, int Learnt) Rows { get; }

    public Task<NewModel> FirstAsync() => _first.Value;

    public abstract Task<byte[]> CsvAsync(int drop);

    /// <summary>Files that are no drop of the family, and why.</summary>
    public virtual IReadOnlyList<(byte[] Content, string Reason)> Unreadable =>
    [
        ([], "The file is empty: drop a CSV with a header line and rows."),
        ("a,b\n"u8.ToArray(), "The file has a header but no rows: drop a CSV with rows."),
        ("a,b,a\n1,2,3\n"u8.ToArray(), "The header names column 'a' 2 times: rename or remove one."),
    ];

    /// <summary>Trains as the retrain path and the command line do.</summary>
    public async Task<NewModel> TrainAsync(int drop, DataContract? contract = null)
    {
        await using var content = await LocalDrop.CopyAsync(new MemoryStream(await CsvAsync(drop)), TestContext.Current.CancellationToken);
        var training = await ModelTraining.RunAsync(
            Family, contract ?? Contract, content, null, null, TimeProvider.System, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        return Assert.IsType<Outcome<NewModel>.Done>(training).Value;
    }
}

/// <summary>1,500 loans a drop.</summary>
public sealed class CreditSample : FamilySample
{
    public override ITrainingFamily Family { get; } = new CreditTrainer();

    public override DataContract Contract => LoanSample.Contract;

    public override string MainMetric => "auc";

    public override (int All, int Learnt) Rows => (1500, 1500);

    public override async Task<byte[]> CsvAsync(int drop)
    {
        using var csv = new MemoryStream();
        await LoanSample.WriteAsync(csv, Rows.All, seed: drop, TestContext.Current.CancellationToken);
        return csv.ToArray();
    }
}

/// <summary>Six intents with 20 texts each, and the first 20 texts out of scope, a drop.</summary>
public sealed class TextSample : FamilySample
{
    private const int Intents = 6, Texts = 20;

    public override ITrainingFamily Family { get; } = new TextTrainer();

    public override DataContract Contract => CustomerServiceSample.Contract;

    public override string MainMetric => "accuracy";

    public override (int All, int Learnt) Rows => ((Intents + 1) * Texts, Intents * Texts);

    public override async Task<byte[]> CsvAsync(int drop)
    {
        using var text = new StreamReader(CustomerServiceSample.OpenCsv());
        var lines = (await text.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var groups = lines.Skip(1).GroupBy(line => line[(line.LastIndexOf(',') + 1)..]).ToList();
        var outside = ((TextContract)Contract).OutOfScopeLabel;
        var rows = groups.Where(g => g.Key != outside).Take(Intents).Concat(groups.Where(g => g.Key == outside)).SelectMany(g => g.Skip((drop - 1) * Texts).Take(Texts));
        return Encoding.UTF8.GetBytes(string.Join('\n', rows.Prepend(lines[0])));
    }
}

/// <summary>Three shapes with 30 pictures each, and ten that are none of them, a drop.</summary>
public sealed class DocumentFamilySample : FamilySample
{
    private const string WhatItIs = "drop a ZIP with pictures and one CSV of labels, the same as parts, or the two IDX files of pictures and labels.";

    public override ITrainingFamily Family { get; } = new DocumentTrainer();

    public override DataContract Contract => MadePictures.Contract;

    public override string MainMetric => "accuracy";

    public override (int All, int Learnt) Rows => (100, 90);

    public override IReadOnlyList<(byte[] Content, string Reason)> Unreadable =>
    [
        ([], $"'the file' is alone, and no picture came with it: {WhatItIs}"),
        ("file,label\na.png,x\n"u8.ToArray(), $"'the file' is alone, and no picture came with it: {WhatItIs}"),
        ([.. "PK\u0003\u0004"u8, 1, 2, 3], "'the file' is no whole ZIP: it is cut short or damaged. Make it again."),
        (MadePictures.Shape("disc", 1).ToPng(), $"There is no table of labels: {WhatItIs}"),
    ];

    public override Task<byte[]> CsvAsync(int drop) => Task.FromResult(MadePictures.Zip(MadePictures.Shapes(30, drop * 1000)));
}

/// <summary>Two symbols and their volatility over 600 days a drop, one drop behind the other.</summary>
public sealed class MarketFamilySample : FamilySample
{
    private const int Days = 600, Symbols = 2;

    // Of about half of all seeds the second drop is the calmer one, and easier whatever was learned.
    private const int FirstSeed = 10;

    public override ITrainingFamily Family { get; } = new MarketTrainer();

    public override DataContract Contract => MarketSample.Contract with
    {
        Forecast = new() { Networks = 2, Epochs = 1, Window = 5, Units = 4 },
        Training = MarketSample.Contract.Training with { Holdout = 0.2 },
    };

    public override string MainMetric => "likelihoodScore";

    public override (int All, int Learnt) Rows => ((Symbols + 1) * Days, Symbols * Days);

    public override async Task<byte[]> CsvAsync(int drop)
    {
        using var csv = new MemoryStream();
        await MarketSample.WriteAsync(csv, new(2 * Days, FirstSeed + drop), Symbols, TestContext.Current.CancellationToken);
        var lines = Encoding.UTF8.GetString(csv.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var days = lines.Skip(1).Select(l => l.Split(',')[1]).Distinct().Order(StringComparer.Ordinal).Skip((drop - 1) * Days).Take(Days).ToHashSet();
        return Encoding.UTF8.GetBytes(string.Join('\n', [lines[0], .. lines.Skip(1).Where(l => days.Contains(l.Split(',')[1]))]));
    }
}
