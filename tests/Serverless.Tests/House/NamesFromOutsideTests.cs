using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Tests.Cli;
using Serverless.Tests.Functions;
using Serverless.Training;
using Serverless.Training.Drops;
using Serverless.Training.Samples;

namespace Serverless.Tests.House;

/// <summary>Every way in that takes a name from outside, against every kind of name that could lead elsewhere: all refuse, and nothing is written.</summary>
public class NamesFromOutsideTests(AzuriteFixture azurite)
{
    private const string Family = "credit", Portfolio = "consumer", Version = "0123456789abcdef";

    private static readonly string[] Bad =
    [
        ".", "..", "../models", "../../etc/passwd", "a/../b", "a/b", "/etc/passwd", "\\\\host\\share", "..\\models", "C:\\x", "%2e%2e%2fx", "..%2fx", "a%00b",
        "a\0b", "a\nb", "a\tb", "a b", " a", "a ", "-a", ".a", "~", "a?b", "a#b", "a:b", "a*", "a\"b", "$(id)", "'; drop", "аррle", "ａ", "é", "e\u0301", "a\u200bb", "\u202Eabc", "∕a", "‥", "😀",
        new string('a', 2000),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_registry_and_retrain_path_refuse_every_bad_name()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        await using var path = new RetrainPath(account);
        var (registry, contracts, applications, lease) = (path.Get<ModelRegistry>(), path.Get<ContractStore>(), path.Get<ApplicationStore>(), path.Get<PortfolioLease>());
        var models = path.Get<LiveModels>();
        using var folder = new CliRun();
        var file = new FileInfo(await folder.WriteAsync("a.csv", "x\n1\n"));
        var waysIn = new Dictionary<string, Func<string, Task>>
        {
            ["champion by family"] = n => registry.ChampionAsync(n, Portfolio, Cancel),
            ["champion by portfolio"] = n => registry.ChampionAsync(Family, n, Cancel),
            ["model by family"] = n => registry.OpenAsync(n, Portfolio, Version, Cancel),
            ["model by portfolio"] = n => registry.OpenAsync(Family, n, Version, Cancel),
            ["model by version"] = n => registry.OpenAsync(Family, Portfolio, n, Cancel),
            ["file by version"] = n => registry.BesideAsync(Family, Portfolio, n, "card.md", Cancel),
            ["file by name"] = n => registry.BesideAsync(Family, Portfolio, Version, n, Cancel),
            ["state by portfolio"] = n => registry.StateAsync(Family, n, Cancel),
            ["history by portfolio"] = n => registry.HistoryAsync(Family, n, Cancel),
            ["change of a portfolio"] = async n => Refused(await path.Get<ModelChanges>().PinAsync(new(Family, n, "a", "x"), null, Cancel)),
            ["promotion of a version"] = n => registry.PromoteAsync(Family, Portfolio, n, null, "test", DateTimeOffset.UnixEpoch, Cancel),
            ["promotion in a portfolio"] = n => registry.PromoteAsync(Family, n, Version, null, "test", DateTimeOffset.UnixEpoch, Cancel),
            ["publishing a portfolio"] = n => registry.PublishAsync(Bundle(n), Cancel),
            ["live model by family"] = async n => await models.RentAsync<CreditScorer>(n, Portfolio, Cancel),
            ["live model by portfolio"] = async n => await models.RentAsync<CreditScorer>(Family, n, Cancel),
            ["contract by family"] = n => contracts.ActiveAsync(n, Portfolio, Cancel),
            ["contract by portfolio"] = n => contracts.ActiveAsync(Family, n, Cancel),
            ["contract of a portfolio"] = async n => Refused(await contracts.ActivateAsync(Contract(c => c["portfolio"] = n), Cancel)),
            ["contract of a version"] = async n => Refused(await contracts.ActivateAsync(Contract(c => c["version"] = n), Cancel)),
            ["contract of a family"] = async n => Refused(await contracts.ActivateAsync(Contract(c => c["family"] = n), Cancel)),
            ["application by portfolio"] = n => applications.FindAsync(n, "A-1", Cancel),
            ["application by id"] = n => applications.FindAsync(Portfolio, n, Cancel),
            ["message for a portfolio"] = async n => Refused(await path.Get<LoanDecisions>().DecideAsync(Message("A-1", n), Cancel)),
            ["message with an id"] = async n => Refused(await path.Get<LoanDecisions>().DecideAsync(Message(n, Portfolio), Cancel)),
            ["upload for a family"] = async n => Refused(await UploadAsync(n, Portfolio, "a")),
            ["upload for a portfolio"] = async n => Refused(await UploadAsync(Family, n, "a")),
            ["upload of a file"] = async n => Refused(await UploadAsync(Family, Portfolio, n)),
            ["lease by family"] = n => lease.IsHeldAsync(n, Portfolio, Cancel),
            ["lease by portfolio"] = n => lease.HoldAsync(Family, n, "drop", _ => Task.FromResult(0), Cancel),
            ["drop"] = async n => throw new ArgumentException((await path.RunAsync($"{n}/{Portfolio}/a.csv")).Result == RetrainResult.NoOp ? "no such drop" : null),
        };
        var taken = new List<string>();
        foreach (var (way, take) in waysIn)
        {
            foreach (var name in Bad)
            {
                // What an id or a file may be, a version or a portfolio may not; the table holds no name that any of them allows.
                try
                {
                    await take(name);
                    taken.Add($"{way}: '{name}'");
                }
                catch (ArgumentException)
                {
                }
            }
        }

        Assert.Empty(taken);
        await NothingWrittenAsync(account);

        Task<Outcome<UploadedDrop>> UploadAsync(string family, string portfolio, string name) =>
            path.Get<DropUpload>().RunAsync(new FilesToDrop(family, portfolio, name, [file], null, null), [new Serverless.Training.Credit.CreditTrainer()], new Progress<TrainingProgress>(), Cancel);
    }

    [Fact]
    public async Task Routes_and_verbs_refuse_every_bad_name()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await using var app = await TestApp.HandlerAsync(connection);
        using var cli = new CliRun(connection);
        var csv = await cli.WriteAsync("a.csv", "x\n1\n");
        var taken = new List<string>();
        foreach (var name in Bad)
        {
            var escaped = Uri.EscapeDataString(name);
            using var byPortfolio = await app.Client.GetAsync($"/api/decisions/{escaped}/A-1", Cancel);
            using var byId = await app.Client.GetAsync($"/api/decisions/{Portfolio}/{escaped}", Cancel);
            using var classified = await app.Client.PostAsJsonAsync("/api/classify", new { portfolio = name, text = "x" }, Cancel);
            using var similar = await app.Client.GetAsync($"/api/similar?portfolio={escaped}&text=x", Cancel);
            using var fedBack = await app.Client.PostAsJsonAsync("/api/feedback", new { portfolio = name, text = "x", intent = "x", source = "x" }, Cancel);
            using var submitted = await app.Client.PostAsync("/api/applications", new StringContent(Message(name, name).ToString(), System.Text.Encoding.UTF8, "application/json"), Cancel);
            using var rolledBack = await app.Client.PostAsJsonAsync($"/api/models/{escaped}/{Portfolio}/rollback", new { reason = "x", to = Version }, Cancel);
            using var promoted = await app.Client.PostAsJsonAsync($"/api/models/{Family}/{escaped}/promote", new { version = Version }, Cancel);
            using var approved = await app.Client.PostAsJsonAsync($"/api/models/{Family}/{Portfolio}/approve", new { version = name }, Cancel);
            foreach (var (route, response) in new[]
            {
                ("portfolio", byPortfolio), ("id", byId), ("classify", classified), ("similar", similar), ("feedback", fedBack), ("submit", submitted), ("family of a rollback", rolledBack), ("portfolio of a promotion", promoted), ("version of an approval", approved),
            })
                if ((int)response.StatusCode is not (400 or 404)) taken.Add($"{route} '{name}': {response.StatusCode}");
            string[][] verbs =
            [
                ["models", "show", "--", name, Portfolio], ["models", "show", "--", Family, name], ["models", "show", "--", Family, Portfolio, name],
                ["models", "promote", "--actor=a", "--", name, Portfolio, Version], ["models", "promote", "--actor=a", "--", Family, name, Version], ["models", "promote", "--actor=a", "--", Family, Portfolio, name],
                ["models", "rollback", "--actor=a", "--reason=x", $"--to={name}", "--", Family, Portfolio], ["models", "diff", "--", Family, Portfolio, name],
                ["feedback", "list", "--", name], ["feedback", "gather", "--", name], ["feedback", "discard", "--", name, "x"], ["feedback", "discard", "--", Portfolio, name],
                ["decisions", "show", "--", name, "A-1"], ["decisions", "show", "--", Portfolio, name],
                ["drops", "upload", csv, $"--family={name}", $"--portfolio={Portfolio}"], ["drops", "upload", csv, $"--family={Family}", $"--portfolio={name}"],
                ["drops", "upload", csv, $"--family={Family}", $"--portfolio={Portfolio}", $"--name={name}"], ["drops", "report", "--", name], ["drops", "retry", "--", name],
            ];
            foreach (var verb in verbs)
            {
                var (exit, _, error) = await cli.RunAsync(verb);
                if (exit != 2) taken.Add($"{string.Join(' ', verb)}: {exit} {error}");
            }
        }

        Assert.Empty(taken);
        await NothingWrittenAsync(account);
    }

    private static void Refused<T>(Outcome<T> outcome)
    {
        if (outcome is Outcome<T>.Rejected rejected) throw new ArgumentException(string.Join(' ', rejected.Reasons));
    }

    private static BinaryData Message(string id, string portfolio) => BinaryData.FromString(
        new JsonObject { ["applicationId"] = id, ["portfolio"] = portfolio, ["submittedAt"] = "2026-03-01T00:00:00Z", ["fields"] = new JsonObject() }.ToJsonString());

    private static byte[] Contract(Action<JsonNode> change)
    {
        var json = JsonSerializer.SerializeToNode<object>(LoanSample.Contract, Json.Options)!;
        change(json);
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    private static ModelBundle Bundle(string portfolio) => ModelBundle.Create(ConstantFamily.Bundle(0.5).Manifest with { Portfolio = portfolio }, ConstantFamily.Files(0.5));

    private static async Task NothingWrittenAsync(StorageAccount account)
    {
        foreach (var container in StorageAccount.Containers)
            Assert.Empty(await account.Blobs.GetBlobContainerClient(container).GetBlobsAsync(cancellationToken: Cancel).Select(b => $"{container}/{b.Name}").ToListAsync(Cancel));
    }
}
