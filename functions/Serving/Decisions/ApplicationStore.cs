using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving.Decisions;

/// <summary>The applications with their decisions: container <c>applications</c>, <c>{portfolio}/{applicationId}.json</c>, each written once.</summary>
public sealed class ApplicationStore(StorageAccount account)
{
    private readonly BlobContainerClient _applications = account.Blobs.GetBlobContainerClient("applications");

    /// <summary>Reads an application; null when there is none.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<ApplicationRecord?> FindAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        try
        {
            var blob = await Blob(portfolio, applicationId).DownloadContentAsync(cancel);
            return blob.Value.Content.ToObjectFromJson<ApplicationRecord>(Json.Options);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Stores an application if it is not there yet, in one request.</summary>
    /// <returns>False when it is there already, whatever its content.</returns>
    public async Task<bool> CreateAsync(ApplicationRecord application, CancellationToken cancel)
    {
        try
        {
            var once = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            };
            var content = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(application, Json.Options));
            await Blob(application.Decision.Portfolio, application.Decision.ApplicationId).UploadAsync(content, once, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            return false;
        }
    }

    private BlobClient Blob(string portfolio, string applicationId) =>
        _applications.GetBlobClient($"{Names.Portfolio.Check(portfolio)}/{Names.ApplicationId.Check(applicationId)}.json");
}
