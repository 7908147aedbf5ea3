using Azure.Storage.Blobs;
using Serverless.Functions.Embedded;

namespace Serverless.Tests.Functions;

public class AzuriteTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accounts_of_one_emulator_do_not_see_each_other()
    {
        var (mine, yours) = (await azurite.NewAccountAsync(), await azurite.NewAccountAsync());
        await mine.Blobs.CreateBlobContainerAsync("drops", cancellationToken: Cancel);
        await mine.Queues.CreateQueueAsync("loan-applications", cancellationToken: Cancel);
        Assert.True(await mine.Blobs.GetBlobContainerClient("drops").ExistsAsync(Cancel));
        Assert.False(await yours.Blobs.GetBlobContainerClient("drops").ExistsAsync(Cancel));
    }

    [Theory]
    [InlineData("v18.19.1")]
    [InlineData("nonsense")]
    public void Old_node_is_refused_with_what_to_install(string version)
    {
        var error = Assert.Throws<LocalStorageException>(() => AzuriteInstall.CheckNode(version));
        Assert.Contains("Install Node.js 20 or later", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_in_a_folder_survives_the_emulator()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-azurite-").FullName;
        try
        {
            for (var round = 0; round < 2; round++)
            {
                await using var emulator = await AzuriteProcess.StartAsync(AzuriteInstall.FindRepository(), folder, [], _ => { }, Cancel);
                var blob = new BlobServiceClient(emulator.ConnectionString()).GetBlobContainerClient("kept");
                if (round == 0) await blob.CreateAsync(cancellationToken: Cancel);
                else Assert.True(await blob.ExistsAsync(Cancel));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
