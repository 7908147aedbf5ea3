using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions;
using Serverless.Functions.Triggers;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training;
using Serverless.Training.Documents;

namespace Serverless.Tests.Functions;

/// <summary>Pictures by HTTP and as blobs, read by the real graphs.</summary>
public class DocumentsApiTests(AzuriteFixture azurite)
{
    private const string Blob = "incoming/example/A-1/page.png";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Picture_is_read_over_http_and_as_a_blob_and_what_is_none_is_refused()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await using var app = await TestApp.HandlerAsync(connection);
        Assert.Contains("serverless documents register --name default", (await (await PostAsync(app, [1, 2, 3])).ProblemAsync(404)).Detail, StringComparison.Ordinal);
        await RegisterAsync(account);

        var answer = (await (await PostAsync(app, TrialPage.Picture())).Content.ReadFromJsonAsync<PictureAnswer>(Json.Options, Cancel))!;
        Assert.Equal(TrialPage.Lines.Select(l => l.Replace(" ", "", StringComparison.Ordinal)), answer.Lines.Select(l => l.Text.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal("DE89370400440532013000", answer.Fields.Iban?.Normalised);
        Assert.Contains("The file is no picture", Assert.Single((await (await PostAsync(app, [1, 2, 3])).ProblemAsync(400)).Reasons!), StringComparison.Ordinal);
        await (await PostAsync(app, new byte[ReadPicture.MaxBytes + 1])).ProblemAsync(413);
        await (await PostAsync(app, [1], "text/plain")).ProblemAsync(415);
        Assert.Equal([Names.Portfolio.Fault], (await (await PostAsync(app, [1], query: "?portfolio=No%20Such")).ProblemAsync(400)).Reasons);

        var function = app.App.Services.GetServices<Function>().OfType<Function.OnBlob>().Single(f => f.Name == nameof(ReadDocument));
        var first = await DeliverAsync(account, function, TrialPage.Picture());
        Assert.Equal(4, first.Page!.Lines.Count);
        Assert.Equal("DE89370400440532013000", first.Fields!.Iban?.Normalised);
        await function.RunAsync(Blob, first.ETag, Cancel); // delivered again: read once
        Assert.Equal(first.ReadAt, (await ReadingAsync(account))!.ReadAt);
        var broken = await DeliverAsync(account, function, TrialPage.Picture()[..2000]);
        Assert.Null(broken.Page);
        Assert.Contains("cut off", Assert.Single(broken.Reasons), StringComparison.Ordinal);
        await function.RunAsync(Blob, first.ETag, Cancel); // overwritten: the late delivery of the old one changes nothing
        Assert.Equal(broken.ETag, (await ReadingAsync(account))!.ETag);
    }

    private static async Task RegisterAsync(StorageAccount account)
    {
        var folder = ReadingFolder.Installed(AppContext.BaseDirectory);
        Assert.True(folder is not null, ReadingFolder.HowToInstall);
        var reader = Assert.IsType<Outcome<ModelBundle>.Done>(await ReadingFolder.ReadAsync(folder, DocumentIntakeContract(), TimeProvider.System.GetUtcNow(), Cancel)).Value;
        await using var path = new RetrainPath(account);
        Assert.IsType<Outcome<bool>.Done>(await ReadingRegistrations.RegisterAsync(reader, path.Get<ModelRegistry>(), path.Get<ModelChanges>(), "test", Cancel));
    }

    private static ReadingContract DocumentIntakeContract() => new() { Family = ReadingContract.FamilyName, Portfolio = DocumentIntake.DefaultReader, Version = "1" };

    private static async Task<DocumentReading> DeliverAsync(StorageAccount account, Function.OnBlob function, byte[] picture)
    {
        var etag = (await account.Blobs.GetBlobContainerClient("documents").GetBlobClient(Blob).UploadAsync(BinaryData.FromBytes(picture), overwrite: true, Cancel)).Value.ETag;
        await function.RunAsync(Blob, etag.ToString(), Cancel);
        return (await ReadingAsync(account))!;
    }

    private static Task<DocumentReading?> ReadingAsync(StorageAccount account) => new DocumentStore(account).ReadingAsync(new("example", "A-1", "page.png"), Cancel);

    private static async Task<HttpResponseMessage> PostAsync(TestApp app, byte[] body, string type = "image/png", string query = "")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await app.Client.PostAsync("/api/documents" + query, content, Cancel);
    }
}
