using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Tests.Cli;
using Serverless.Training;
using Serverless.Training.Documents;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training.Documents;

/// <summary>Drops of pictures through the retrain path, in storage.</summary>
public class DocumentRetrainingTests(AzuriteFixture azurite)
{
    private static readonly DocumentContract Contract = MadePictures.Contract with { Network = new() { Channels = 16, Epochs = 2, Batch = 32 }, Gate = new() { MinRare = 1, MinRows = 10, Tolerance = 1, Confidence = 0, MaxLatencyMs = 10_000, Calibration = new() { MaxEce = 1 } } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Zip_goes_live_then_uploaded_parts_are_compared_with_it_label_by_label_and_a_bad_zip_is_moved_away()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await using var path = new RetrainPath(account);
        Assert.IsType<Outcome<DataContract>.Done>(await path.Get<ContractStore>().ActivateAsync(Json.File<object>(Contract), Cancel));
        var drops = account.Blobs.GetBlobContainerClient("drops");
        await drops.GetBlobClient("documents/shapes/first.zip").UploadAsync(BinaryData.FromBytes(MadePictures.Zip(MadePictures.Shapes(20, 1))), Cancel);
        var first = await path.RunAsync("documents/shapes/first.zip");
        Assert.Equal((RetrainResult.Promoted, 70), (first.Result, first.Rows));

        // A folder of pictures and their labels, as the verb uploads it.
        using var cli = new CliRun(connection);
        var files = new List<string> { await cli.WriteAsync("labels.csv", MadePictures.Csv(MadePictures.Shapes(20, 5000))) };
        foreach (var picture in MadePictures.Shapes(20, 5000))
        {
            files.Add(cli.PathOf(picture.File));
            await File.WriteAllBytesAsync(files[^1], picture.Content, Cancel);
        }

        var uploaded = await cli.DoneAsync(["drops", "upload", .. files, "--family", "documents", "--portfolio", "shapes", "--name", "second"]);
        Assert.Equal(("drops/documents/shapes/second.drop.json", 71), ((string?)uploaded["drop"], (int)uploaded["files"]!));
        var second = await path.RunAsync("documents/shapes/second.drop.json");
        Assert.Equal((RetrainResult.Promoted, ""), (second.Result, string.Join(' ', second.Reasons)));
        var checks = second.Gate!.Checks.Select(c => c.Name).ToList();
        Assert.Contains("accuracy against the champion", checks);
        using var live = (DocumentClassifier)new DocumentFamily().Load(await path.Get<ModelRegistry>().OpenAsync("documents", "shapes", second.Version!, Cancel));
        Assert.Equal(["bars", "cross", "disc"], live.Labels);

        await drops.GetBlobClient("documents/shapes/bad.zip").UploadAsync(BinaryData.FromBytes(MadePictures.Zip([("../x.png", [1])])), Cancel);
        var bad = await path.RunAsync("documents/shapes/bad.zip");
        Assert.Equal(RetrainResult.Rejected, bad.Result);
        Assert.StartsWith("1 files have names that lead out of the archive", Assert.Single(bad.Reasons), StringComparison.Ordinal);
        Assert.True(await account.Blobs.GetBlobContainerClient("rejected").GetBlobClient("documents/shapes/bad.zip").ExistsAsync(Cancel));
    }

    [Fact]
    public async Task Part_that_is_no_file_of_the_family_is_refused_by_its_ending()
    {
        var account = StorageAccount.Open(await azurite.NewConnectionAsync());
        await account.PrepareAsync(Cancel);
        using var cli = new CliRun();
        var drop = new FilesToDrop("documents", "shapes", "x", [new(await cli.WriteAsync("a.gif", "x")), new(await cli.WriteAsync("b.png", "x"))], null, null);
        var refused = await new DropUpload(account).RunAsync(drop, [new DocumentTrainer()], new Progress<TrainingProgress>(), Cancel);
        Assert.Equal(
            ["'a.gif' must end in .zip, .csv, .csv.gz, .parquet, .png, .jpg, .jpeg, .webp, idx3-ubyte, idx1-ubyte, idx3-ubyte.gz, idx1-ubyte.gz, .idx or .idx.gz."],
            Assert.IsType<Outcome<UploadedDrop>.Rejected>(refused).Reasons);
    }
}
