using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Cli;

/// <summary>Finds the storage account: the configuration's, else that of the app that runs here.</summary>
internal static class Storage
{
    private const string LocalFile = ".data/azurite.json";

    // The emulator's well-known account, printed in its documentation: no secret.
    private const string LocalAccount = "devstoreaccount1";
    private const string LocalKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>Runs on the stores over the account; rejected when there is none.</summary>
    public static async Task<Outcome<T>> UseAsync<T>(Terminal terminal, Func<ServiceProvider, Task<Outcome<T>>> run)
    {
        var opened = Open(terminal);
        if (opened is not Outcome<ServiceProvider>.Done { Value: var stores }) return opened.Pass<T>();
        await using (stores) return await run(stores);
    }

    private static Outcome<ServiceProvider> Open(Terminal terminal) =>
        (StorageAccount.FromConfiguration(terminal.Settings ?? Settings(terminal.Folder)) ?? Local(terminal.Folder)) is { } account
            ? new ServiceCollection().AddLogging().AddSingleton(account).AddTraining().BuildServiceProvider()
            : Outcome<ServiceProvider>.Reject($"There is no storage: start the app (dotnet run --project functions/App), or set {StorageAccount.Setting} to a connection string, or {StorageAccount.DataSetting}__accountName to an account that you are signed in for.");

    private static IConfigurationRoot Settings(string folder) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(folder, "appsettings.json"), optional: true)
        .AddUserSecrets("serverless-functions")
        .AddEnvironmentVariables()
        .Build();

    /// <summary>The storage emulator of a running app, whose addresses lie in the nearest <c>.data</c> upward of a folder.</summary>
    private static StorageAccount? Local(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, LocalFile);
            if (!File.Exists(path)) continue;
            var endpoints = JsonSerializer.Deserialize<Endpoints>(File.ReadAllBytes(path), JsonSerializerOptions.Web)!;
            return StorageAccount.Open($"DefaultEndpointsProtocol=http;AccountName={LocalAccount};AccountKey={LocalKey};BlobEndpoint={endpoints.BlobEndpoint};QueueEndpoint={endpoints.QueueEndpoint};");
        }

        return null;
    }

    private sealed record Endpoints(string BlobEndpoint, string QueueEndpoint);
}
