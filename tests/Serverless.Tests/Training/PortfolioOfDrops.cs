using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training;

/// <summary>A portfolio of the smallest family on an account of its own, with drops in parts.</summary>
internal sealed class PortfolioOfDrops : IAsyncDisposable
{
    public const string Folder = "constant/demo/";

    private PortfolioOfDrops(StorageAccount account, TimeProvider? time) => (Account, Path) = (account, new(account, [Family], time));

    public ConstantFamily Family { get; } = new();

    public StorageAccount Account { get; }

    public RetrainPath Path { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PortfolioOfDrops> CreateAsync(StorageAccount account, DropMode mode = DropMode.Full, TimeProvider? time = null)
    {
        await account.PrepareAsync(Cancel);
        var portfolio = new PortfolioOfDrops(account, time);
        await portfolio.ActivateAsync(ConstantFamily.Contract with { Drops = mode });
        return portfolio;
    }

    public async Task ActivateAsync(ConstantContract contract) =>
        Assert.IsType<Outcome<DataContract>.Done>(await Path.Get<ContractStore>().ActivateAsync(Json.File(contract), Cancel));

    public BlobContainerClient Container(string name) => Account.Blobs.GetBlobContainerClient(name);

    public Task PutAsync(string name, string content) => Container("drops").GetBlobClient(Folder + name).UploadAsync(BinaryData.FromString(content), overwrite: true, Cancel);

    public async Task<RetrainOutcome> DropAsync(string name, string csv)
    {
        await PutAsync(name, csv);
        return await Path.RunAsync(Folder + name);
    }

    /// <summary>Uploads parts and their manifest.</summary>
    public async Task ManifestAsync(string name, DropManifest manifest, params (string Name, string Csv)[] parts)
    {
        foreach (var (part, csv) in parts) await PutAsync($"{name}.parts/{part}", csv);
        await PutAsync($"{name}.drop.json", Encoding.UTF8.GetString(Json.File(manifest)));
    }

    public static DropManifest Listing(params (string Name, string Csv)[] parts) => new() { Parts = [.. parts.Select(p => Listed(p.Name, p.Csv))] };

    public static ListedPart Listed(string name, string csv) => new(name, Encoding.UTF8.GetByteCount(csv), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csv))));

    public Task<RetrainOutcome> RunAsync(string name) => Path.RunAsync(Folder + name);

    public async Task<Manifest> LiveAsync()
    {
        var registry = Path.Get<ModelRegistry>();
        return (await registry.OpenAsync("constant", "demo", (await registry.ChampionAsync("constant", "demo", Cancel))!.Version, Cancel)).Manifest;
    }

    public Task<Dataset?> DatasetAsync(string sha256) => Path.Get<DatasetStore>().FindAsync("constant", "demo", sha256, Cancel);

    public async Task<Dataset?> CurrentAsync() => (await Path.Get<DatasetStore>().CurrentAsync("constant", "demo", Cancel))?.Dataset;

    public async Task<IReadOnlyList<string>> NamesAsync(string container) => await Container(container).GetBlobsAsync(cancellationToken: Cancel).Select(b => b.Name).ToListAsync(Cancel);

    public ValueTask DisposeAsync() => Path.DisposeAsync();
}
