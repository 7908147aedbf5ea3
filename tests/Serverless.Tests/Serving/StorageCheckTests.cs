using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Serverless.Serving;
using Serverless.Tests.Faults;

namespace Serverless.Tests.Serving;

/// <summary>What the start-up check says when a container, a queue or a role is missing.</summary>
public class StorageCheckTests(AzuriteFixture azurite)
{
    private static readonly IReadOnlyList<StorageNeed> Needs =
    [
        new("applications", StorageAccess.Write), new("models", StorageAccess.Read), new("drops", StorageAccess.Own),
        new("loan-applications", StorageAccess.Process), new("loan-decisions", StorageAccess.Send), new("loan-applications-poison", StorageAccess.Exchange),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Account_that_may_be_used_has_no_fault_and_what_was_missing_is_there_then()
    {
        var account = await azurite.NewAccountAsync();
        Assert.Empty(await new StorageCheck(account, Needs).FaultsAsync(Cancel));
        Assert.Equal(["applications", "drops", "models"], await account.Blobs.GetBlobContainersAsync(cancellationToken: Cancel).Select(c => c.Name).ToListAsync(Cancel));
        Assert.Equal(["loan-applications", "loan-applications-poison", "loan-decisions"], await account.Queues.GetQueuesAsync(cancellationToken: Cancel).Select(q => q.Name).ToListAsync(Cancel));

        // Nothing is written or taken to find out.
        var queue = account.Queues.GetQueueClient("loan-applications");
        await queue.SendMessageAsync("kept", Cancel);
        Assert.Empty(await new StorageCheck(account, Needs).FaultsAsync(Cancel));
        Assert.Equal("kept", (await queue.ReceiveMessageAsync(cancellationToken: Cancel)).Value.Body.ToString());
        Assert.Empty(await account.Blobs.GetBlobContainerClient("applications").GetBlobsAsync(cancellationToken: Cancel).ToListAsync(Cancel));
    }

    [Theory]
    [InlineData("applications", "Container 'applications' of storage account ACCOUNT is not there or not open to the account's key: assign 'Storage Blob Data Contributor' on it (infra/ does), and wait some minutes until that holds.")]
    [InlineData("models", "Container 'models' of storage account ACCOUNT is not there or not open to the account's key: assign 'Storage Blob Data Reader' on it (infra/ does), and wait some minutes until that holds.")]
    [InlineData("drops", "Container 'drops' of storage account ACCOUNT is not there or not open to the account's key: assign 'Storage Blob Data Owner' on it (infra/ does), and wait some minutes until that holds.")]
    [InlineData("loan-applications", "Queue 'loan-applications' of storage account ACCOUNT is not there or not open to the account's key: assign 'Storage Queue Data Reader' and 'Storage Queue Data Message Processor' on it (infra/ does), and wait some minutes until that holds.")]
    [InlineData("loan-decisions", "Queue 'loan-decisions' of storage account ACCOUNT is not there or not open to the account's key: assign 'Storage Queue Data Reader' and 'Storage Queue Data Message Sender' on it (infra/ does), and wait some minutes until that holds.")]
    public async Task Missing_role_is_named_with_its_place(string name, string expected)
    {
        var faults = new StorageFaults();
        faults.Inject(Fault.Forbid, matching: c => c.Resource.Split(':')[1].Split('?', '/')[0] == name, times: 99);
        var account = faults.Open(await azurite.NewConnectionAsync());
        var fault = Assert.Single(await new StorageCheck(account, Needs).FaultsAsync(Cancel));
        Assert.Equal(expected.Replace("ACCOUNT", account.Blobs.AccountName, StringComparison.Ordinal), fault);
    }

    [Theory]
    [InlineData("applications", "DELETE")]
    [InlineData("loan-applications", "DELETE")]
    [InlineData("loan-applications-poison", "PUT")]
    public async Task Role_that_only_lets_look_is_not_enough_to_write_or_process(string name, string method)
    {
        var faults = new StorageFaults();
        faults.Inject(Fault.Forbid, matching: c => c.Method == method && c.Resource.Contains($":{name}/", StringComparison.Ordinal), times: 99);
        var fault = Assert.Single(await new StorageCheck(faults.Open(await azurite.NewConnectionAsync()), Needs).FaultsAsync(Cancel));
        Assert.Contains($"'{name}'", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_that_does_not_answer_is_said_once()
    {
        var nowhere = new Uri("http://127.0.0.1:1/nowhere");
        var account = new StorageAccount(
            new BlobServiceClient(nowhere, new BlobClientOptions { Retry = { MaxRetries = 0 } }), new QueueServiceClient(nowhere, new QueueClientOptions { Retry = { MaxRetries = 0 } }), null!);
        Assert.Equal("The storage account nowhere does not answer: check DataStorage (or AzureWebJobsStorage) and its network.", Assert.Single(await new StorageCheck(account, Needs).FaultsAsync(Cancel)));
    }

    [Fact]
    public void Union_of_needs_allows_what_each_does()
    {
        StorageNeed[] needs = [new("a", StorageAccess.Read), new("a", StorageAccess.Write), new("q", StorageAccess.Send), new("q", StorageAccess.Process), new("b", StorageAccess.Read)];
        Assert.Equal([new("a", StorageAccess.Write), new("b", StorageAccess.Read), new("q", StorageAccess.Exchange)], StorageNeed.Union(needs));
    }

    [Theory]
    [InlineData("host", "AzureWebJobsStorage:accountName=host")]
    [InlineData("data", "AzureWebJobsStorage:accountName=host", "DataStorage:accountName=data", "DataStorage:credential=ManagedIdentity")]
    [InlineData("data", "DataStorage:blobServiceUri=https://data.blob.core.windows.net", "DataStorage:queueServiceUri=https://data.queue.core.windows.net", "DataStorage:credential=managedidentity", "DataStorage:clientId=1")]
    public void Data_lie_in_their_own_account_where_one_is_named(string expected, params string[] settings)
    {
        var account = StorageAccount.FromConfiguration(Configuration(settings))!;
        Assert.Equal((expected, expected), (account.Blobs.AccountName, account.Queues.AccountName));
    }

    [Theory]
    [InlineData("DataStorage needs both DataStorage__blobServiceUri and DataStorage__queueServiceUri as https addresses, or DataStorage__accountName instead.", "DataStorage:blobServiceUri=https://data.blob.core.windows.net")]
    [InlineData("DataStorage needs both DataStorage__blobServiceUri and DataStorage__queueServiceUri as https addresses, or DataStorage__accountName instead.", "DataStorage:acountName=data", "DataStorage:credential=managedidentity", "AzureWebJobsStorage:accountName=host")]
    [InlineData("AzureWebJobsStorage__credential must be managedidentity, or left out for the identity of whoever runs the app.", "AzureWebJobsStorage:accountName=a", "AzureWebJobsStorage:credential=key")]
    [InlineData("DataStorage is no connection string of a storage account: copy it from the account's access keys, or use DataStorage__accountName.", "DataStorage=AccountName;secret")]
    public void Half_an_account_is_refused_with_what_to_write(string expected, params string[] settings) =>
        Assert.Equal(expected, Assert.Throws<SettingsException>(() => StorageAccount.FromConfiguration(Configuration(settings))).Message);

    private static IConfiguration Configuration(string[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create(s[0], (string?)s[1]))).Build();
}
