using Azure;
using Azure.Identity;

namespace Serverless.Serving;

/// <summary>
/// Whether the app may do in the storage what it has to: says in plain words which container, queue or role is missing, before the
/// first message fails on it. Creates what is missing where it may. Nothing is written to find out: what is deleted or changed does not exist.
/// </summary>
/// <param name="account">The account.</param>
/// <param name="needs">What the app does there.</param>
public sealed class StorageCheck(StorageAccount account, IReadOnlyList<StorageNeed> needs)
{
    private const string NoSuchBlob = "there-is-no-such-blob";
    private const string NoSuchMessage = "00000000-0000-0000-0000-000000000000", NoSuchReceipt = "AgAAAAMAAAAAAAAAAAAAAAAAAAA=";

    /// <summary>Everything that is wrong, with what to do; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken cancel)
    {
        var faults = await Task.WhenAll(needs.Select(async need =>
        {
            try
            {
                await (need.IsQueue ? TryQueueAsync(need, cancel) : TryContainerAsync(need, cancel));
                return null;
            }
            catch (Exception error) when (StorageAccount.IsOutage(error))
            {
                return Fault(need, error);
            }
        }));
        return [.. faults.OfType<string>().Distinct()];
    }

    private async Task TryContainerAsync(StorageNeed need, CancellationToken cancel)
    {
        var container = account.Blobs.GetBlobContainerClient(need.Name);
        if (!await container.ExistsAsync(cancel)) await container.CreateIfNotExistsAsync(cancellationToken: cancel);
        if (need.Access != StorageAccess.Read) await container.GetBlobClient(NoSuchBlob).DeleteIfExistsAsync(cancellationToken: cancel);
    }

    // Whether it may send, nothing tells but a message; the role that lets it look comes with the one that lets it send.
    private async Task TryQueueAsync(StorageNeed need, CancellationToken cancel)
    {
        var queue = account.Queues.GetQueueClient(need.Name);
        if (!await queue.ExistsAsync(cancel)) await queue.CreateIfNotExistsAsync(cancellationToken: cancel);
        if (need.Access == StorageAccess.Send) return;
        try
        {
            if (need.Access == StorageAccess.Process) await queue.DeleteMessageAsync(NoSuchMessage, NoSuchReceipt, cancel);
            else await queue.UpdateMessageAsync(NoSuchMessage, NoSuchReceipt, visibilityTimeout: TimeSpan.Zero, cancellationToken: cancel);
        }
        catch (RequestFailedException error) when (error.Status is 400 or 404)
        {
            // It may, and there is no such message.
        }
    }

    private string Fault(StorageNeed need, Exception error) => error switch
    {
        AuthenticationFailedException => $"No token for the storage account can be had by {account.Identity}: {error.Message.Split('\n')[0]}",
        RequestFailedException { ErrorCode: "KeyBasedAuthenticationNotPermitted" } =>
            $"The storage account {account.Blobs.AccountName} takes no keys: use {StorageAccount.DataSetting}__accountName and an identity instead of a connection string.",
        RequestFailedException { Status: 403, ErrorCode: "AuthorizationFailure" } =>
            $"The storage account {account.Blobs.AccountName} refuses the app's network: allow its address or subnet in the account's firewall.",
        RequestFailedException { Status: 401 or 403 } => string.Join(' ',
            $"{What(need)} of storage account {account.Blobs.AccountName} is not there or not open to {account.Identity}:",
            $"assign {string.Join(" and ", need.Roles.Select(r => $"'{r}'"))} on it (infra/ does), and wait some minutes until that holds."),
        RequestFailedException { Status: > 0 and < 500, ErrorCode: var code } => $"{What(need)} of storage account {account.Blobs.AccountName} cannot be used: {code}.",
        _ => $"The storage account {account.Blobs.AccountName} does not answer: check {StorageAccount.DataSetting} (or {StorageAccount.Setting}) and its network.",
    };

    private static string What(StorageNeed need) => need.IsQueue ? $"Queue '{need.Name}'" : $"Container '{need.Name}'";
}
