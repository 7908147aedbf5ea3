using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Text;

namespace Serverless.Tests.Functions;

/// <summary>A small classifier of three intents in four scripts, trained once and made live wherever a test needs one.</summary>
internal static class ChatModel
{
    public const string Portfolio = "chat";

    private static readonly (string Intent, string[] Say)[] Intents =
    [
        ("lost_card", ["my card is lost", "i lost the card 💳", "card was stolen 😱", "block the stolen card", "我的卡丢了", "银行卡被偷了", "请冻结我的银行卡", "فقدت بطاقتي", "سرقت بطاقتي", "أوقف البطاقة المفقودة"]),
        ("balance", ["what is my balance", "show the balance 💰", "how much money is there", "account balance please", "我的余额是多少", "账户里还有多少钱", "查询账户余额", "كم رصيدي", "ما هو رصيد حسابي", "كم المال في الحساب"]),
        ("transfer", ["send money to a friend", "my transfer did not arrive", "transfer is pending ⏳", "wire the rent", "我要转账给朋友", "转账没有到账", "汇款给房东", "تحويل المال إلى صديق", "التحويل لم يصل", "حول الإيجار"]),
    ];

    private static readonly string[] Tails = ["", " today", " please", " 请帮忙", " من فضلك", " 🙏", " пожалуйста"];

    public static TextContract Contract { get; } = new()
    {
        Family = TextContract.FamilyName,
        Portfolio = Portfolio,
        Version = "1",
        TextColumn = "text",
        LabelColumn = "intent",
        IdColumn = "id",
        OutOfScopeLabel = "other",
        Drops = DropMode.Increment,
        MaxLength = 200,
        AiDisclosure = "您正在与人工智能系统对话，而不是真人。",
        Training = new() { Refit = false },
        Similar = new(),
        Network = null, // the linear part alone, for speed
    };

    private static readonly Lazy<Task<NewModel>> Trained = new(async () =>
    {
        await using var drop = await DropOf.Text(Csv());
        var trained = await ModelTraining.RunAsync(new TextTrainer(), Contract, drop, null, null, TimeProvider.System, new Progress<TrainingProgress>(), Cancel);
        return Assert.IsType<Outcome<NewModel>.Done>(trained).Value;
    });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static string Csv() => "id,text,intent\n" + string.Concat(
        Intents.SelectMany(i => i.Say.SelectMany(say => Tails.Select(tail => $"{say}{tail},{i.Intent}\n"))).Append("which wine goes with fish,other\n").Select((line, i) => $"row-{i},{line}"));

    /// <summary>The model, with some of its files in other words.</summary>
    public static async Task<ModelBundle> BundleAsync(IReadOnlyDictionary<string, byte[]> others)
    {
        var model = await Trained.Value;
        return ModelBundle.Create(model.Seal(null).Manifest, model.Trained.Served.Concat(others).GroupBy(f => f.Key).ToDictionary(f => f.Key, f => f.Last().Value));
    }

    /// <summary>Loads it, for whoever disposes of it.</summary>
    public static async Task<TextClassifier> LoadAsync() => TextClassifier.Load((await Trained.Value).Seal(null));

    /// <summary>Makes it live on an account.</summary>
    /// <param name="account">The account; its containers are there.</param>
    /// <param name="thresholds">Others than it was trained with.</param>
    /// <param name="contract">Another than it was trained under.</param>
    /// <returns>Its version.</returns>
    public static async Task<string> PromoteAsync(StorageAccount account, TextThresholds? thresholds = null, TextContract? contract = null)
    {
        var files = new Dictionary<string, byte[]>();
        if (thresholds is not null) files["thresholds.json"] = Json.File(thresholds);
        if (contract is not null) files["contract.json"] = Json.File(contract);
        var sealedBundle = files.Count == 0 ? (await Trained.Value).Seal(null) : await BundleAsync(files);
        var registry = new ModelRegistry(account);
        await registry.PublishAsync(sealedBundle, Cancel);
        Assert.True(await registry.PromoteAsync(TextContract.FamilyName, Portfolio, sealedBundle.Version, null, "test", DateTimeOffset.UnixEpoch, Cancel));
        return sealedBundle.Version;
    }
}
