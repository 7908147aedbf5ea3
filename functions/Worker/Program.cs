using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Serverless.Functions;
using Serverless.Functions.Http;
using Serverless.Functions.Worker;
using Serverless.Serving;

try
{
    var builder = FunctionsApplication.CreateBuilder(args);

    // First, so that every setting of the host overrides it; not from the current directory, which is the host's choice.
    builder.Configuration.Sources.Insert(0, new JsonConfigurationSource { FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory), Path = "appsettings.json" });
    var storage = StorageAccount.FromConfiguration(builder.Configuration)
        ?? throw new SettingsException($"The settings {StorageAccount.DataSetting} and {StorageAccount.Setting} are missing: name the storage account in one of them.");
    var root = ScriptRoot.Read(AppContext.BaseDirectory, builder.Configuration, functions: "Bindings");

    builder.ConfigureFunctionsWebApplication();
    builder.Services.Configure<KestrelServerOptions>(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestLineSize = FunctionApp.LongestRequestLine;
    });
    builder.UseMiddleware<Correlation>().UseMiddleware<Problems>();
    builder.AddTelemetryExport();
    if (TelemetryExport.IsConfigured(builder.Configuration)) builder.Services.AddOpenTelemetry().UseFunctionsWorkerDefaults();
    builder.Services.AddFunctions().AddHosting(storage, root)
        .AddSingleton(s => new Invoker(s.GetRequiredService<Dispatcher>(), s.GetRequiredService<Admission>()));
    await builder.Build().RunAsync();
    return 0;
}
catch (SettingsException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
