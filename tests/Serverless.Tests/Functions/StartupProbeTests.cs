using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Functions;

namespace Serverless.Tests.Functions;

public class StartupProbeTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task App_that_ends_while_it_still_looks_whether_it_is_ready_just_ends()
    {
        await using var gate = new StorageGate(await azurite.NewConnectionAsync());
        gate.Shut();
        var app = await TestApp.HandlerAsync(gate.Connection, null, "Logging:LogLevel:Microsoft.Extensions.Hosting=None");
        var probe = app.App.Services.GetServices<IHostedService>().OfType<StartupProbe>().Single();
        await gate.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await app.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None));
    }
}
