using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

/// <summary>One small model of both parts, trained once for the tests that ask it: five intents in two scripts, and texts out of scope.</summary>
public sealed class TrainedText : IDisposable
{
    /// <summary>A word that stands in a few texts of the data, so that it is a feature, and belongs into no file.</summary>
    public const string RareWord = "quixotic";

    private static readonly (string Intent, string[] Say)[] Intents =
    [
        ("lost_card", ["my card is lost", "i lost the card", "card was stolen", "cannot find my card", "block the stolen card"]),
        ("balance", ["what is my balance", "how much money is there", "show the balance", "account balance please", "money left on the account"]),
        ("transfer", ["send money to a friend", "transfer to another bank", "my transfer did not arrive", "transfer is pending", "wire the rent"]),
        ("pin", ["change my pin", "forgot the pin code", "pin is blocked", "new pin number", "reset the pin"]),
        ("кредит", ["хочу взять кредит", "какая ставка по кредиту", "оформить кредит", "условия кредита", "погасить кредит"]),
    ];

    private static readonly string[] Tails = ["", "today", "please", "since monday", "help", "urgent", "again", "thanks", "it is late", "abroad"];

    public static TextContract Contract { get; } = new()
    {
        Family = "text",
        Portfolio = "example",
        Version = "1",
        TextColumn = "text",
        LabelColumn = "intent",
        OutOfScopeLabel = "other",
        Training = new() { Refit = false },
        Network = new() { Networks = 2, Epochs = 20, Dimensions = 16, Filters = 8 },
    };

    public TrainedText()
    {
        Rows = (TextRows)((Outcome<TrainingRows>.Done)ReadAsync(Csv()).GetAwaiter().GetResult()).Value;
        Model = Train(Rows);
        Classifier = Load(Model);
    }

    public TextRows Rows { get; }

    public TextTrainedModel Model { get; }

    public TextClassifier Classifier { get; }

    public static string Csv() => "text,intent\n" + string.Concat(
    [
        .. Intents.SelectMany(i => i.Say.SelectMany(say => Tails.Select(tail => $"{say} {tail},{i.Intent}\n"))),
        $"{RareWord} card,lost_card\n{RareWord} balance,balance\n{RareWord} transfer,transfer\n{RareWord} pin,pin\n",
        .. Tails.Select(tail => $"which wine goes with fish {tail},other\n"),
    ]);

    public static async Task<Outcome<TrainingRows>> ReadAsync(string csv, TextContract? contract = null)
    {
        await using var drop = await DropOf.Text(csv);
        return (await new TextTrainer().ReadAsync(contract ?? Contract, drop, DropOf.Context, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken)).Rows;
    }

    public static TextTrainedModel Train(TextRows rows) =>
        (TextTrainedModel)new TextTrainer().Train(rows, TrainingCheckpoints.None, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);

    public static ModelBundle Bundle(TextTrainedModel model, IReadOnlyDictionary<string, byte[]>? served = null) => ModelBundle.Create(
        new Manifest
        {
            Family = "text",
            Portfolio = "example",
            RunId = "run",
            TrainedAt = DateTimeOffset.UnixEpoch,
            DataSha256 = "",
            Rows = model.Rows,
            Metrics = model.Metrics,
        },
        served ?? model.Served);

    public static TextClassifier Load(TextTrainedModel model, IReadOnlyDictionary<string, byte[]>? served = null) => (TextClassifier)new TextFamily().Load(Bundle(model, served));

    public void Dispose() => Classifier.Dispose();

    /// <summary>Tests that ask it one after another, so that it is trained once for all of them.</summary>
    [CollectionDefinition(nameof(TrainedText))]
    public sealed class Asked : ICollectionFixture<TrainedText>;
}
