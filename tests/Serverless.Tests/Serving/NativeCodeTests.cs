using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.OnnxRuntime;
using Serverless.Functions;
using Serverless.Serving;
using Serverless.Tests.Functions;

namespace Serverless.Tests.Serving;

/// <summary>A native library that does not load is named, with what to do, and keeps the app from being ready.</summary>
public class NativeCodeTests(AzuriteFixture azurite)
{
    [Fact]
    public void Library_that_is_there_has_no_fault() => Assert.Null(new NativeCode("onnxruntime", typeof(InferenceSession).Assembly, "").Fault());

    [Fact]
    public void Missing_library_is_named_with_what_to_do()
    {
        var fault = new NativeCode("no-such-library", typeof(InferenceSession).Assembly, "install it.").Fault();
        Assert.StartsWith("Native library 'no-such-library' does not load (", fault, StringComparison.Ordinal);
        Assert.EndsWith("): install it.", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_that_is_damaged_is_told_from_one_that_is_missing()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The file is named as on Linux.");
        var file = Path.Combine(Path.GetDirectoryName(typeof(NativeCodeTests).Assembly.Location)!, "libdamaged.so");
        File.WriteAllText(file, "no library");
        try
        {
            Assert.Contains("libdamaged.so: file too short", new NativeCode("damaged", typeof(NativeCodeTests).Assembly, "").Fault(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task App_without_a_library_that_it_needs_is_not_ready_and_says_which()
    {
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync());
        var services = app.App.Services;
        var readiness = new Readiness(
            [.. services.GetServices<NativeCode>(), new NativeCode("gomp-of-another-world", typeof(InferenceSession).Assembly, "apt-get install libgomp1.")],
            services.GetRequiredService<StorageCheck>(), services.GetRequiredService<ModelRegistry>(), services.GetRequiredService<LiveModels>(), TimeProvider.System);
        var fault = Assert.Single(await readiness.FaultsAsync(TestContext.Current.CancellationToken));
        Assert.Contains("gomp-of-another-world", fault, StringComparison.Ordinal);
        Assert.EndsWith("apt-get install libgomp1.", fault, StringComparison.Ordinal);
    }
}
