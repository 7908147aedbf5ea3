using System.Runtime.InteropServices;
using Serverless.Functions;
using Serverless.Functions.CustomHandler;
using Serverless.Functions.Embedded;
using Serverless.Serving;

try
{
    var builder = FunctionApp.CreateBuilder(args);
    builder.AddTelemetryExport().Services.AddFunctions();
    if (Protocol.Port(builder.Configuration) is { } port)
    {
        var storage = StorageAccount.FromConfiguration(builder.Configuration)
            ?? throw new SettingsException($"The setting {StorageAccount.DataSetting} is missing, and {StorageAccount.Setting} too, which the Functions host passes on: name the storage account in one of them.");
        await using var app = FunctionApp.Build(builder, storage, ScriptRoot.Read(AppContext.BaseDirectory, builder.Configuration), port);
        await app.RunAsync();
        return 0;
    }

    // Ctrl-C while the storage comes up; from then on the app's own lifetime listens to it.
    using var starting = new CancellationTokenSource();
    using (PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
    {
        signal.Cancel = true;
        starting.Cancel();
    }))
    await using (var host = await EmbeddedHost.StartAsync(builder, AppContext.BaseDirectory, Console.WriteLine, starting.Token))
    {
        await host.ShowAsync(Console.WriteLine);
        await host.App.WaitForShutdownAsync();
    }

    return 0;
}
catch (OperationCanceledException)
{
    return 130; // stopped by the user before it was up
}
catch (Exception error) when (error is SettingsException or LocalStorageException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
catch (Exception error) when (StorageAccount.IsOutage(error))
{
    Console.Error.WriteLine($"The storage account cannot be used: check {StorageAccount.DataSetting} (or {StorageAccount.Setting}) and its network, then start again. {error.Message.Split('\n')[0]}");
    return 1;
}
